"""What a type used is of all its dynos: a long run weighs as much as it lasted, though few of its samples are kept."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.used import use_of

HOUR = 3600.0


def facts(*samples: tuple[float, float], loads: tuple[tuple[float, float], ...] = ()) -> IncarnationFacts:
    found = IncarnationFacts()
    for seconds, total in samples:
        found.memory.add_sample(seconds, total, 0.0, 512.0, None)
    found.load.add([at for at, _ in loads], [load for _, load in loads])
    return found


def test_without_a_memory_sample_nothing_is_known() -> None:
    assert use_of("web", [facts(loads=((1.0, 0.5),))]) is None


def test_the_percentile_is_of_all_dynos_and_hours_are_counted_once() -> None:
    low = facts(*((n * HOUR, 100.0) for n in range(19)))
    use = use_of("web", [low, facts((5 * HOUR, 900.0))])
    assert use is not None
    assert (use.memory_mb, use.samples, use.hours, use.load, use.quota_mb) == (100.0, 20, 19, None, 512.0)
    more = use_of("web", [low, facts((5 * HOUR, 900.0), (5 * HOUR + 60, 901.0))])
    assert more is not None
    assert more.memory_mb == 900.0


def test_a_thinned_run_weighs_as_much_as_it_lasted() -> None:
    long = facts(*((n * 20.0, 300.0) for n in range(4000)))
    short = facts(*((n * 20.0, 600.0) for n in range(200)))
    assert len(list(long.memory.samples)) < 2000
    use = use_of("web", [long, short])
    assert use is not None
    assert (use.memory_mb, use.samples) == (300.0, 4200)  # the short run is 4.8 % of what was measured


def test_the_load_is_too_high_rather_than_too_low() -> None:
    loads = tuple((n * 60.0, 0.2) for n in range(50))
    use = use_of("web", [facts((1.0, 100.0), loads=(*loads, (60.5, 3.0)))])
    assert use is not None
    assert use.load == pytest.approx(0.2)
    use = use_of("web", [facts((1.0, 100.0), loads=((1.0, 0.2), (2.0, 3.0), (3.0, 0.1)))])
    assert use is not None
    assert use.load == 3.0
