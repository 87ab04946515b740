"""A frame: lines redrawn in the place of the lines before, each time in one write.

The cursor stays visible and the screen stays the usual one: a process that is killed has nothing to give back, and the
last frame can still be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

from herodyno.render.text import Line, Span, cell_width, cut, line

_ERASE_BELOW = "\x1b[J"
_ERASE_ALL = "\x1b[H\x1b[2J"
# Terminals that know it show the whole between the two marks at once. The others ignore it.
_TOGETHER = "\x1b[?2026h", "\x1b[?2026l"


class Frame:
    """The frame on one terminal, whose last line is free for the cursor."""

    def __init__(self) -> None:
        self._text = ""
        self._height = 0
        self._size = (0, 0)
        self.lock = RLock()  # a thread may say something while another draws

    def drawn(self, texts: Sequence[str], size: tuple[int, int]) -> str:
        """The bytes that put these lines in the place of the lines before. `size` is (columns, lines)."""
        resized = self._height and size != self._size
        start = _ERASE_ALL if resized else self.erased()
        self._text, self._height, self._size = "".join(f"{text}\n" for text in texts), len(texts), size
        return f"{_TOGETHER[0]}{start}{self._text}{_TOGETHER[1]}"

    def erased(self) -> str:
        """The bytes that take the frame away; the cursor stands where the frame began."""
        return f"\r\x1b[{self._height}A{_ERASE_BELOW}" if self._height else ""

    def again(self) -> str:
        """The frame as it was, below what was said."""
        return self._text


def fitted(lines: Sequence[Line], columns: int, rows: int) -> list[Line]:
    """The lines as a terminal of so many columns folds them. Too many for the rows: the last row counts the missing."""
    shown = [piece for each in lines for piece in _folded(each, columns)]
    if len(shown) > rows:
        left = len(shown) - rows + 1
        shown[rows - 1 :] = [line(cut(f"… {left} more lines: a taller window shows them", columns), "quiet")]
    return shown


def _folded(whole: Line, columns: int) -> list[Line]:
    if sum(cell_width(span.text) for span in whole) <= columns:
        return [whole]
    pieces: list[list[Span]] = [[]]
    left = columns
    for span in whole:
        text = ""
        for character in span.text:
            if (width := cell_width(character)) > left:
                pieces[-1].append(Span(text, span.role))
                pieces.append([])
                text, left = "", columns
            text += character
            left -= width
        pieces[-1].append(Span(text, span.role))
    return [tuple(piece) for piece in pieces]
