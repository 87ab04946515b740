"""Slower than the others is told bucket by bucket, never why."""

from __future__ import annotations

from random import Random

from herodyno.diagnosis.statistics.latency.slowness import percentile, percentiles
from tests.diagnosis.reading import judged, request


def served(slow: float, *, seconds: float = 360.0, each: int = 200) -> str:
    """Four dynos, of which web.3 takes `slow` times as long."""
    random = Random(4)
    lines = []
    for n in range(1, 5):
        for _ in range(each):
            service = random.lognormvariate(4.7, 0.5) * (slow if n == 3 else 1)
            lines.append(request(random.uniform(0, seconds), f"web.{n}", service=round(service)))
    return "".join(lines)


def test_a_dyno_four_times_slower_is_found() -> None:
    found = judged(served(4.0))

    assert [finding.dyno for finding in found.findings if finding.kind == "latency_outlier"] == ["web.3"]
    assert (found.verdict.kind, found.verdict.severity, found.verdict.label) == ("nothing_found", "warning", "SLOWER")
    assert found.verdict.summary.startswith("web.3 (id unknown) is slower than its peers")
    assert "is slower than its peers" in next(f.sentence for f in found.findings if f.kind == "latency_outlier")


def test_half_as_slow_again_is_not() -> None:
    assert not any(finding.kind == "latency_outlier" for finding in judged(served(1.5)).findings)


def test_too_few_requests_are_not_assessed() -> None:
    rows = judged(served(4.0, each=15)).incarnations

    assert not any(row.latency.assessed for row in rows)


def test_percentiles_of_whole_milliseconds_are_exact() -> None:
    assert percentile({10: 50, 20: 45, 30000: 5}, 0.95) == 20
    assert percentile({10: 50, 20: 44, 30000: 6}, 0.95) == 30000
    assert percentile({}, 0.5) is None
    assert percentiles({20: 45, 30000: 5, 10: 50}, 0.2, 0.5, 0.95, 1.0) == [10, 10, 20, 30000]
    assert percentiles({}, 0.5, 0.95) == [None, None]


def two(own_ms: int, their_ms: int, *, each: int = 20, slow: int = 10, of: int = 10) -> bool:
    """Whether web.1 is told slower: so many requests in each of `of` half minutes, in `slow` of them so slow."""
    lines = []
    for bucket in range(of):
        for i in range(each):
            at = bucket * 30 + 0.5 + i * 29 / each
            lines.append(request(at, "web.1", service=own_ms if bucket < slow else their_ms))
            lines += [request(at, f"web.{n}", service=their_ms) for n in (2, 3)]
    return judged("".join(lines)).incarnations[0].latency.slower


def test_slower_is_more_than_twice_and_more_than_a_tenth_of_a_second() -> None:
    assert two(900, 400)
    assert not two(720, 400)  # 1.8 times
    assert two(180, 40)
    assert not two(120, 40)  # 80 ms


def test_slower_is_in_seven_of_ten_spans() -> None:
    assert two(900, 200, slow=7)
    assert not two(900, 200, slow=6)


def test_three_spans_of_twenty_requests_are_needed_and_spans_widen_until_there_are() -> None:
    def assessed(each: int, of: int) -> bool:
        lines = [
            request(bucket * 30 + 0.5 + i * 29 / each, f"web.{n}")
            for bucket in range(of)
            for i in range(each)
            for n in (1, 2)
        ]
        return judged("".join(lines)).incarnations[0].latency.assessed

    assert assessed(20, 3)
    assert not assessed(20, 2)
    assert not assessed(19, 3)
    assert assessed(5, 16)  # four spans of two minutes
    assert not assessed(4, 16)
