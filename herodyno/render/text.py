"""Lines of spans and tables of columns: a view before it is known whether a terminal or a pipe shows it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

from herodyno.render.clean import clean

Row = TypeVar("Row")
Role: TypeAlias = Literal["", "heading", "critical", "warning", "good", "quiet"]


class Span(NamedTuple):
    """A piece of a line and what it means; a terminal may colour it, a pipe shows the text alone."""

    text: str
    role: Role = ""


Line: TypeAlias = tuple[Span, ...]


class Column(NamedTuple):
    """One column: its heading, whether numbers stand to the right, and what a narrow terminal may do to it.

    `optional` columns are left out, the last first; then a column that `shrinks` is cut.
    """

    heading: str
    right: bool = False
    shrinks: bool = False
    optional: bool = False


class Table(NamedTuple):
    """Columns and rows of spans. Cells may hold foreign text: the layout cleans every one."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Span, ...], ...]

    def lines(self, width: int | None) -> list[Line]:
        """Aligned lines, the heading first; where `width` is given, no wider than that if columns give way."""
        head = tuple(Span(column.heading, "heading") for column in self.columns)
        rows = [head, *map(cleaned, self.rows)]
        widths = [max(cell_width(row[i].text) for row in rows) for i in range(len(self.columns))]
        kept = list(range(len(widths)))

        def too_wide() -> int:
            return 0 if width is None else sum(widths[i] for i in kept) + 2 * (len(kept) - 1) - width

        for i in reversed(range(len(widths))):
            if self.columns[i].optional and too_wide() > 0:
                kept.remove(i)
        for i in kept:
            if self.columns[i].shrinks and too_wide() > 0:
                widths[i] = max(len(self.columns[i].heading), widths[i] - too_wide())
        columns = [self.columns[i] for i in kept]
        return [_row([row[i] for i in kept], columns, [widths[i] for i in kept]) for row in rows]


class Field(NamedTuple, Generic[Row]):
    """A column of a noun and what a row shows in it. The noun's tables choose among its fields."""

    column: Column
    cell: Callable[[Row], Span]


def table(fields: Iterable[Field[Row]], rows: Iterable[Row]) -> Table:
    """The table of these fields, one line per row."""
    fields = tuple(fields)
    return Table(
        columns=tuple(field.column for field in fields),
        rows=tuple(tuple(field.cell(row) for field in fields) for row in rows),
    )


# Our own signs, for a stdout that carries ASCII only; each gives way to one character, so columns stay.
ASCII = str.maketrans({"·": "-", "…": "~", "×": "x", "–": "-", "≥": ">", "≤": "<"})

Block: TypeAlias = Table | Sequence[Line]


def line(text: str = "", role: Role = "") -> Line:
    """One line of one span."""
    return (Span(text, role),)


def cleaned(line: Line) -> Line:
    """The line with every foreign character made harmless."""
    return tuple([span if (text := clean(span.text)) is span.text else Span(text, span.role) for span in line])


def plain(line: Line) -> str:
    """The line without its roles and without blanks at its end."""
    return "".join(span.text for span in line).rstrip()


def lay_out(blocks: Iterable[Block], width: int | None) -> list[Line]:
    """All blocks as lines, an empty line between two."""
    lines: list[Line] = []
    for block in blocks:
        if lines:
            lines.append(line())
        lines += block.lines(width) if isinstance(block, Table) else block
    return lines


def cell_width(text: str) -> int:
    """How many columns a terminal gives the text: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns, "…" where something is missing."""
    if cell_width(text) <= width:
        return text
    while text and cell_width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _row(cells: Sequence[Span], columns: Sequence[Column], widths: Sequence[int]) -> Line:
    spans: list[Span] = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        text = cell.text
        if (gap := width - cell_width(text)) < 0:
            text = cut(text, width)
            gap = width - cell_width(text)
        padded = " " * gap + text if column.right else text + " " * gap
        spans.append(Span("  " + padded if spans else padded, cell.role))
    return tuple(spans)
