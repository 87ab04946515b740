"""Dynos over their quota: the highest of the levels shown, swap that is read back, and what makes a verdict graver."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.reading import NOON, judged, sample, stamp
from tests.diagnosis.traffic import errors, traffic
from tests.real_parts import case_bytes

IDS = [f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000001" for n in range(1, 6)]


def r14(seconds: float, dyno: str) -> str:
    return f"{stamp(seconds)} heroku[{dyno}]: Error R14 (Memory quota exceeded)\n"


def over_by_marks(levels: dict[str, tuple[int, float]]) -> str:
    """Dynos without runtime metrics that are over their quota: a line with the level before each R14."""
    return "".join(
        f"{stamp(t)} heroku[{dyno}]: Process running mem={mb}M({percent}%)\n" + r14(t, dyno)
        for t in range(0, 120, 20)
        for dyno, (mb, percent) in levels.items()
    )


def rows(found: Diagnosis) -> dict[str, tuple[float | None, float | None]]:
    return {row.dyno: (row.memory.last_mb, row.memory.last_pct) for row in found.incarnations}


@pytest.mark.parametrize("names", list(permutations(["worker.1", "worker.2", "worker.3"])))
def test_the_highest_is_the_highest_of_the_levels_shown_whatever_the_names(names: tuple[str, ...]) -> None:
    levels = dict(zip(names, [(609, 118.9), (766, 149.6), (530, 103.5)], strict=True))

    found = judged(over_by_marks(levels))

    assert "the highest at 766 MB, 150 % of its quota" in found.verdict.summary
    assert rows(found) == {name: (float(mb), percent) for name, (mb, percent) in sorted(levels.items())}


def test_the_highest_of_different_sizes_is_the_one_furthest_over_its_own_quota() -> None:
    found = judged(over_by_marks({"worker.1": (609, 118.9), "worker.2": (1090, 106.4), "worker.3": (766, 149.6)}))
    assert "the highest at 766 MB, 150 % of its quota" in found.verdict.summary


@pytest.mark.parametrize("name", ["42-highest-no-metrics", "42-control-metrics", "42-three-workers"])
def test_the_highest_of_a_case_is_766_mb_with_or_without_metrics(name: str) -> None:
    text = case_bytes(f"{name}.log").decode()
    found = judged(text, at=datetime.fromisoformat(text.splitlines()[-1].split()[0]))
    assert "the highest at 766" in found.verdict.summary
    assert all(mb is not None and percent is not None for mb, percent in rows(found).values())


def over_by_samples(dyno: str, dyno_id: str, *, pages: int, swap: float = 90.0) -> str:
    return "".join(
        sample(t, dyno, dyno_id, 600.0, swap=swap, pages=t // 20 * pages) + r14(t, dyno) for t in range(0, 360, 20)
    )


@pytest.mark.parametrize(
    ("pages", "severity", "words"),
    [(40, "warning", "most of it stays there"), (20_000, "critical", "it thrashes")],
    ids=["level swap", "thrash"],
)
def test_swap_that_is_read_back_again_and_again_is_graver_than_swap_that_stays(
    pages: int, severity: str, words: str
) -> None:
    found = judged(over_by_samples("web.1", IDS[0], pages=pages) + traffic(2, 60))
    assert (found.verdict.kind, found.verdict.severity) == ("memory", severity)
    assert any(words in detail for detail in found.verdict.details)


def test_pages_read_in_without_swap_are_no_thrashing() -> None:
    found = judged(over_by_samples("web.1", IDS[0], pages=20_000, swap=0.0) + traffic(2, 60))
    assert found.verdict.severity == "warning"


@pytest.mark.parametrize(("thrashing", "severity"), [("web.2", "critical"), ("web.3", "warning")])
def test_only_memory_trouble_of_the_accused_dyno_makes_the_verdict_graver(thrashing: str, severity: str) -> None:
    failing = traffic(4, 800) + errors("web.2", 25)
    heavy = over_by_samples(thrashing, IDS[2], pages=20_000)

    found = judged(failing + heavy, at=NOON + timedelta(seconds=360))

    assert judged(failing).verdict.severity == "warning"
    assert found.verdict.kind == "one_dyno"
    assert {finding.severity for finding in found.findings if finding.kind == "memory"} == {"critical"}
    assert found.verdict.severity == severity


def test_one_of_two_others_is_one() -> None:
    found = judged(over_by_samples("web.1", IDS[0], pages=0) + "".join(
        sample(t, "web.2", IDS[1], 200.0) for t in range(0, 360, 20)
    ))  # fmt: skip
    assert any(detail.startswith("The other web dyno is at 200 MB") for detail in found.verdict.details)


@pytest.mark.parametrize("kill", [False, True])
def test_a_level_that_is_not_known_is_in_no_sentence(kill: bool) -> None:
    killed = (
        f"{stamp(90)} heroku[worker.1]: Error R15 (Memory quota vastly exceeded)\n"
        f"{stamp(91)} heroku[worker.1]: Process exited with status 137\n"
        f"{stamp(91)} heroku[worker.1]: State changed from up to crashed\n"
    )
    text = " ".join(judged(r14(0, "worker.1") + r14(20, "worker.1") + killed * kill).verdict.details)

    assert "level not known" not in text
    assert ("worker.1 has 2 R14 lines in 1 episode." in text) is not kill
