"""Lines with colour for a terminal: the only door to rich, which is handed Text and never markup."""

from __future__ import annotations

from rich.color import ColorSystem
from rich.style import Style
from rich.text import Text

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
    return "".join(
        Style.parse(STYLES[span.role] or "none").render(Text(span.text).plain, color_system=ColorSystem.STANDARD)
        for span in line
    )
