"""Lines with colour for a terminal: the only door to rich, which is asked for escapes and never sees the text."""

from __future__ import annotations

import functools

from rich.color import ColorSystem
from rich.style import Style

from herodyno.render.text import Line, Role

# Colour repeats what a word or a symbol already says.
STYLES: dict[Role, str] = {
    "": "",
    "heading": "bold",
    "critical": "bold red",
    "warning": "yellow",
    "good": "green",
    "quiet": "dim",
}


def colored(line: Line) -> str:
    """The line with the escapes of the 16 standard colours, which every palette shows readably."""
    return "".join(_marks(span.role)[0] + span.text + _marks(span.role)[1] if span.text else "" for span in line)


@functools.cache
def _marks(role: Role) -> tuple[str, str]:
    """What stands before and behind text of the role: asked of rich once, not for each of ten thousand cells."""
    style = Style.parse(STYLES[role] or "none")
    before, _, behind = style.render("x", color_system=ColorSystem.STANDARD).partition("x")
    return before, behind
