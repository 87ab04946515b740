"""What a type used is of all its dynos: a long run weighs as much as it lasted, though few of its samples are kept."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.used import TypeUse, covered
from herodyno.diagnosis.used import use_of as use_of_named

HOUR = 3600.0


def facts(*samples: tuple[float, float], loads: tuple[tuple[float, float], ...] = ()) -> IncarnationFacts:
    found = IncarnationFacts()
    for seconds, total in samples:
        found.memory.add_sample(seconds, total, 0.0, 512.0, None)
    found.load.add([at for at, _ in loads], [load for _, load in loads])
    return found


def use_of(type_name: str, dynos: list[IncarnationFacts]) -> TypeUse | None:
    return use_of_named(type_name, [(f"{type_name}.{n}", each) for n, each in enumerate(dynos, 1)])


def test_without_a_memory_sample_nothing_is_known() -> None:
    assert use_of("web", [facts(loads=((1.0, 0.5),))]) is None


def test_the_percentile_is_of_all_dynos() -> None:
    low = facts(*((n * HOUR, 100.0) for n in range(19)))
    use = use_of("web", [low, facts((5 * HOUR, 900.0))])
    assert use is not None
    assert (use.memory_mb, use.samples, use.load, use.quota_mb) == (100.0, 20, None, 512.0)
    assert (use.most_mb, use.over_quota) == (900.0, 0)
    more = use_of("web", [low, facts((5 * HOUR, 900.0), (5 * HOUR + 60, 901.0))])
    assert more is not None
    assert more.memory_mb == 900.0


@pytest.mark.parametrize(
    ("dynos", "minutes"),
    [
        ({"web.1": [(0, 1440)]}, 1440),
        # A lonely sample is of no hour, nor are those of many dynos.
        ({f"web.{n}": [(60 * h + n, 60 * h + n) for h in range(25)] for n in range(10)}, 0),
        ({"web.1": [(0, 300), (305, 600)]}, 600),
        ({"web.1": [(305, 600), (0, 300)]}, 600),
        ({"web.1": [(0, 300), (306, 600)]}, 594),
        ({"web.1": [(0, 300)], "web.2": [(200, 600)], "web.3": [(210, 220)]}, 600),
        ({}, 0),
    ],
)
def test_what_is_measured_is_time_and_not_hours_of_the_clock(
    dynos: dict[str, list[tuple[int, int]]], minutes: int
) -> None:
    told = {name: [(first * 60.0, last * 60.0) for first, last in spans] for name, spans in dynos.items()}
    assert covered(told) == minutes * 60


def test_a_restart_is_no_gap_and_a_thinned_run_is_measured_to_its_end() -> None:
    first, second = (facts(*((at + n * 20.0, 300.0) for n in range(2500))) for at in (0.0, 50_080.0))
    use = use_of_named("web", [("web.1", second), ("web.1", first)])
    assert use is not None
    assert use.seconds == 50_080 + 49_980


def test_what_exceeded_the_quota_is_counted() -> None:
    over = facts((0.0, 600.0))
    over.memory.add_r14([1.0, 2.0])
    over.memory.r15 += 1
    use = use_of("web", [over, facts((0.0, 100.0))])
    assert use is not None
    assert (use.most_mb, use.over_quota) == (600.0, 3)


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
