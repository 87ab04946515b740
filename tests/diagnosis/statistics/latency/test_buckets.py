"""Buckets have the medians of what fell into them, at every width."""

from __future__ import annotations

from random import Random
from statistics import median_low

from herodyno.diagnosis.counting.cells import milliseconds_of, step_of
from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.statistics.latency.buckets import MIN_IN_BUCKET, Buckets
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.timeline.incarnations import Incarnation


def served(name: str, times: list[tuple[float, int]]) -> Subject:
    """A dyno with requests as (seconds, milliseconds)."""
    facts = IncarnationFacts()
    for at, milliseconds in times:
        facts.grid.add(at, error=False, service_ms=milliseconds)
    return Subject(Incarnation(name, 1, None), facts, 0.0, 600.0)


def test_a_bucket_is_full_with_twenty_requests_and_its_median_is_of_them() -> None:
    one = served("web.1", [(float(i), 100) for i in range(MIN_IN_BUCKET)])
    few = served("web.2", [(float(i), 100) for i in range(MIN_IN_BUCKET - 1)])
    buckets = Buckets([one, few])

    full = buckets.full(1)

    assert [list(full[each.incarnation.key]) for each in (one, few)] == [[0.0], []]
    assert buckets.medians(1, one.incarnation.key) == {0.0: milliseconds_of(step_of(100))}
    assert buckets.medians(1, few.incarnation.key) == {}


def test_each_width_has_the_requests_of_two_buckets_of_the_width_before() -> None:
    random = Random(3)
    dynos = [
        served(f"web.{n}", [(random.uniform(0, 600), round(random.lognormvariate(5, 1))) for _ in range(200 * n)])
        for n in range(1, 4)
    ]
    buckets = Buckets(dynos)

    for width in (8, 1, 4, 2):
        for dyno in dynos:
            found: dict[float, list[int]] = {}
            for at, cell in dyno.facts.grid.in_order():
                steps = found.setdefault(at // (30 * width) * 30 * width, [])
                steps += [step for step, n in cell.service.items() for _ in range(n)]
            full = {start: steps for start, steps in found.items() if len(steps) >= MIN_IN_BUCKET}
            assert buckets.full(width)[dyno.incarnation.key] == {start: len(steps) for start, steps in full.items()}
            assert buckets.medians(width, dyno.incarnation.key) == {
                start: milliseconds_of(median_low(steps)) for start, steps in full.items()
            }
        together = buckets.medians_of_all(width)
        assert all(list(medians) == sorted(medians) for medians in together.values())
        assert sum(map(len, together.values())) == sum(map(len, buckets.full(width).values()))


def test_a_dyno_without_a_request_has_no_bucket() -> None:
    buckets = Buckets([served("web.1", [])])

    assert buckets.full(4) == {("web.1", 1): {}}
    assert buckets.medians_of_all(4) == {}


def test_medians_are_found_only_of_the_width_that_is_asked() -> None:
    busy = served("web.1", [(i * 0.5, 100) for i in range(1000)])
    buckets = Buckets([busy])

    buckets.full(16)

    assert buckets._medians == {}


def test_requests_that_cannot_fill_a_bucket_are_known_before_any_is_counted() -> None:
    busy, idle = (served(name, [(i * 40.0, 100) for i in range(n)]) for name, n in (("web.1", 65), ("web.2", 19)))
    buckets = Buckets([busy, idle])

    assert [buckets.most(each.incarnation.key) for each in (busy, idle)] == [3, 0]
    assert buckets._full == {}
    assert max(len(buckets.full(width)[busy.incarnation.key]) for width in (1, 2, 4, 8, 16, 32)) <= 3
