"""Codes of state are verdicts when they answer users: what they mean, what to do, counted by code."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.dynos import App
from herodyno.render.diagnosis.document import diagnosis_document
from tests.diagnosis.reading import judged, stamp
from tests.diagnosis.traffic import errors, traffic
from tests.real_parts import case_bytes


def answered(code: str, n: int = 40, start: float = 0.0, *, status: int = 503) -> str:
    """Requests that the router answered by itself, one a second."""
    return "".join(
        f'{stamp(start + i)} heroku[router]: at=info code={code} desc="x" method=GET path="/" '
        f'host=example-app.herokuapp.com request_id=5a fwd="192.0.2.7" dyno= connect= service= status={status} '
        "bytes= protocol=https\n"
        for i in range(n)
    )


@pytest.mark.parametrize(
    ("code", "severity", "advice"),
    [
        ("H80", "warning", "heroku maintenance:off -a example-app"),
        ("H81", "critical", "deploy: git push heroku main"),
        ("H82", "critical", "herodyno scale web=basic"),
        ("H83", "warning", "read the notice at status.heroku.com"),
        ("H16", "info", "nothing"),
    ],
)
def test_an_app_that_serves_nobody_is_the_verdict(code: str, severity: str, advice: str) -> None:
    found = judged(answered(code))
    assert (found.verdict.kind, found.verdict.severity) == ("not_served", severity)
    assert found.verdict.summary.startswith(f"40 of 40 requests are answered by the router, not by the app: {code} x40")
    assert any(sentence.startswith(f"{code}: ") for sentence in found.verdict.details)
    assert advice in " ".join(f"{' '.join(action.argv)} {action.text}" for action in found.actions)


def test_the_codes_are_counted_apart_in_text_and_json() -> None:
    found = judged(answered("H80", 30) + answered("H82", 12, start=60))
    assert "H80 x30, H82 x12" in found.verdict.summary
    document = diagnosis_document(found)
    assert document["answered_by_router"] == {"requests": 42, "by_code": {"H80": 30, "H82": 12}}
    assert document["unattributed"]["errors"] == 0


def test_maintenance_that_is_over_is_told_in_the_past_and_nothing_is_to_do() -> None:
    found = judged(answered("H80", 60) + traffic(2, 400).replace("T12:", "T13:"))
    assert (found.verdict.kind, found.verdict.ongoing, exit_code(found)) == ("not_served", False, 0)
    assert "were answered by the router" in found.verdict.summary
    assert not any("is on" in sentence for sentence in found.verdict.details)
    assert found.verdict.not_claimed == ("whether that was meant",)
    assert not any(action.argv[:1] == ("heroku",) for action in found.actions)


def test_maintenance_that_nobody_met_is_a_note() -> None:
    found = judged(traffic(2, 400), app=App(name="example-app", maintenance=True))
    assert found.verdict.kind == "nothing_found"
    assert "maintenance mode is on; no request in this window met it" in [each.sentence for each in found.findings]


def test_a_dyno_that_fails_beside_it_heads_the_report() -> None:
    found = judged(traffic(4, 200) + errors("web.2", 20) + answered("H80", 3))
    assert (found.verdict.kind, found.verdict.severity) == ("one_dyno", "critical")
    assert "not_served" in [finding.kind for finding in found.findings]


@pytest.mark.parametrize("code", ["H81", "H82"])
def test_the_cases_of_an_app_that_serves_nobody(code: str) -> None:
    found = judged(case_bytes(f"state-{code.lower()}.log").decode())
    assert (found.verdict.kind, exit_code(found)) == ("not_served", 20)
    assert f"60 of 60 requests are answered by the router, not by the app: {code} x60" in found.verdict.summary
    assert diagnosis_document(found)["answered_by_router"]["by_code"] == {code: 60}
