"""What an incarnation printed, by masked line: how often in each 5 seconds, so that dynos can be compared line by line.

A line that comes many times within 5 seconds is one event: ten clients that repeat one failing page are not ten
independent events. Exceptions count by class, message and the place that raised them.

Very many lines are not all looked at. A slot of 5 seconds has a rank: half of all slots have rank 0, a quarter rank 1,
and so on. Slots of low rank are left out until at most MOST_LOOKED_AT lines are looked at. How many are left out
depends on the number of lines in each slot only, so any order and any parts give the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import inf
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.counted import Counted, Renumber, counts, least, parts, starting
from herodyno.diagnosis.counting.raised import STOPPED
from herodyno.dynos import process_type_of
from herodyno.logs.events import AppException, AppOutput
from herodyno.logs.patterns.masks import masked
from herodyno.logs.patterns.templates import Templates, Words

SLOT_SECONDS = 5
MOST_LOOKED_AT = 30_000
# Characters kept of an example. More than is shown, so that a cut secret is not shown as plain text.
LONGEST_EXAMPLE = 400
_MOST_RANK = 20
_SPREAD = 0x9E3779B1
_BLANK = " \t\n\r\v\f"  # what bytes.strip() takes away

Kind: TypeAlias = Literal["line", "exception"]
Span: TypeAlias = tuple[float, float]
IncarnationKey: TypeAlias = tuple[str, int]


class Example(NamedTuple):
    """A line as printed. Of several the one in the slot of the highest rank is kept, then the first."""

    minus_rank: int
    seconds: float
    number: int
    text: str


def is_printed(event: AppException | AppOutput) -> bool:
    """Whether an event is what a process of the app printed. Add-ons print too."""
    return isinstance(event, AppException) or (bool(event.dyno) and event.line.source == "app")


def named_by(event: AppException) -> str:
    """The class and the message of an exception, "" where the log has neither."""
    return f"{event.kind}: {event.message}".strip(": ")


def slot_of(seconds: float) -> int:
    """The slot of a time."""
    return int(seconds // SLOT_SECONDS)


@lru_cache(maxsize=64)  # lines come in order of time, nearly
def rank_of(slot: int) -> int:
    """The rank of a slot: how often the slots that are looked at can be halved before this one is left out.

    Fibonacci hashing spreads the slots of each rank evenly over time.
    """
    return min(32 - (slot * _SPREAD & 0xFFFFFFFF).bit_length(), _MOST_RANK)


def least_rank(lines: Mapping[int, int]) -> int:
    """The least rank of the slots that are looked at. `lines`: rank -> the lines that apps printed in its slots."""
    looked_at, rank = sum(lines.values()), 0
    while looked_at > MOST_LOOKED_AT and rank < _MOST_RANK:
        looked_at -= lines.get(rank, 0)
        rank += 1
    return rank


def example_of(minus_rank: int, seconds: float, number: int, text: str) -> Example:
    """A line as an example, blanks around it left out, not too long."""
    return Example(minus_rank, seconds, number, text.strip(_BLANK)[:LONGEST_EXAMPLE])


def _first_example(mine: Example | None, other: Example | None) -> Example | None:
    return min(filter(None, (mine, other)), default=None)


def _renumbered(example: Example | None, of: Renumber) -> Example | None:
    return example and example._replace(number=of(example.number))


@dataclass(slots=True, eq=False)
class Occurrences(Counted):
    """When lines of one template were printed. `slots`: slot -> lines. `earliest` is None once slots are left out."""

    slots: Counter[int] = counts()
    earliest: float | None = least()
    example: Example | None = starting(None, _first_example, _renumbered)

    @property
    def n(self) -> int:
        """Lines that were looked at."""
        return sum(self.slots.values())

    @property
    def events(self) -> int:
        """Slots in which a line came."""
        return len(self.slots)

    @property
    def first(self) -> float:
        """The time of the first line in seconds since 1970; the beginning of its slot once slots are left out."""
        return float(min(self.slots) * SLOT_SECONDS) if self.earliest is None else self.earliest

    def events_within(self, spans: Iterable[Span]) -> int:
        """Events in slots that begin within spans of time [start, end)."""
        return sum(1 for _ in _within(self.slots, spans))

    def lines_within(self, spans: Iterable[Span]) -> int:
        """Lines in slots that begin within spans of time [start, end)."""
        return sum(self.slots[slot] for slot in _within(self.slots, spans))

    def may_be_first(self, minus_rank: int, begin: float) -> bool:
        """Whether a line of a slot that begins at a time may be the earliest, or the example."""
        earliest, example = self.earliest, self.example
        return earliest is None or example is None or begin <= earliest or (minus_rank, begin) <= example[:2]

    def see(self, seconds: float) -> None:
        """Take in the time of a line."""
        if self.earliest is None or seconds < self.earliest:
            self.earliest = seconds

    def is_example(self, minus_rank: int, seconds: float, number: int) -> bool:
        """Whether a line would be the example."""
        return self.example is None or (minus_rank, seconds, number) < self.example[:3]


def _within(slots: Iterable[int], spans: Iterable[Span]) -> Iterator[int]:
    bounds = sorted(spans)
    ends = list(accumulate((end for _, end in bounds), max))
    for slot in slots:
        at = bisect_right(bounds, (slot * SLOT_SECONDS, inf)) - 1
        if at >= 0 and slot * SLOT_SECONDS < ends[at]:
            yield slot


@dataclass(slots=True, eq=False)
class PrintedFacts(Counted):
    """What one incarnation printed. `lines`: slot -> all its lines that were looked at; a traceback is one."""

    lines: Counter[int] = counts()
    found: dict[tuple[Kind, Words], Occurrences] = parts()

    def at(self, kind: Kind, words: Words, slot: int, lines: int = 1) -> Occurrences:
        """Count lines of a slot, and give the occurrences of their masked words. Their times are to be seen there."""
        self.lines[slot] = self.lines.get(slot, 0) + lines
        found = self.found.get((kind, words))
        if found is None:
            found = self.found[kind, words] = Occurrences()
        found.slots[slot] = found.slots.get(slot, 0) + lines
        return found

    def add(self, kind: Kind, words: Words, seconds: float, number: int, text: str) -> None:
        """Count a line. Blank lines say nothing."""
        if words:
            slot = slot_of(seconds)
            found, minus_rank = self.at(kind, words, slot), -rank_of(slot)
            found.see(seconds)
            if found.is_example(minus_rank, seconds, number):
                found.example = example_of(minus_rank, seconds, number, text)

    def add_event(self, event: AppException | AppOutput) -> None:
        """Count an event, if it is_printed."""
        if not is_printed(event) or event.line.at is None:
            return
        seconds, number = event.line.at.timestamp(), event.line.number
        if isinstance(event, AppException):
            self.add_exceptions([(seconds, event)])
        else:
            self.add("line", masked(event.line.text), seconds, number, event.line.text)

    def add_exceptions(self, raised: Iterable[tuple[float, AppException]]) -> None:
        """Count exceptions, each with its time, but for those of stops."""
        alike: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for seconds, event in raised:
            if event.kind != STOPPED:
                said = named_by(event) or event.line.text
                alike.setdefault((said, event.place), []).append((seconds, event.line.number))
        for (said, place), times in alike.items():
            slots = Counter([slot_of(seconds) for seconds, _ in times])
            highest = max(slots, key=lambda slot: (rank_of(slot), -slot))
            shown = min(each for each in times if slot_of(each[0]) == highest)
            if words := _of_exception(said, place):
                for slot, lines in slots.items():
                    found = self.at("exception", words, slot, lines)
                found.see(min(times)[0])
                if found.is_example(-rank_of(highest), *shown):
                    found.example = example_of(-rank_of(highest), *shown, said)

    def lines_within(self, spans: Iterable[Span]) -> int:
        """All lines in slots that begin within spans of time [start, end)."""
        return sum(self.lines[slot] for slot in _within(self.lines, spans))

    def leave_out(self, rank: int) -> None:
        """Leave out the slots below a rank."""
        if not rank:
            return
        _keep(self.lines, rank)
        for shape, found in list(self.found.items()):
            found.earliest = None
            _keep(found.slots, rank)
            if not found.slots:
                del self.found[shape]


@lru_cache(maxsize=64)  # the same exception comes again and again
def _of_exception(said: str, place: str) -> Words:
    return (*masked(said), *masked(place))


def _keep(slots: Counter[int], rank: int) -> None:
    lowest = 1 << 32 - rank  # as rank_of has it, for a hundred thousand slots
    for slot in [slot for slot in slots if slot * _SPREAD & 0xFFFFFFFF >= lowest]:
        slots.pop(slot)  # "del" is slow for a Counter


class Joined(NamedTuple):
    """One template over several incarnations of a process type. `of` has those that printed it."""

    template: str
    kind: Kind
    process_type: str
    of: Mapping[IncarnationKey, Occurrences]


class _Printers:
    """Who printed a template."""

    def __init__(self) -> None:
        self.of: dict[IncarnationKey, Occurrences] = {}

    def update(self, other: _Printers) -> None:
        for key, found in other.of.items():
            self.add(key, found)

    def add(self, key: IncarnationKey, found: Occurrences) -> None:
        self.of.setdefault(key, Occurrences()).update(found)


def joined(lives: Mapping[IncarnationKey, PrintedFacts]) -> list[Joined]:
    """The templates of all lines that these incarnations printed, in the order of their text."""
    tables: dict[tuple[str, Kind], Templates[_Printers]] = {}
    for key, printed in lives.items():
        for (kind, words), found in printed.found.items():
            table = tables.setdefault((process_type_of(key[0]), kind), Templates(_Printers))
            table.at(words).add(key, found)
    return sorted(
        (
            Joined(" ".join(words), kind, process_type, printers.of)
            for (process_type, kind), table in tables.items()
            for words, printers in table
        ),
        key=lambda each: each[:3],
    )
