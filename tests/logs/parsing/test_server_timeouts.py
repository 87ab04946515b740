"""Timeouts that servers print are known in the wordings of each server, and nothing else is."""

from __future__ import annotations

import pytest

from herodyno.logs.parsing.server_timeouts import is_rack_timeout, server_timeout
from herodyno.logs.scan.scanner import Scanner

AT = "2026-03-02T12:00:01.000002+00:00"
TOLD = {
    "[2026-03-02 12:00:00 +0000] [4] [CRITICAL] WORKER TIMEOUT (pid:10)": "gunicorn",
    "2026-03-02 12:00:00 [4] [CRITICAL] WORKER TIMEOUT (pid:10)": "gunicorn",
    "[4] ! Terminating timed out worker: 10": "puma",
    "[4] ! Terminating timed out worker (worker failed to check in within 60 seconds): 10": "puma",
    "E, [2026-03-02T12:00:00.000000 #4] ERROR -- : worker=1 PID:9 timeout (31s > 30s), killing": "unicorn",
    "worker=0 PID:10 timeout (61s > 60s), killing": "unicorn",
    "source=rack-timeout id=4f0c timeout=15000ms service=15001ms state=timed_out": "rack-timeout",
    "*** HARAKIRI ON WORKER 1 (pid: 10, try: 1) ***": "uWSGI",
    "2026/03/02 12:00:00 [error] 12#0: *1 upstream timed out (110: Connection timed out) while reading": "nginx",
}
OTHER = ["source=rack-timeout id=4f0c service=20ms state=completed", "worker 3 (idle), killing", "timeout=30", ""]


@pytest.mark.parametrize(("text", "server"), TOLD.items())
def test_each_server_is_known_by_its_words(text: str, server: str) -> None:
    assert server_timeout(text) == server


@pytest.mark.parametrize("text", OTHER)
def test_other_lines_are_no_timeouts(text: str) -> None:
    assert server_timeout(text) == ""


@pytest.mark.parametrize("text", TOLD)
def test_the_scan_leaves_such_a_line_to_the_events(text: str) -> None:
    usual = f"{AT} app[web.1]: level=info\n"
    found = Scanner(year=2026).block(f"{usual}{AT} app[web.1]: {text}\n{usual}".encode())
    assert (found.rows, len(found.events)) == (2, 1)


def test_an_exception_of_rack_timeout_is_one_whatever_its_class() -> None:
    assert is_rack_timeout("Rack::Timeout::RequestTimeoutException")
    assert not is_rack_timeout("Net::ReadTimeout")
