"""Trouble without a failed request: a dyno that falls silent, an app that turns slow, refusals after a release."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.claims.one_off_lines import api
from tests.diagnosis.reading import NOON, judged, request
from tests.diagnosis.traffic import restart, served

SECONDS = 900.0


def told(text: str) -> Diagnosis:
    return judged(text, at=NOON + timedelta(seconds=SECONDS))


def silenced(text: str, dyno: str, at: float) -> str:
    """Without the lines of a dyno from a time on."""
    since = (NOON + timedelta(seconds=at)).isoformat()
    return "".join(
        line for line in text.splitlines(keepends=True) if f"dyno={dyno} " not in line or line[:19] < since[:19]
    )


def kinds(found: Diagnosis) -> list[str]:
    return [finding.kind for finding in found.findings]


@pytest.mark.parametrize(("dyno", "dynos", "at"), [("web.3", 4, 400), ("web.1", 2, 700), ("web.5", 6, 300)])
def test_a_dyno_that_falls_silent_is_told(dyno: str, dynos: int, at: float) -> None:
    found = told(silenced(served(lambda *_: 0.0, dynos=dynos, seconds=SECONDS), dyno, at))
    assert (found.verdict.label, exit_code(found)) == ("SILENT", 10)
    assert found.verdict.summary.startswith(f"{dyno} (id unknown) has no line since 12:")
    assert "share_imbalance" not in kinds(found)


@pytest.mark.parametrize("seed", range(3))
def test_a_dyno_that_is_scaled_away_restarted_or_rarely_asked_is_not_silent(seed: int) -> None:
    text = served(lambda *_: 0.0, seconds=SECONDS, seed=seed)
    away = silenced(text, "web.4", 300) + api(299, "Scaled to web@3:Standard-1X")
    rare = silenced(served(lambda *_: 0.0, seconds=SECONDS, seed=seed, pace=0.02), "web.2", 600)
    for log in (text, away, text + restart(400, "web.2"), rare):
        assert "fell_silent" not in kinds(told(log))


def slow(since: float, service: int, *, until: float = SECONDS, only: str = "") -> str:
    return "".join(
        request(
            at, f"web.{1 + i % 3}",
            service=service if since <= at < until and only in ("", f"web.{1 + i % 3}") else 60 + i % 50,
        )
        for i, at in enumerate(n * 0.7 for n in range(int(SECONDS / 0.7)))
    )  # fmt: skip


@pytest.mark.parametrize(("since", "service"), [(400, 12000), (600, 3000), (780, 25000)])
def test_an_app_that_turns_slow_on_all_dynos_is_told_with_its_time(since: float, service: int) -> None:
    found = told(slow(since, service) + api(since - 20, "Release v9 created"))
    assert (found.verdict.label, exit_code(found)) == ("SLOWER", 10)
    assert found.verdict.summary.startswith("all 3 web dynos are slow since about 12:")
    assert "Shortly before: release v9. The order in time is no proof." in found.verdict.details


@pytest.mark.parametrize(
    "text", [slow(400, 400), slow(400, 12000, until=600), slow(400, 12000, only="web.2"), slow(0, 12000)]
)
def test_a_little_slower_or_over_or_on_one_dyno_or_always_is_not_slow_on_all(text: str) -> None:
    assert "all_slower" not in kinds(told(text))


@pytest.mark.parametrize(("status", "severity"), [(404, "warning"), (401, "warning"), (429, "info")])
def test_refusals_in_the_time_of_a_release_are_told_beside_it(status: int, severity: str) -> None:
    text = "".join(request(at, f"web.{at % 3 + 1}", status=status if at > 300 else 200) for at in range(900))
    (found,) = [each for each in told(text + api(300, "Release v9 created")).findings if each.kind == "refused"]
    assert found.severity == severity


def test_connections_that_nobody_used_are_not_ended_by_the_client() -> None:
    idle = "".join(request(at * 9.9, "web.1", code="H15", status=503, service=55000) for at in range(90))
    found = told(slow(0, 60) + idle)
    assert found.verdict.label == "IDLE CONNECTION"
    assert "ended by the client" not in " ".join(finding.sentence for finding in found.findings)
    assert found.actions[0].text == "send a heartbeat at least every 50 s"
