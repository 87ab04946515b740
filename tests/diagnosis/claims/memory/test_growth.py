"""Growth is told with its range and its confidence, and a level far above the peers' beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import exp

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.reading import NOON, judged, sample, stamp

IDS = [f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000001" for n in range(1, 6)]


def seen(hours: float, *curves: Callable[[float], float], since: tuple[float, ...] = ()) -> Diagnosis:
    """web.1, web.2, … with memory by curves of hours, each from its boot at one of the hours `since` on."""
    lines = []
    for n, curve in enumerate(curves):
        boot = since[n] if since else 0.0
        if since:
            lines.append(
                (boot * 3600, f"{stamp(boot * 3600)} heroku[web.{n + 1}]: Starting process with command `x`\n")
            )
        for t in range(int(boot * 3600) + 30 + n, int(hours * 3600), 30):
            noise = (t * 7919 % 11 - 5) / 4
            lines.append((t, sample(t, f"web.{n + 1}", IDS[n], curve(t / 3600 - boot) + noise)))
    return judged("".join(line for _, line in sorted(lines)), at=NOON + timedelta(hours=hours))


def test_hours_of_growth_are_told_at_medium_since_a_wave_looks_the_same() -> None:
    found = seen(6, lambda h: 200 + 20 * h, lambda h: 250)
    assert (found.verdict.label, found.verdict.confidence) == ("MEMORY GROWING", "medium")
    assert any("a daily wave of traffic looks the same" in detail for detail in found.verdict.details)


def test_of_several_that_grow_the_slowest_and_the_fastest_are_told() -> None:
    found = seen(10, lambda h: 200 + 20 * h, lambda h: 250, lambda h: 200 + 4 * h)
    assert " grow by about 4 to 20 MB/h in the last " in found.verdict.summary
    assert "; the fastest, web.1, is at " in found.verdict.summary


def test_a_day_of_growth_is_told_at_high() -> None:
    found = seen(24, lambda h: 200 + 10 * h, lambda h: 250)
    assert (found.verdict.label, found.verdict.confidence) == ("MEMORY GROWING", "high")
    assert not any("wave" in detail for detail in found.verdict.details)


@pytest.mark.parametrize(("since", "confidence"), [((0.0, 2.0, 4.0), "high"), ((0.0, 0.1, 0.2), "medium")])
def test_growth_of_all_by_their_age_is_told_at_high(since: tuple[float, ...], confidence: str) -> None:
    def grown(h: float) -> float:
        return 200 + 30 * h

    found = seen(8, grown, grown, grown, since=since)
    assert (found.verdict.label, found.verdict.confidence) == ("MEMORY GROWING", confidence)


def test_a_wave_that_lifts_young_and_old_alike_is_no_growth_by_age() -> None:
    since = (0.0, 2.0, 4.0)
    curves = [lambda h, boot=boot: 200 + 30 * (h + boot) for boot in since]
    found = seen(8, *curves, since=since)
    assert (found.verdict.label, found.verdict.confidence) == ("MEMORY GROWING", "medium")


def test_growth_after_a_warm_up_is_growing_with_its_later_slope() -> None:
    found = seen(5, lambda h: 150 + 120 * (1 - exp(-3 * h)) + 22 * h, lambda h: 250)
    assert found.verdict.label == "MEMORY GROWING"
    row = found.incarnations[0]
    assert row.memory.trend.range is not None
    assert row.memory.trend.range[0] < 22 < row.memory.trend.range[1]


def test_a_warm_up_that_still_rises_says_so_under_also() -> None:
    found = seen(2.5, lambda h: 150 + 170 * (1 - exp(-1.5 * h)), lambda h: 250)
    (told,) = [finding.sentence for finding in found.findings if finding.kind == "memory_rising"]
    assert told.startswith("web.1 (11111111) warmed up and still rises by ")
    assert "MB/h" in told
    assert "in the last hour; " in told


def far_above(found: Diagnosis) -> list[str]:
    return [finding.sentence for finding in found.findings if finding.kind == "memory_above_peers"]


def test_a_level_far_above_the_peers_is_told_beside_the_verdict_even_without_a_trend() -> None:
    found = seen(0.25, lambda h: 180, lambda h: 460, lambda h: 200)
    assert found.verdict.kind != "memory"
    (told,) = far_above(found)
    assert told.startswith("web.2 (22222222) is far above its peers in memory: 4")
    assert "at the same times the other 2 web dynos were at 180-200 MB" in told


@pytest.mark.parametrize("level", [210, 260])
def test_a_level_a_little_above_the_peers_is_not_told(level: float) -> None:
    assert far_above(seen(0.25, lambda h: 180, lambda h: level, lambda h: 200)) == []


def test_peers_that_have_just_booted_are_no_measure() -> None:
    found = seen(1, lambda h: 420, lambda h: 120, lambda h: 120, since=(0.0, 0.8, 0.85))
    assert far_above(found) == []


def test_peers_that_ran_at_other_times_are_no_measure() -> None:
    first = "".join(sample(t, "web.1", IDS[0], 450.0) for t in range(0, 600, 20))
    second = "".join(sample(t, "web.2", IDS[1], 150.0) for t in range(1200, 1800, 20))
    assert far_above(judged(first + second)) == []
