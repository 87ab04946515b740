"""Slower than the others is told bucket by bucket, never why."""

from __future__ import annotations

from random import Random

from herodyno.diagnosis.latency import percentile
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
