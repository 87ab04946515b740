"""A newest release that failed opens the report, in the words of `wait`, with what its release phase printed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import Dyno, Formation, Release
from herodyno.heroku.api import wire
from herodyno.operations.wait import Failed, WaitGoal, wait_state
from tests.diagnosis.claims.one_off_lines import TRACE, api, run
from tests.diagnosis.reading import NOON, judged
from tests.diagnosis.traffic import errors, traffic
from tests.real_parts import case_bytes

CALM = traffic(2, 400)
PHASE = run(60, "release.4711", "migrating", *TRACE, status=1, command="rails db:migrate")
FAILED = PHASE + api(73, "Release v43 command failed")
FORMATION = [Formation(type="web", quantity=2)]


def release(version: int, status: str = "succeeded", *, at: float = 58) -> Release:
    return Release(version=version, status=status, created_at=NOON + timedelta(seconds=at), slug_id=f"slug-{version}")


RELEASES = [release(43, "failed"), release(42, at=-9000), release(41, at=-99000)]


def dynos() -> list[Dyno]:
    made = NOON - timedelta(hours=2)
    return [
        Dyno(name=f"web.{n}", id=f"0000000{n}-0000-4000-8000-000000000000", type="web", state="up", release=42,
             created_at=made)
        for n in (1, 2)
    ]  # fmt: skip


def kinds(found: Diagnosis) -> list[str]:
    return [finding.kind for finding in found.findings]


def rollbacks(found: Diagnosis) -> list[tuple[str, ...]]:
    return [action.argv for action in found.actions if action.argv[:2] == ("herodyno", "rollback")]


@pytest.mark.parametrize("web", ["", CALM], ids=["alone", "beside a calm web"])
@pytest.mark.parametrize("text", [FAILED, PHASE, api(73, "Release v43 command failed")], ids=["both", "dyno", "line"])
def test_by_the_log_alone_a_failed_release_is_a_warning(web: str, text: str) -> None:
    found = judged(web + text)
    assert (found.verdict.kind, found.verdict.severity, exit_code(found)) == ("release_failed", "warning", 10)
    assert "what ran before it runs on" in found.verdict.summary


def test_the_release_phase_is_told_with_its_command_its_end_and_its_exception() -> None:
    details = " ".join(judged(CALM + FAILED).verdict.details)
    assert "Its release phase release.4711, `rails db:migrate`, failed at 12:01: exit status 1" in details
    assert "ConnectionError: refused" in details


def test_the_sentence_is_that_of_wait() -> None:
    found = judged(CALM + FAILED, dynos(), formation=FORMATION, releases=RELEASES)
    waited = wait_state(WaitGoal(), dynos(), FORMATION, RELEASES)
    assert isinstance(waited, Failed)
    assert found.verdict.summary == waited.text == "release v43 failed; v42 keeps running"
    assert found.app.headline == ("web: 2, release v42 (deployed 09:30, 2 h 30 min ago; all on it); v43 failed",)


def test_the_api_alone_shows_it_and_the_way_to_its_output() -> None:
    found = judged(CALM, dynos(), formation=FORMATION, releases=RELEASES, at=NOON + timedelta(minutes=10))
    assert found.verdict.kind == "release_failed"
    assert found.actions[0].argv == ("heroku", "releases:output", "v43", "-a", "example-app")


def test_nobody_is_sent_to_read_an_output_that_stands_above_or_to_roll_back_what_took_no_effect() -> None:
    found = judged(CALM + FAILED, dynos(), formation=FORMATION, releases=RELEASES)
    assert [action.text for action in found.actions] == ["after the fix deploy again; there is nothing to roll back"]


def test_a_graver_outage_of_the_web_keeps_its_severity_and_its_advice_comes_first() -> None:
    bad = traffic(4, 200) + errors("web.2", 20)
    found = judged(bad + FAILED)
    assert (found.verdict.kind, found.verdict.severity, exit_code(found)) == ("release_failed", "critical", 20)
    assert "one_dyno" in kinds(found)
    assert any(sentence.startswith("Graver than that: web.2") for sentence in found.verdict.details)
    assert found.actions[0].argv[:3] == ("herodyno", "restart", "web.2")
    assert not rollbacks(found)


@pytest.mark.parametrize(
    "later",
    [
        api(200, "Release v44 created"),
        run(180, "release.4712", "migrated", command="rails db:migrate") + api(200, "Release v44 created"),
    ],
    ids=["created", "with its phase"],
)
def test_a_failure_that_a_later_release_made_good_is_a_note(later: str) -> None:
    found = judged(CALM + FAILED + later)
    assert (found.verdict.kind, exit_code(found)) == ("nothing_found", 0)
    (note,) = [finding for finding in found.findings if finding.kind == "release_failed_before"]
    assert (note.severity, note.sentence) == ("info", "release v43 failed; v44 succeeded since")


def test_a_release_that_succeeded_is_no_finding() -> None:
    phase = run(60, "release.4711", "migrated", command="rails db:migrate")
    assert kinds(judged(CALM + phase + api(73, "Release v43 created"))) == ["nothing_found"]


def test_a_release_that_is_pending_is_no_failure() -> None:
    found = judged(CALM, dynos(), formation=FORMATION, releases=[release(43, "pending"), *RELEASES[1:]])
    assert found.verdict.kind == "nothing_found"
    assert found.app.headline[0].endswith("; v43 pending")


@pytest.mark.parametrize("name", ["03-release-r15-alone.log", "03-release-r15-with-web.log"])
def test_the_cases_of_a_release_phase_killed_for_its_memory(name: str) -> None:
    found = judged(case_bytes(name).decode())
    assert (found.verdict.kind, found.verdict.severity, exit_code(found)) == ("release_failed", "warning", 10)
    assert "release.4711" in found.verdict.details[0]
    assert "R15 (Memory quota vastly exceeded) at 1,038 MB, 203 % of its quota" in found.verdict.details[0]


def test_the_case_with_the_answers_of_the_api_agrees_with_wait() -> None:
    answers = {each["p"].rpartition("/")[2]: each["b"] for each in json.loads(case_bytes("08-failed-release-api.json"))}
    listed, formation = wire.dynos_from(answers["dynos"]), wire.formation_from(answers["formation"])
    releases = wire.releases_from(answers["releases"])
    at = datetime.fromisoformat("2026-11-29T10:10:00Z")
    found = judged(answers["abc"], listed, formation=formation, releases=releases, at=at)
    waited = wait_state(WaitGoal(), listed, formation, releases)
    assert isinstance(waited, Failed)
    assert (found.verdict.kind, found.verdict.summary) == ("release_failed", waited.text)
    assert exit_code(found) == 10
    assert all(line.endswith("; v43 failed") for line in found.app.headline)
