"""Jobs that fail are told, whatever the web does: by code, by status, summed by command, with what they printed."""

from __future__ import annotations

import json

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.nagios import nagios_code
from tests.diagnosis.claims.one_off_lines import TRACE, platform, run, said
from tests.diagnosis.reading import judged
from tests.diagnosis.traffic import errors, traffic
from tests.real_parts import case_bytes

CALM = traffic(2, 400)


def kinds(found: Diagnosis) -> list[str]:
    return [finding.kind for finding in found.findings]


def killed(dyno: str, code: str = "R15 (Memory quota vastly exceeded)", status: int = 137) -> str:
    return (
        platform(20, dyno, "Starting process with command `rails compile`", "State changed from starting to up")
        + platform(60, dyno, "Process running mem=1141M(222.9%)", f"Error {code}", "Stopping process with SIGKILL")
        + platform(61, dyno, f"Process exited with status {status}", "State changed from up to complete")
    )


@pytest.mark.parametrize("web", ["", CALM], ids=["alone", "beside a calm web"])
@pytest.mark.parametrize("dyno", ["scheduler.4711", "run.4711"])
@pytest.mark.parametrize("status", [1, 2, 126, 127, 134, 137, 139])
def test_a_run_that_ends_with_a_status_is_a_warning(web: str, dyno: str, status: int) -> None:
    found = judged(web + run(30, dyno, "loading", "no such table: orders", status=status))
    assert (found.verdict.kind, found.verdict.severity) == ("job_failed", "warning")
    assert (exit_code(found), nagios_code(found)) == (10, 1)
    assert f"`rake nightly`, failed: exit status {status}" in found.verdict.summary
    assert any("loading / no such table: orders" in sentence for sentence in found.verdict.details)


@pytest.mark.parametrize("status", [137, 10, 0])
def test_a_run_that_was_killed_for_its_memory_says_so_whatever_its_status(status: int) -> None:
    found = judged(CALM + killed("run.4242", status=status))
    expected = "run.4242, `rails compile`, failed: R15 (Memory quota vastly exceeded) at 1,141 MB, 223 % of its quota"
    assert (found.verdict.kind, found.verdict.summary) == ("job_failed", expected)
    assert "larger dyno" in found.actions[0].text


@pytest.mark.parametrize(
    ("code", "advice"), [("R13 (Attach error)", "--detach"), ("R99 (Platform error)", "status.heroku.com")]
)
def test_what_kept_a_run_from_its_work_is_told_by_its_code(code: str, advice: str) -> None:
    found = judged(CALM + platform(30, "run.7", f"Error {code}", "Process exited with status 128"))
    assert (found.verdict.kind, found.verdict.summary) == ("job_failed", f"run.7 failed: {code}")
    assert advice in found.actions[0].text


def test_runs_of_one_job_are_summed_with_their_exception() -> None:
    runs = "".join(run(at, f"scheduler.{at}", *TRACE, status=1) for at in range(20, 320, 60))
    found = judged(CALM + runs)
    assert found.verdict.summary == (
        "5 of 5 runs of the scheduler job `rake nightly` failed: exit status 1 (an error of the app), "
        "ConnectionError: refused"
    )
    assert kinds(found).count("job_failed") == 1


def test_runs_that_ended_well_are_in_the_denominator_and_the_last_is_told() -> None:
    runs = run(20, "scheduler.1", *TRACE, status=1) + run(80, "scheduler.2") + run(140, "scheduler.3")
    found = judged(CALM + runs)
    assert found.verdict.summary.startswith("1 of 3 runs of the scheduler job `rake nightly` failed")
    assert "The runs ended between 12:00 and 12:02; the last, scheduler.3, did not fail." in found.verdict.details


@pytest.mark.parametrize(("again", "severity", "code"), [(0, "info", 0), (1, "warning", 10)])
def test_a_command_that_somebody_ran_again_and_that_ended_well_is_over(again: int, severity: str, code: int) -> None:
    runs = run(20, "run.1", *TRACE, status=1) + run(80, "run.2", status=again)
    found = judged(CALM + runs)
    assert (found.verdict.kind, found.verdict.severity, exit_code(found)) == ("job_failed", severity, code)
    assert ("run.2 ended well at 12:01" in found.verdict.summary) == (again == 0)
    assert (found.verdict.ongoing is False) == (again == 0)


@pytest.mark.parametrize("status", [129, 130])
@pytest.mark.parametrize("command", ["rails console", "bash"])
def test_a_run_that_its_owner_left_did_not_fail(status: int, command: str) -> None:
    assert kinds(judged(CALM + run(20, "run.1", "irb>", status=status, command=command))) == ["nothing_found"]


