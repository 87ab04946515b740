"""Two troubles in one log are told apart: a dyno's own failing and an outage of all, two dynos at different times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.reading import NOON, judged, request
from tests.diagnosis.traffic import restart, served

SECONDS = 1000.0


def told(text: str) -> Diagnosis:
    return judged(text, at=NOON + timedelta(seconds=SECONDS))


def of_kind(found: Diagnosis, kind: str) -> list[str]:
    return [finding.sentence for finding in found.findings if finding.kind == kind]


def one_then_all(bad: int, healed: float, begun: float, rate: float) -> Callable[[int, float], float]:
    return lambda own, at: 0.4 if own == bad and at < healed else rate if at >= begun else 0.0


@pytest.mark.parametrize("later", ["H12", "H13"])
@pytest.mark.parametrize(
    ("bad", "healed", "begun", "rate"), [(3, 300, 650, 0.5), (1, 400, 800, 0.9), (2, 200, 500, 0.3), (4, 500, 700, 0.5)]
)
def test_a_dyno_that_recovered_before_an_outage_of_all_is_not_restarted(
    bad: int, healed: float, begun: float, rate: float, later: str
) -> None:
    found = told(
        served(one_then_all(bad, healed, begun, rate), seconds=SECONDS, code=lambda at: "H13" if at < healed else later)
    )
    assert (found.verdict.kind, found.verdict.ongoing) == ("whole_app", True)
    assert "all 3 other web dynos" in found.verdict.summary
    assert not any(action.mutates for action in found.actions)
    (own,) = of_kind(found, "one_dyno")
    assert own.startswith(f"web.{bad}")
    assert "caused" in own
    assert "over since" in own


@pytest.mark.parametrize("seed", range(3))
def test_a_dyno_that_fails_on_through_an_outage_of_all_is_accused(seed: int) -> None:
    def rates(own: int, at: float) -> float:
        return 0.6 if own == 2 else 0.08 if at >= 650 else 0.0

    found = told(served(rates, seconds=SECONDS, seed=seed))
    assert (found.verdict.kind, found.verdict.ongoing) == ("one_dyno", True)


@pytest.mark.parametrize("later", ["H12", "H13"])
@pytest.mark.parametrize(("ended", "begun"), [(200, 500), (300, 700), (150, 800)])
def test_an_outage_that_is_over_is_told_beside_a_dyno_that_fails_now(ended: float, begun: float, later: str) -> None:
    def rates(own: int, at: float) -> float:
        return 0.4 if at < ended else 0.4 if own == 3 and at >= begun else 0.0

    found = told(served(rates, seconds=SECONDS, code=lambda at: "H13" if at < ended else later))
    assert (found.verdict.kind, found.verdict.ongoing) == ("one_dyno", True)
    (outage,) = of_kind(found, "whole_app")
    assert outage.startswith("errors were spread over all 3 other web dynos")


def test_one_path_that_fails_now_is_told_beside_a_dyno_that_failed_before() -> None:
    pages = "".join(
        request(at, f"web.{at % 4 + 1}", path="/checkout", status=500 if at >= 600 else 200) for at in range(0, 1000, 3)
    )
    before = served(lambda own, at: 0.5 if own == 3 and at < 250 else 0.0, seconds=SECONDS, code=lambda _: "H12")
    found = told(before + pages)
    assert found.verdict.kind == "whole_app"
    assert any("errors are on /checkout." in sentence for sentence in found.verdict.details)


@pytest.mark.parametrize(("first", "second"), [(2, 4), (1, 3)])
def test_a_dyno_that_was_restarted_is_no_part_of_the_claim_of_another(first: int, second: int) -> None:
    def rates(own: int, at: float) -> float:
        return 0.4 if (own == first and at < 300) or (own == second and at >= 500) else 0.0

    found = told(served(rates, seconds=SECONDS) + restart(300, f"web.{first}"))
    now, before = of_kind(found, "one_dyno")
    assert now.startswith(f"web.{second} ")
    assert "already replaced" in before
    assert "on the dynos not accused 0 in" in found.verdict.details[0]


@pytest.mark.parametrize("at", [250.0, 500.0])
def test_a_dyno_whose_successor_fails_as_well_is_not_restarted_once_more(at: float) -> None:
    found = told(served(lambda own, _: 0.4 if own == 2 else 0.0, seconds=SECONDS) + restart(at, "web.2"))
    assert found.verdict.summary.startswith("web.2 (bbbbbbbb) causes ")
    assert any("a new start of web.2 did not help" in sentence for sentence in found.verdict.details)
    assert not any(action.mutates for action in found.actions)
    assert any(action.text.startswith("not useful: restarting web.2") for action in found.actions)


@pytest.mark.parametrize(("dynos", "seed"), [(2, 1), (3, 2), (4, 3), (6, 4)])
def test_an_outage_of_its_last_twenty_seconds_is_told(dynos: int, seed: int) -> None:
    text = served(lambda _, at: 0.7 if at >= 580 else 0.0, dynos=dynos, seconds=600, pace=4 / dynos, seed=seed)
    found = judged(text, at=NOON + timedelta(seconds=600))
    assert (found.verdict.kind, found.verdict.severity) == ("whole_app", "critical")


@pytest.mark.parametrize("seed", range(3))
def test_twenty_seconds_in_which_one_of_four_fails_are_not_the_whole_app(seed: int) -> None:
    text = served(lambda own, at: 0.9 if own == 2 and at >= 580 else 0.0, seconds=600, seed=seed)
    assert judged(text, at=NOON + timedelta(seconds=600)).verdict.kind != "whole_app"


@pytest.mark.parametrize(("ended", "begun"), [(200, 700), (300, 800), (400, 650)])
def test_the_second_outage_is_told_apart_from_the_first(ended: float, begun: float) -> None:
    text = served(lambda _, at: 0.3 if at < ended or at >= begun else 0.0, seconds=SECONDS)
    found = told(text)
    assert (found.verdict.kind, found.verdict.ongoing) == ("whole_app", True)
    assert found.verdict.details[0].startswith("They began anew about 12:")
    assert "Earlier ones, " in found.verdict.details[0]


@pytest.mark.parametrize("seed", range(4))
def test_odd_errors_for_hours_are_no_two_troubles(seed: int) -> None:
    found = told(served(lambda _, at: 0.02, seconds=SECONDS, seed=seed))
    assert not any("anew" in sentence for sentence in found.verdict.details)
    assert not of_kind(found, "one_dyno")
