"""Lines drawn in the cells of text: eight dots of braille in a cell, or a letter."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from herodyno.render.pictures.signs import Signs

_BRAILLE = 0x2800
# The bit of each dot: column, then row from the top.
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class Canvas:
    """`width` by `height` cells. A point (x, y) has x from 0 to 1 to the right and y from 0 to 1 to the top."""

    def __init__(self, width: int, height: int, signs: Signs) -> None:
        self.width, self.height, self._signs = width, height, signs
        self._across, self._up = (2, 4) if signs.braille else (1, 1)
        self._dots: dict[tuple[int, int], int] = {}
        self._letters: dict[tuple[int, int], str] = {}

    def polyline(self, points: Iterable[tuple[float, float]], glyph: str, *, is_named: bool) -> None:
        """Draw a line through points in order of x. In ASCII its letter draws it, in braille the letter is its name."""
        dots = [self._dot(x, y) for x, y in points]
        if not dots:
            return
        for x, y in [dots[0], *(dot for pair in pairwise(dots) for dot in _between(*pair))]:
            self._put(x, y, glyph)
        if self._signs.braille and is_named:
            self._name(dots[-1], glyph)

    def level(self, y: float) -> int:
        """The row, from the top, of a height of 0 to 1."""
        return self.height - 1 - self._dot(0, y)[1] // self._up

    def row(self, number: int, *, ground: str = " ", borders: Iterable[int] = ()) -> str:
        """The text of a row from the top. `ground` fills cells where nothing is drawn; borders cross it."""
        crossed = set(borders)
        return "".join(
            self._letters.get((column, number))
            or (chr(_BRAILLE + dots) if (dots := self._dots.get((column, number), 0)) else "")
            or (self._signs.border if column in crossed else ground)
            for column in range(self.width)
        )

    def _dot(self, x: float, y: float) -> tuple[int, int]:
        across, up = self.width * self._across, self.height * self._up
        return min(across - 1, max(0, int(x * across))), min(up - 1, max(0, round(y * (up - 1))))

    def _put(self, x: int, y: int, glyph: str) -> None:
        cell = (x // self._across, self.height - 1 - y // self._up)
        if self._signs.braille:
            self._dots[cell] = self._dots.get(cell, 0) | _BITS[x % 2][3 - y % 4]
        else:
            self._letters.setdefault(cell, glyph)

    def _name(self, end: tuple[int, int], glyph: str) -> None:
        """The letter behind the line's end, or in its last cell at the right edge."""
        column, row = end[0] // self._across, self.height - 1 - end[1] // self._up
        self._letters.setdefault((min(column + 1, self.width - 1), row), glyph)


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots from one to another, the first left out. A steep line has every dot of its height."""
    (x, y), (to_x, to_y) = start, end
    steps = max(abs(to_x - x), abs(to_y - y))
    return [(x + round((to_x - x) * i / steps), y + round((to_y - y) * i / steps)) for i in range(1, steps + 1)]
