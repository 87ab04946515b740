"""A crash is told with what the app printed last, and nobody is sent to read a log that lies before them."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.reading import judged, request, stamp

PYTHON = ("Traceback (most recent call last):", '  File "/app/app.py", line 9, in <module>', "KeyError: 'SECRET_KEY'")
NODE = ("Error: connect ECONNREFUSED 127.0.0.1:5432", "    at TCPConnectWrap.afterConnect (node:net:1300:16)")
NPM = ("npm ERR! code ELIFECYCLE", "npm ERR! errno 1", "npm ERR! A complete log of this run can be found in:")


def crash(at: float, *printed: str, after: float = 0.1) -> str:
    """A dyno that boots, prints, and exits some time later."""
    app = "".join(f"{stamp(at + 3 + i / 1000)} app[web.1]: {text}\n" for i, text in enumerate(printed))
    return (
        f"{stamp(at)} heroku[web.1]: Starting process with command `run`\n"
        f"{stamp(at + 2)} heroku[web.1]: State changed from starting to up\n{app}"
        f"{stamp(at + 3 + after)} heroku[web.1]: Process exited with status 1\n"
        f"{stamp(at + 3.01 + after)} heroku[web.1]: State changed from up to crashed\n"
    )


def told(answer: Diagnosis) -> str:
    return " ".join(answer.verdict.details)


def advice(answer: Diagnosis) -> str:
    return " ".join(f"{' '.join(action.argv)} {action.text}" for action in answer.actions)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (PYTHON, "KeyError: 'SECRET_KEY'"),
        (NODE, "Error: connect ECONNREFUSED 127.0.0.1:5432"),
        ((*NODE, *NPM), "Error: connect ECONNREFUSED 127.0.0.1:5432"),
    ],
)
def test_the_last_exception_stands_in_the_report_with_its_message(printed: tuple[str, ...], expected: str) -> None:
    answer = judged(crash(0, "booting", *printed) + crash(60, "booting", *printed))

    assert answer.verdict.kind == "crash"
    assert f"The last exception it printed, at 12:01: {expected}." in told(answer)
    assert advice(answer).lstrip().startswith(f"mend this first: {expected}")
    assert "heroku logs" not in advice(answer)


def test_without_an_exception_the_last_three_lines_stand_in_the_report() -> None:
    answer = judged(crash(0, "one", "loading config", "sh: 1: node: not found", "giving up", *NPM))

    assert "The last lines it printed: loading config / sh: 1: node: not found / giving up." in told(answer)
    assert "heroku logs" not in advice(answer)


def test_an_exception_long_before_the_exit_is_not_taken_for_its_reason() -> None:
    answer = judged(crash(0, *PYTHON, after=900.0) + f"{stamp(800)} app[web.1]: out of file handles\n")

    assert "The last exception" not in told(answer)
    assert "out of file handles" in told(answer)


def boot_timeout(at: float) -> str:
    return (
        f"{stamp(at)} heroku[web.1]: State changed from crashed to starting\n"
        f"{stamp(at + 2)} heroku[web.1]: Starting process with command `run`\n"
        f"{stamp(at + 62)} heroku[web.1]: Error R10 (Boot timeout) -> Web process failed to bind to $PORT\n"
        f"{stamp(at + 62.1)} heroku[web.1]: Process exited with status 137\n"
        f"{stamp(at + 62.2)} heroku[web.1]: State changed from starting to crashed\n"
    )


def test_a_boot_timeout_comes_before_the_exception_of_an_earlier_crash() -> None:
    answer = judged(crash(0, *PYTHON) + boot_timeout(30))

    assert "$PORT" in answer.actions[0].text
    assert "The last exception it printed, at 12:00: KeyError: 'SECRET_KEY'." in told(answer)


def test_an_exception_of_the_boot_that_timed_out_comes_first() -> None:
    printed = "".join(f"{stamp(60 + i / 1000)} app[web.1]: {text}\n" for i, text in enumerate(PYTHON))

    assert "KeyError" in judged(crash(0) + boot_timeout(30) + printed).actions[0].text


def test_a_line_of_evidence_says_an_exception_once() -> None:
    answer = judged(crash(0, *NODE) + crash(60, *PYTHON))
    shown = [each.line for finding in answer.findings for each in finding.evidence]

    assert any("Traceback" in raw and raw.endswith("... KeyError: 'SECRET_KEY'") for raw in shown)
    assert all(raw.count("ECONNREFUSED") <= 1 for raw in shown)


def test_an_app_that_printed_nothing_may_be_asked_for_its_log() -> None:
    assert "heroku logs" in advice(judged(crash(0)))


def test_what_was_printed_is_redacted() -> None:
    answer = judged(
        crash(0, "RuntimeError: no login for ada@example.com at 203.0.113.9, password=hunter2", "    at x (/a.js:1:2)")
    )

    for secret in ("ada@", "203.0.113.9", "hunter2"):
        assert secret not in told(answer) + advice(answer)


def test_the_finding_on_exceptions_has_the_message_of_the_last() -> None:
    lines = "".join(request(i, f"web.{1 + i % 2}") for i in range(200))
    trace = "".join(f"{stamp(50 + i / 1000)} app[web.2]: {text}\n" for i, text in enumerate(PYTHON))
    (finding,) = [each for each in judged(lines + trace).findings if each.kind == "exceptions"]

    assert finding.sentence.endswith("; the last, at 12:00: KeyError: 'SECRET_KEY'")


def test_the_exception_of_an_ordinary_stop_is_no_evidence() -> None:
    stop = (
        f"{stamp(300)} heroku[web.1]: Idling\n{stamp(302)} heroku[web.1]: Stopping all processes with SIGTERM\n"
        f"{stamp(303)} app[web.1]: [2026-03-02 12:05:03] ERROR SignalException: SIGTERM\n"
        f"{stamp(304)} heroku[web.1]: Process exited with status 143\n"
    )
    printed = "".join(f"{stamp(60 + i / 1000)} app[web.1]: {text}\n" for i, text in enumerate(PYTHON))
    found = judged(request(1, "web.1") + printed + stop)
    evidence = [each.line for finding in found.findings for each in finding.evidence]

    assert any("KeyError" in line for line in evidence)
    assert not any("SignalException" in line for line in evidence)