@pytest.mark.parametrize("status", [129, 130])
def test_nobody_sits_before_a_job_of_the_scheduler(status: int) -> None:
    assert kinds(judged(CALM + run(20, "scheduler.1", status=status)))[0] == "job_failed"


def test_different_jobs_are_told_apart() -> None:
    runs = run(20, "scheduler.1", status=1, command="rake a") + run(60, "scheduler.2", status=3, command="rake b")
    found = judged(CALM + runs)
    assert [finding.sentence[:40] for finding in found.findings if finding.kind == "job_failed"] == [
        "scheduler.1, `rake a`, failed: exit stat",
        "scheduler.2, `rake b`, failed: exit stat",
    ]


def test_many_failing_jobs_are_few_sentences() -> None:
    runs = "".join(run(at, f"run.{at}", status=1, command=f"job {at}") for at in range(20, 320, 20))
    found = judged(CALM + runs)
    assert kinds(found).count("job_failed") == 4
    assert any("12 more jobs of one-off dynos did so too" in finding.sentence for finding in found.findings)


def test_a_run_over_its_quota_that_ends_well_is_a_warning_of_its_own() -> None:
    over = platform(30, "run.5", "Process running mem=700M(136.7%)", "Error R14 (Memory quota exceeded)")
    found = judged(CALM + over + platform(40, "run.5", "Process exited with status 0"))
    assert (kinds(found)[0], found.verdict.severity) == ("job_over_quota", "warning")
    assert "700 MB, 137 % of its quota" in found.verdict.summary


@pytest.mark.parametrize("status", [143, 137, 1, 130])
def test_a_run_that_was_told_to_stop_did_not_fail(status: int) -> None:
    stopped = platform(30, "run.5", "Starting process with command `bash`", "State changed from starting to up")
    stopped += platform(60, "run.5", "Stopping all processes with SIGTERM")
    stopped += platform(61, "run.5", f"Process exited with status {status}", "State changed from up to complete")
    assert judged(CALM + stopped).verdict.kind == "nothing_found"


def test_runs_that_ended_well_or_run_still_are_no_finding() -> None:
    running = platform(30, "run.9", "Starting process with command `bash`", "State changed from starting to up")
    found = judged(CALM + run(20, "run.1", "done") + run(60, "scheduler.2") + running)
    assert (found.verdict.kind, kinds(found)) == ("nothing_found", ["nothing_found"])


def test_a_run_that_ended_after_an_exception_without_its_exit_line_is_told_with_doubt() -> None:
    found = judged(CALM + run(30, "scheduler.1", *TRACE, status=None))
    assert (kinds(found)[0], found.verdict.severity, found.verdict.confidence) == ("job_end_unseen", "warning", "low")
    assert "ended after ConnectionError: refused; its exit status is not in this log" in found.verdict.summary


def test_a_run_without_an_exit_line_or_an_exception_is_no_finding() -> None:
    assert kinds(judged(CALM + run(30, "scheduler.1", "done", status=None))) == ["nothing_found"]


def test_graver_trouble_of_the_web_heads_the_report_and_the_job_is_told_below() -> None:
    found = judged(traffic(4, 200) + errors("web.2", 20) + run(60, "scheduler.1", *TRACE, status=1))
    assert (found.verdict.kind, found.verdict.severity) == ("one_dyno", "critical")
    assert "job_failed" in kinds(found)


def test_the_command_and_the_output_are_redacted() -> None:
    secret = run(20, "run.1", "login for ada@example.com failed, password=hunter2", status=1,
                 command="sync --token=abcdefgh12345 ada@example.com")  # fmt: skip
    document = json.dumps(diagnosis_document(judged(CALM + secret)))
    assert not any(word in document for word in ("hunter2", "abcdefgh12345", "ada@"))


def test_what_a_web_dyno_prints_is_nobody_elses_last_line() -> None:
    found = judged(CALM + run(20, "run.1", "mine", status=1) + said(29, "web.1", "not mine"))
    assert not any("not mine" in sentence for sentence in found.verdict.details)


def test_the_scheduler_case() -> None:
    found = judged(case_bytes("verdict-sched.log.gz").decode())
    assert (found.verdict.kind, found.verdict.severity, exit_code(found)) == ("job_failed", "warning", 10)
    assert found.verdict.summary.startswith("5 of 5 runs of the scheduler job `rake nightly` failed")
    assert "ConnectionError: upstream refused" in found.verdict.summary


def test_the_case_of_a_run_killed_with_a_status_of_its_own() -> None:
    found = judged(case_bytes("04-run-r15-status10.log").decode())
    assert (found.verdict.kind, exit_code(found)) == ("job_failed", 10)
    assert "R15 (Memory quota vastly exceeded) at 1,141 MB, 223 % of its quota" in found.verdict.summary
