"""Lines with colour for a terminal: the escape codes of each role."""

from __future__ import annotations

from herodyno.render.text import Line, Role

# SGR parameters (ECMA-48) of the 16 standard colours, which every palette shows readably.
# Colour repeats what a word or a symbol already says.
STYLES: dict[Role, str] = {
    "": "",
    "heading": "1",  # bold
    "critical": "1;31",  # bold red
    "warning": "33",  # yellow
    "good": "32",  # green
    "quiet": "2",  # dim
}


def colored(line: Line) -> str:
    """The line with the escape codes of its roles."""
    return "".join(
        f"\x1b[{sgr}m{span.text}\x1b[0m" if span.text and (sgr := STYLES[span.role]) else span.text for span in line
    )
