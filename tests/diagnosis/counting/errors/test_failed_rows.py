"""What counts many failed requests at once has the outcome of one by one."""

from __future__ import annotations

from random import Random

import pytest

from herodyno.diagnosis.counting import tallies
from herodyno.diagnosis.counting.errors import error_facts, path_bursts
from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.facts import SharedFacts
from herodyno.diagnosis.counting.raised import Beside


def test_what_is_bounded_is_the_same_name_by_name_and_at_once() -> None:
    names = [f"/{Random(i).randrange(1500)}" for i in range(4000)]
    at_once, in_turn = tallies.Tally(), tallies.Tally()
    at_once.add_each(names[:10])
    at_once.add_each(names[10:])
    for name in names:
        in_turn.add(name)
    assert (at_once.counts, at_once.other) == (in_turn.counts, in_turn.other)


def test_the_values_of_failed_requests_are_bounded_and_none_is_lost() -> None:
    shared = SharedFacts()
    for i in range(12):
        shared.add_bad("path", [f"/{Random(1000 * i + j).randrange(90_000)}" for j in range(1000)])
        shared.add_bad("host", {"a.example": 900, "b.example": 100})
    shared.add_bad("client", [])
    assert shared.bad["path"].total == 12_000
    assert len(shared.bad["path"].counts) <= 4 * tallies.MOST_NAMES
    assert list(shared.bad["host"]) == [("a.example", 10_800), ("b.example", 1200)]
    assert "client" not in shared.bad


def test_errors_in_order_of_time_make_the_same_bursts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_bursts, "MOST_PATHS_IN_BURSTS", 5)
    rows = [("H12", "H12", f"/{i % 8}", "192.0.2.1", i * 1.5 + 9 * (i // 10)) for i in range(80)]
    at_once, in_turn = error_facts.ErrorFacts(), error_facts.ErrorFacts()
    at_once.add_all(*zip(*rows, strict=True))
    for row in rows:
        in_turn.add(*row)
    assert at_once.bursts.by_path() == in_turn.bursts.by_path()
    assert at_once.episodes == in_turn.episodes
    assert at_once.episodes["H12"] != Spans()


@pytest.mark.parametrize("apart", [1, 7, 30])
def test_failures_stand_beside_exceptions_the_same_at_once(apart: int) -> None:
    at_once, in_turn = Beside(), Beside()
    seconds = [i * float(apart) for i in range(400)]
    at_once.add_failures(seconds, [at - 30 for at in seconds])
    for at in seconds:
        in_turn.add_failure(at, at - 30)
    assert (at_once.failed, at_once.width, at_once.requests) == (in_turn.failed, in_turn.width, in_turn.requests)
