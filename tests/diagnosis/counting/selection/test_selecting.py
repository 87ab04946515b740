"""What of each block counts, and that the pass which selects reads each line once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.counting.selection.selecting import Selecting
from herodyno.diagnosis.scope import Scope
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan.blocks import Batch, Blocks, line_blocks
from tests.diagnosis.oracle import chosen, facts_by_events, seen_in
from tests.diagnosis.plain_values import plain
from tests.diagnosis.reading import NOON, request, sample, stamp

YEAR = 2026
AN_ID = "8c1d7a55-0000-4000-8000-000000000001"


def traffic(seconds: int) -> list[str]:
    """A request, a sample and lines of web.1 and worker.1 in each second."""
    return [
        line
        for at in range(seconds)
        for line in (
            request(at, "web.1"),
            request(at + 0.1, "worker.1", code="H12", status=503),
            sample(at + 0.2, "worker.1", AN_ID, 100.0),
            f"{stamp(at + 0.3)} app[worker.1]: done {at}\n",
            f"{stamp(at + 0.4)} app[web.1]: served {at}\n",
        )
    ]


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Reading:
    """A log in blocks of so many lines, which counts how many lines are read."""

    def __init__(self, lines: list[str], in_block: int) -> None:
        self.lines_read = 0
        self._blocks = ["".join(lines[at : at + in_block]).encode() for at in range(0, len(lines), in_block)]

    def part(self, begin: int | None = None, end: int | None = None) -> Blocks:
        return partial(self._read, begin, end)

    def _read(self, begin: int | None, end: int | None) -> Iterator[Batch]:
        for block in line_blocks(self._blocks[begin:end]):
            self.lines_read += block.count(b"\n")
            yield block


SCOPES = [
    Scope(start=after(31.15)),
    Scope(end=after(31.15)),
    Scope(start=after(20), end=after(20.25)),
    Scope(start=after(500)),
    Scope(types=frozenset({"worker"})),
    Scope(types=frozenset({"nothing"})),
    Scope(start=after(10.1), end=after(40), types=frozenset({"web"})),
]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("in_parts", [False, True])
def test_a_selection_that_was_expected_is_counted_in_one_reading(scope: Scope, in_parts: bool) -> None:
    lines = traffic(60)
    reading = Reading(lines, 7)
    parts = [reading.part(None, 20), reading.part(20, None)] if in_parts else []
    log = Log(logs=[reading.part()], year=YEAR, parts=parts, spread=map)
    events = list(read_events(["".join(lines).encode()], year=YEAR))
    counted = OnePass(log, scope)
    times = timeline(counted.boundaries, None, ())

    facts = counted.facts(times, scope)

    assert reading.lines_read == len(lines)
    assert plain(counted.boundaries.names) == plain(seen_in(events).names)
    assert plain(facts) == plain(facts_by_events(list(chosen(events, scope)), times))


def test_another_selection_than_expected_is_counted_in_two_readings_by_all_parts() -> None:
    lines = traffic(60)
    reading = Reading(lines, 7)
    log = Log(logs=[], year=YEAR, parts=[reading.part(None, 20), reading.part(20, None)], spread=map)
    counted = OnePass(log, SCOPES[0])
    times = timeline(counted.boundaries, None, ())

    facts = counted.facts(times, SCOPES[1])

    events = list(read_events(["".join(lines).encode()], year=YEAR))
    assert reading.lines_read == 2 * len(lines)
    assert plain(facts) == plain(facts_by_events(list(chosen(events, SCOPES[1])), times))


def test_a_line_without_a_time_at_a_bound_counts_as_the_line_before_does() -> None:
    lines = traffic(60)
    for place in (40, 101, 102, 250):
        lines[place] = "no line of a log\n"
    events = list(read_events(["".join(lines).encode()], year=YEAR))
    for scope in SCOPES[:3]:
        for in_block in (1, 7, 300):
            counted = OnePass(Log(logs=[Reading(lines, in_block).part()], year=YEAR), scope)
            times = timeline(counted.boundaries, None, ())
            facts = counted.facts(times, scope)
            assert plain(facts) == plain(facts_by_events(list(chosen(events, scope)), times))


def test_it_is_not_clear_whether_a_line_without_a_time_counts_where_the_line_before_is_in_another_part() -> None:
    (event,) = read_events([b"no line of a log\n"], year=YEAR)
    scope = Scope(start=after(0))
    first, later, of_types = (
        Selecting(scope, goes_on=False),
        Selecting(scope, goes_on=True),
        Selecting(Scope(types=frozenset({"web"})), goes_on=True),
    )
    found = [list(each.events([event], float("inf"), float("-inf"))) for each in (first, later, of_types)]
    assert found == [[False], [False], [True]]
    assert [first.is_clear, later.is_clear, of_types.is_clear] == [True, False, True]


def test_a_bound_is_exact_to_the_microsecond_in_any_zone() -> None:
    lines = traffic(3)
    events = list(read_events(["".join(lines).encode()], year=YEAR))
    at = [event.line.at for event in events if event.line.at]
    for bound in at:
        for scope in (Scope(start=bound), Scope(end=bound), Scope(start=bound + timedelta(microseconds=1))):
            assert scope.start is None or scope.start.tzinfo is UTC
            counted = OnePass(Log(logs=[Reading(lines, 100).part()], year=YEAR), scope)
            facts = counted.facts(timeline(counted.boundaries, None, ()), scope)
            assert facts.lines == sum(map(scope.holds, at))
