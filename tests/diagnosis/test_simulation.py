"""The numbers that are promised, measured on simulated incidents with known truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.sandbox.world.workload import MemoryCurve
from tests.diagnosis.simulation import FAMILIES, Family, Outcome, class_of, outcomes, run, score, table

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- measured by tests/diagnosis/test_simulation.py -->", "<!-- end of measured -->"


def promised(results: list[Outcome], *, slack: float = 1.0) -> None:
    """False accusations <= 1 %, sufficient cases found >= 95 %, attribution >= 99 %, memory classes >= 95 %."""
    told = score(results)
    assert told.false_accusations[0] <= 0.01 * told.false_accusations[1] * slack
    assert told.found[1] > 0
    assert told.found[0] >= 0.95 * told.found[1]
    assert told.attribution[0] >= 0.99 * told.attribution[1]
    assert told.memory[1] > 0
    assert told.memory[0] >= 0.95 * told.memory[1]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_few_incidents_of_every_family_are_judged_rightly(family: Family) -> None:
    results = [run(family, seed) for seed in (101, 102)]

    assert not any(outcome.falsely_accused for outcome in results), results
    assert all(outcome.found for outcome in results if outcome.sufficient), results
    assert all(outcome.attributed[0] >= 0.97 * outcome.attributed[1] for outcome in results), results
    assert all(outcome.memory[0] == outcome.memory[1] for outcome in results), results


def test_the_same_incident_gives_the_same_outcome() -> None:
    assert run(FAMILIES[0], 5) == run(FAMILIES[0], 5)


def test_the_score_counts_what_was_wrong() -> None:
    right = run(FAMILIES[0], 1)
    wrong = right._replace(falsely_accused=True)

    assert score([right, wrong]).false_accusations == (1, 2)
    with pytest.raises(AssertionError):
        promised([right, wrong])


@pytest.mark.parametrize(
    ("curve", "hours", "kind"),
    [
        (MemoryCurve(warm_up=170), (0, 2), "warming_up"), (MemoryCurve(warm_up=170), (0, 6), "warming_up"),
        (MemoryCurve(warm_up=170), (1, 3), "flat"), (MemoryCurve(warm_up=170), (0.75, 3), ""),
        (MemoryCurve(per_hour=3), (0, 4), "flat"),
        (MemoryCurve(per_hour=20), (0, 4), "growing"), (MemoryCurve(warm_up=100, sigma=20), (0, 4), ""),
        (MemoryCurve(warm_up=100, per_hour=60), (0, 6), "growing"),
    ],
)  # fmt: skip
def test_the_truth_of_a_curve_is_what_its_window_holds(
    curve: MemoryCurve, hours: tuple[float, float], kind: str
) -> None:
    assert class_of(curve, hours[0] * 3600, hours[1] * 3600, quota_mb=512) == kind


@pytest.mark.slow
def test_the_promised_numbers_hold_over_hundreds_of_incidents_and_are_those_of_the_readme(accept: bool) -> None:
    results = list(outcomes(40))

    promised(results)
    assert sum(outcome.right for outcome in results) >= 0.93 * len(results)
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    if accept:
        shown = f"\n\n{table(results)}\n\n"
        README.write_text(f"{before}{BEGIN}{shown}{END}{after}", encoding="utf-8")
    assert shown.strip() == table(results)
