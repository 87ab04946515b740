"""Timeouts that the app's server prints are counted, beside the router's codes on the same dynos."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.report import Diagnosis, Finding
from tests.diagnosis.reading import failed, judged, log, request, stamp

TOLD = {
    "gunicorn": "[2026-03-02 12:00:00 +0000] [4] [CRITICAL] WORKER TIMEOUT (pid:10)",
    "puma": "[4] ! Terminating timed out worker (worker failed to check in within 60 seconds): 10",
    "unicorn": "E, [2026-03-02T12:00:00.000000 #4] ERROR -- : worker=1 PID:9 timeout (31s > 30s), killing",
    "rack-timeout": "Rack::Timeout::RequestTimeoutException (Request ran for longer than 15000ms):",
}


def answer_to(text: str, times: int, *, code: str = "") -> Diagnosis:
    lines = [request(i * 1.1, f"web.{1 + i % 4}", client=f"192.0.2.{i % 60}") for i in range(2000)]
    for i in range(times):
        lines.append(f"{stamp(40 + i * 60)} app[web.2]: {text}\n")
        if code:
            lines.append(failed(40.2 + i * 60, "web.2", path=f"/p{i}", code=code, client=f"192.0.2.{i}"))
    return judged("".join(lines))


def finding(answer: Diagnosis) -> Finding:
    (found,) = [each for each in answer.findings if each.kind == "server_timeouts"]
    return found


@pytest.mark.parametrize("server", TOLD)
@pytest.mark.parametrize("code", ["H12", "H13"])
def test_the_servers_own_timeouts_stand_beside_the_routers(server: str, code: str) -> None:
    found = finding(answer_to(TOLD[server], 7, code=code))

    assert found.severity == "warning"
    assert found.dyno == "web.2"
    assert f"the server itself ended 7 requests or workers for taking too long ({server} x7)" in found.sentence
    assert found.sentence.endswith(f"; beside {code} x7 there")


def test_timeouts_without_a_word_of_the_router_are_told_as_well() -> None:
    answer = answer_to(TOLD["gunicorn"], 6)

    assert finding(answer).sentence.endswith("; no H12 or H13 there")
    assert answer.verdict.label == "SERVER TIMEOUTS"


def test_two_timeouts_alarm_nobody() -> None:
    assert finding(answer_to(TOLD["puma"], 2)).severity == "info"


def test_rack_timeouts_line_and_exception_are_one_timeout() -> None:
    """The log has one line and one exception of rack-timeout, and a line of a request that went well."""
    assert "rack-timeout x1" in finding(judged(log("timeouts-and-websockets"))).sentence
