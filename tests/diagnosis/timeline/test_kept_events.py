"""Boundary lines that are packed come out as they were added."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from herodyno.diagnosis.timeline.kept_events import KeptEvents
from herodyno.logs.events import LogLine, StateChange

SIZES = [0, 1, 255, 256, 257, 1000]


def ups(first: int, n: int) -> list[StateChange]:
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    return [
        StateChange(
            LogLine(begin + timedelta(seconds=at), "heroku", "", "", f"line {at} \udcff of é", at),
            f"web.{at % 7}",
            "starting",
            "up",
        )
        for at in range(first, first + n)
    ]


def kept(events: list[StateChange]) -> KeptEvents:
    found = KeptEvents()
    for event in events:
        found.append(event)
    return found


@pytest.mark.parametrize("n", SIZES)
def test_events_come_out_in_the_order_in_which_they_were_added(n: int) -> None:
    assert list(kept(ups(1, n))) == list(kept(ups(1, n))) == ups(1, n)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("more", SIZES)
def test_those_of_a_second_part_come_behind_those_of_the_first(n: int, more: int) -> None:
    both = kept(ups(1, n))
    both += kept(ups(n + 1, more))

    assert list(both) == ups(1, n + more)
    assert len(both) == n + more


@pytest.mark.parametrize("n", SIZES)
def test_each_line_gets_another_number(n: int) -> None:
    found = kept(ups(1, n)).renumbered(lambda number: number + 50)

    assert [event.line.number for event in found] == [number + 50 for number in range(1, n + 1)]
    assert [event.line.raw for event in found] == [event.line.raw for event in ups(1, n)]


def test_hardly_any_event_of_a_long_log_is_held_as_an_object() -> None:
    found = kept(ups(1, 10_000))

    assert len(found._last) < 256
    assert sum(map(len, found._packed)) < 40 * 10_000
