"""The characters of pictures: block elements and braille, or ASCII where a screen reader or a log reads them.

Colour never tells anything alone: two signs differ in their shape, and the numbers stand beside each picture.
"""

from __future__ import annotations

from typing import NamedTuple


class Signs(NamedTuple):
    """`levels` and `shades` go from the lowest above zero to the top. `requests` and `errors` fill bars.

    `braille`: lines are drawn in dots of braille; else with the letter of their series.
    """

    levels: str
    shades: str
    zero: str
    border: str
    requests: str
    errors: str
    limit: str
    braille: bool


UNICODE = Signs("▁▂▃▄▅▆▇█", "░▒▓█", "·", "|", "░", "█", "┄", True)
ASCII_SIGNS = Signs(":-+*#", ":-+*#", ".", "|", "=", "#", "-", False)
# One letter for each line of a plot.
GLYPHS = "abcdefghijklmnopqrstuvwxyz"
