"""Spans fuse when they come close, in whatever order they are put in."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.statistics.rates import binomial_tail

moments = st.lists(st.integers(0, 300).map(lambda n: n / 2), max_size=60)


@given(moments, st.randoms())
def test_order_does_not_matter(times: list[float], random: Random) -> None:
    straight, shuffled, at_once = Spans(), Spans(), Spans()
    for t in times:
        straight.add(t)
    random.shuffle(times)
    for t in times:
        shuffled.add(t)
    for some in (times[:20], times[20:]):
        if some:
            at_once.add_all(some)
    assert straight == shuffled == at_once


@given(moments, st.integers(0, 60))
def test_parts_merge_to_the_whole(times: list[float], cut: int) -> None:
    whole, one, two = Spans(), Spans(), Spans()
    for i, t in enumerate(times):
        whole.add(t)
        (one if i < cut else two).add(t)
    one.update(two)
    assert one == whole
    assert sum(size for _, _, size in one.sized()) == len(times)


@given(moments)
def test_spans_lie_apart_and_hold_every_moment(times: list[float]) -> None:
    spans = Spans()
    for t in times:
        spans.add(t)
    ordered = list(spans)
    assert all(a2 - b1 >= 5 for (_, b1), (a2, _) in pairwise(ordered))
    assert all(any(a <= t <= b for a, b in ordered) for t in times)


@given(moments, st.integers(0, 310), st.integers(0, 310))
def test_spans_touch_the_times_between_their_ends(times: list[float], start: int, end: int) -> None:
    spans = Spans()
    for t in times:
        spans.add(t)
    assert spans.touch(start, end) == any(first <= end and last >= start for first, last in spans)


def test_less_than_five_seconds_apart_is_one_event() -> None:
    spans = Spans()
    for t in (0.0, 4.9, 9.8, 14.8):
        spans.add(t)
    assert len(spans) == 2


def test_a_span_says_how_many_times_it_holds() -> None:
    spans = Spans()
    for t in (20.0, 1.0, 3.0, 1.0, 24.0, 12.0):
        spans.add(t)
    assert list(spans.sized()) == [(1.0, 3.0, 3), (12.0, 12.0, 1), (20.0, 24.0, 2)]
    spans.add(8.0, 16.0, 5)
    assert list(spans.sized()) == [(1.0, 3.0, 3), (8.0, 24.0, 8)]


def test_errors_without_a_pause_count_again_every_half_minute() -> None:
    spans = Spans()
    for t in range(361):
        spans.add(float(t))
    assert (len(spans), spans.events()) == (1, 13)


@pytest.mark.parametrize(("bursts", "mean", "accused"), [(10, 1, 0.032), (10, 3, 0.399), (10, 8, 0.769), (5, 8, 0.758)])
def test_identical_dynos_are_accused_on_raw_counts_and_not_on_collapsed_ones(
    bursts: int, mean: int, accused: float
) -> None:
    """4 identical dynos, 250 requests each; the share of windows in which one passes p <= 0.01."""
    random = Random(mean * 100 + bursts)
    raw = collapsed = 0
    runs = 400
    for _ in range(runs):
        lines, spans = [0] * 4, [Spans() for _ in range(4)]
        for burst in range(bursts):
            dyno, start = random.randrange(4), burst * 36.0
            size = 1 if mean == 1 else max(1, round(random.expovariate(1 / mean)))
            for i in range(size):
                lines[dyno] += 1
                spans[dyno].add(start + i)
        events = [s.events() for s in spans]
        raw += any(4 * binomial_tail(n, sum(lines), 0.25) <= 0.01 for n in lines)
        collapsed += any(4 * binomial_tail(n, sum(events), 0.25) <= 0.01 for n in events)
    assert collapsed / runs <= 0.01
    assert raw / runs == pytest.approx(accused, abs=0.06)
