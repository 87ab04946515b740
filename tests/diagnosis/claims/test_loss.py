"""More than half of a log lost is in the headline, and nobody is sent to a log that loses as much."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App
from tests.diagnosis.reading import NOON, judged, log_of_text, request, stamp

LOSSES = {
    "L10": "Error L10 (output buffer overflow): {} messages dropped since 2026-03-02T11:00:00+00:00.",
    "L11": "Error L11 (Tail buffer overflow) -> This tail session dropped {} messages since 2026-03-02T11:00:00+00:00.",
    "L12": "Error L12: {} messages dropped since 2026-03-02T11:00:00+00:00.",
    "L13": "Error L13: {} messages lost since 2026-03-02T11:00:00+00:00.",
}
SPEAKERS = {"L10": "heroku[logplex]", "L11": "heroku[logplex]", "L12": "app[log-shuttle]", "L13": "app[log-shuttle]"}


def answer_to(code: str, lost: int, *, requests: int = 300, errors: int = 0) -> Diagnosis:
    lines = [
        request(i, f"web.{1 + i % 3}", status=500 if i < errors else 200, client=f"192.0.2.{i % 60}", path=f"/p{i % 9}")
        for i in range(requests)
    ]
    lines += [f"{stamp(30 * i)} {SPEAKERS[code]}: {LOSSES[code].format(lost // 10)}\n" for i in range(10)]
    return judged("".join(lines))


def advice(answer: Diagnosis) -> str:
    return " | ".join(f"{' '.join(action.argv)} {action.text}" for action in answer.actions)


@pytest.mark.parametrize("code", LOSSES)
def test_the_headline_says_how_much_is_lost_and_the_pace_is_the_true_one(code: str) -> None:
    verdict = answer_to(code, 2700).verdict

    assert verdict.summary.endswith("; 89.7 % of the log is lost")
    assert verdict.confidence == "low"
    assert "2,700 of 3,010 lines are lost" in verdict.details[0]
    assert "The app writes about 10 lines/s." in verdict.details[0]


@pytest.mark.parametrize("code", LOSSES)
def test_a_lesser_loss_stays_among_the_limits(code: str) -> None:
    answer = answer_to(code, 200)
    assert "lost" not in answer.verdict.summary
    assert any(note.startswith(code) for note in answer.coverage.notes)


@pytest.mark.parametrize("code", ["L11", "L12", "L13"])
def test_listening_is_not_advised_where_it_would_lose_the_same(code: str) -> None:
    answer = answer_to(code, 2700, requests=70, errors=3)
    assert answer.verdict.kind == "not_enough_data"
    assert "--listen" not in advice(answer)
    assert advice(answer)


def test_what_a_drain_lost_a_live_log_may_have() -> None:
    assert "--listen" in advice(answer_to("L10", 2700, requests=70, errors=3))


@pytest.mark.parametrize(("cap", "minutes", "is_told"), [(300, 60, True), (300, 8, False), (1500, 60, False)])
def test_a_full_log_session_that_reaches_back_too_little_is_told(cap: int, minutes: int, is_told: bool) -> None:
    log = log_of_text("".join(request(i, f"web.{1 + i % 3}", client=f"192.0.2.{i % 60}") for i in range(300)))
    answer = diagnose(
        log, app=App(name="example-app"), at=NOON + timedelta(seconds=300), source=Source(kind="log-session", cap=cap),
        log_filter=Filter(since=lambda at: at - timedelta(minutes=minutes)),
    )  # fmt: skip

    told = "; the log reaches back 5 min of the 1 h asked for"
    assert answer.verdict.summary.endswith(told) is is_told
    assert (answer.verdict.confidence == "low") is is_told
