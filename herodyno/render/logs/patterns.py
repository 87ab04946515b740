"""`logs --patterns`: patterns as a table, and what changed at a moment as another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.pattern_changes import CHANCE, FEWEST_BURSTS, LEAST_TIMES, Changes, Judged
from herodyno.dynos import natural_order
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.patterns.log_patterns import Pattern
from herodyno.logs.patterns.pattern_counts import SLOT_SECONDS, CellClock
from herodyno.render.clean import clean
from herodyno.render.pictures.rows import sparkline
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import time_cells
from herodyno.render.text import Block, Column, Line, Role, Span, Table, cut, line
from herodyno.units import clock, count, data_size, percent, share, spoken_duration, zone_name

By: TypeAlias = Literal["lines", "bytes"]
USUAL_PATTERNS = 20  # shown without -n
_CELLS = 16
_NARROWEST, _OTHER_COLUMNS = 32, 66
_MOST_DYNOS = 10  # rows of the bill by dyno
_ROLES: dict[str, Role] = {"new": "critical", "more": "warning", "gone": "good", "less": "good"}


class Counted(NamedTuple):
    """All that was counted: the patterns, greatest first, and the totals.

    `first` and `last` are times of the lines counted. `seconds` is the length of the log that they were selected from.
    """

    patterns: Sequence[Pattern]
    lines: int
    bytes: int
    clock: CellClock
    first: datetime | None
    last: datetime | None
    seconds: float
    by: By = "lines"

    def part(self, pattern: Pattern) -> float:
        """What a pattern has of the lines, or of the bytes."""
        return float(pattern.counts.bytes if self.by == "bytes" else pattern.counts.lines)

    @property
    def whole(self) -> int:
        """All lines, or all bytes."""
        return self.bytes if self.by == "bytes" else self.lines


class Look(NamedTuple):
    """How patterns are shown: `most` of them, with an example below each if `long`; without `signs` no pictures.

    A terminal has a `width`: templates are cut so that the columns of a picture and of the dynos have room.
    """

    now: datetime
    zone: tzinfo
    most: int
    long: bool
    signs: Signs | None
    width: int | None = None

    def fitted(self, template: str) -> str:
        """A template in the room that it has."""
        if self.width is None or self.long:
            return template
        return cut(clean(template), max(_NARROWEST, self.width - _OTHER_COLUMNS))

    def time(self, at: datetime | None) -> str:
        """A time for a table."""
        return "-" if at is None else clock(at, self.zone, today=self.now)


def sorted_patterns(patterns: Sequence[Pattern], by: By) -> list[Pattern]:
    """The patterns, greatest first."""

    def order(it: Pattern) -> tuple[int, str, str]:
        return -(it.counts.bytes if by == "bytes" else it.counts.lines), it.who, it.template

    return sorted(patterns, key=order)


def pattern_blocks(counted: Counted, look: Look) -> Iterator[Block]:
    """The greatest patterns, the rest in one line, and for bytes the bill by dyno."""
    shown = counted.patterns[: look.most]
    if not shown:
        return
    columns = [
        Column("lines", right=True), *([Column("bytes", right=True)] if counted.by == "bytes" else []),
        Column("share", right=True), Column("dynos"), *([Column("over time", optional=True)] if look.signs else []),
        Column("first", optional=True), Column("last", optional=True),
        Column("of"), Column("pattern", shrinks=True),
    ]  # fmt: skip
    rows = []
    for it in shown:
        cells = [count(it.counts.lines)]
        cells += [data_size(it.counts.bytes)] if counted.by == "bytes" else []
        cells += [percent(counted.part(it) / max(1, counted.whole)), dynos_shown(it)]
        cells += [_trend(it, counted.clock, look.signs)] if look.signs else []
        cells += [look.time(it.counts.first and it.counts.first.at), look.time(it.counts.last)]
        rows.append(tuple(map(Span, (*cells, it.who, look.fitted(_told(it))))))
    yield from _with_examples(Table(tuple(columns), tuple(rows)), shown, look)
    if rest := counted.patterns[look.most :]:
        part = percent(sum(map(counted.part, rest)) / max(1, counted.whole))
        yield [line(f"and {count(len(rest), 'more pattern')}, {part} of the {counted.by}", "quiet")]
    if counted.by == "bytes":
        yield from _bill(counted)


def _bill(counted: Counted) -> Iterator[Block]:
    """Bytes by dyno, and what they come to in a day."""
    by_dyno: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    loudest: dict[str, tuple[int, Pattern]] = {}
    for it in counted.patterns:
        for dyno, (n, size) in it.counts.dynos.items():
            by_dyno[dyno] += size
            lines[dyno] += n
            loudest[dyno] = max(loudest.get(dyno, (0, it)), (size, it), key=lambda pair: pair[0])
    columns = (Column("dyno"), Column("lines", right=True), Column("bytes", right=True), Column("share", right=True),
               Column("most of it", shrinks=True))  # fmt: skip
    rows = [
        tuple(map(Span, (dyno or "-", count(lines[dyno]), data_size(size), share(size, counted.bytes),
                         f"{share(loudest[dyno][0], size)} {loudest[dyno][1].who} {_told(loudest[dyno][1])}")))
        for dyno, size in sorted(by_dyno.items(), key=lambda each: (-each[1], natural_order(each[0])))[:_MOST_DYNOS]
    ]  # fmt: skip
    yield Table(columns, tuple(rows))
    more = len(by_dyno) - len(rows)
    told = [f"and {count(more, 'more dyno')}"] if more else []
    told.append(f"{data_size(counted.bytes)} in {count(counted.lines, 'line')}")
    if counted.seconds >= 60:
        a_day = data_size(counted.bytes / counted.seconds * 86400)
        told.append(f"in {spoken_duration(counted.seconds)}: at this pace {a_day} a day")
    yield [line("; ".join(told[:-1]) + f" {told[-1]}" if counted.seconds >= 60 else "; ".join(told), "quiet")]


def change_blocks(changes: Changes, moment: str, at: datetime, look: Look) -> Iterator[Block]:
    """What changed at a moment. `moment` names it: "release v42", or ""."""
    before, after = changes.sides
    named = f"{moment}, " if moment else ""
    entries = count(changes.entries[1], "entry", "entries")
    asked = (
        f"The router, and what it sends requests to, per 1,000 requests ({count(before.requests)} before, "
        f"{count(after.requests)} after); the others per minute."
        if changes.by_requests
        else "All per minute."
    )
    yield [
        line(f"Since {named}{look.time(at)} {zone_name(at, look.zone)}: {entries} in {spoken_duration(after.seconds)}; "
             f"before: {count(changes.entries[0])} in {spoken_duration(before.seconds)}"),
        line(asked, "quiet"),
    ]  # fmt: skip
    if shown := changes.changed[: look.most]:
        columns = (Column(""), Column("before", right=True), Column("after", right=True), Column("times", right=True),
                   Column("dynos", optional=True), Column("first", optional=True), Column("per", optional=True),
                   Column("of"), Column("pattern", shrinks=True))  # fmt: skip
        yield from _with_examples(
            Table(columns, tuple(_change_row(it, look) for it in shown)), [it.pattern for it in shown], look
        )
    yield list(_remarks(changes, len(shown)))


def _change_row(it: Judged, look: Look) -> tuple[Span, ...]:
    counts = it.pattern.counts
    times = it.times
    return (
        Span((it.change or "").upper(), _ROLES.get(it.change or "", "")),
        *map(Span, (
            count(it.entries[0]), count(it.entries[1]),
            f"{times:,.0f}x" if times and times >= 10 else f"{times:.1f}x" if times else "-",
            dynos_shown(it.pattern), look.time(counts.first and counts.first.at), it.unit, it.pattern.who,
            look.fitted(_told(it.pattern)),
        )),
    )  # fmt: skip


def _remarks(changes: Changes, shown: int) -> Iterator[Line]:
    """What was judged, and how."""
    changed, judged = len(changes.changed), changes.judged
    if changed > shown:
        yield line(f"and {count(changed - shown)} more that changed", "quiet")
    few = len(changes.patterns) - judged
    said = "none" if not changed else count(changed)
    yield line(
        f"{said} of {count(judged, 'pattern')} judged changed: by chance at most {percent(CHANCE)} of such logs would "
        f"show any; less than {LEAST_TIMES:g} times is no change.",
        "quiet",
    )
    if few:
        yield line(
            f"{count(few, 'pattern')} came in fewer than {FEWEST_BURSTS} bursts ({SLOT_SECONDS} s count as one): "
            "not judged.",
            "quiet",
        )


def dynos_shown(pattern: Pattern) -> str:
    """The dynos of a pattern: the only one, the one with half of the lines or more ("web.2 92 % +3"), else how many."""
    dynos = {name: lines for name, (lines, _) in pattern.counts.dynos.items() if is_dyno(name)}
    if not dynos:
        return "-"
    first = max(dynos, key=dynos.__getitem__)
    if len(dynos) == 1:
        return first
    lines = sum(dynos.values())
    if dynos[first] * 2 < lines:
        return f"{len(dynos)} dynos"
    return f"{first} {share(dynos[first], lines)} +{len(dynos) - 1}"


def _told(it: Pattern) -> str:
    return f"{it.template} (exception x{it.counts.entries})" if it.kind == "exception" else it.template


def _trend(it: Pattern, cells: CellClock, signs: Signs) -> str:
    if cells.is_empty:
        return ""
    start, end = cells.earliest * SLOT_SECONDS, cells.latest * SLOT_SECONDS
    shown = time_cells(start, end, most=_CELLS, source=cells.seconds)
    counts = [(float(place * cells.seconds), float(n)) for place, n in it.counts.entries_by_cell(cells.level)]
    sums = shown.sums(counts, (start, end))
    return sparkline(sums, top=max((value or 0.0 for value in sums), default=0.0), signs=signs)


def _with_examples(table: Table, shown: Sequence[Pattern], look: Look) -> Iterator[Block]:
    """The table. With --long, the first line of each pattern follows as it came."""
    yield table
    if look.long:
        yield [line(example_of(it), "quiet") for it in shown]


def example_of(pattern: Pattern) -> str:
    """The first line of a pattern as it came."""
    first = pattern.counts.first
    return first.raw if first else pattern.counts.undated
