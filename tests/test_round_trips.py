"""How often each command waits for Heroku: its requests, and which of them go out together."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session

QUIET = 0.15  # seconds without a new request: all that could go out together has gone out


class Stages(httpx.BaseTransport):
    """Holds every reply until no further request comes; so requests that need no reply stand in one stage."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.stages: list[list[str]] = []
        self._inner = inner
        self._lock = threading.Lock()
        self._waiting = 0
        self._last = 0.0

    def handle_request(self, asked: httpx.Request) -> httpx.Response:
        with self._lock:
            if not self._waiting:
                self.stages.append([])
            self._waiting += 1
            self._last = time.monotonic()
            path = asked.url.path.replace("/apps/example-app", "").split("/logs/")[0]
            self.stages[-1].append(f"{asked.method} {path or '/'}" if asked.url.host == "api.heroku.com" else "GET log")
        while time.monotonic() - self._last < QUIET:
            time.sleep(0.01)
        try:
            return self._inner.handle_request(asked)
        finally:
            with self._lock:
                self._waiting -= 1


LOOK_FIRST = ["GET /dynos", "GET /formation"]
TRIPS = {
    "ps": [["GET /dynos", "GET /formation", "GET /releases"]],
    "ps --json": [["GET /dynos", "GET /formation", "GET /releases"]],
    "sizes": [["GET /available-dyno-sizes", "GET /formation"]],
    "scale": [["GET /available-dyno-sizes", "GET /formation"]],
    # A change is preceded by one look: for the question before a big loss, for what undoes it, for the dyno's id.
    "scale web=5": [["GET /available-dyno-sizes", "GET /formation"], ["PATCH /formation"]],
    "restart web.1": [["GET /", *LOOK_FIRST], ["DELETE /dynos/{id}"]],
    "restart web --confirm example-app": [["GET /", *LOOK_FIRST], ["DELETE /formations/web"]],
    "stop web.1": [LOOK_FIRST, ["POST /dynos/{id}/actions/stop"]],
    "wait": [["GET /dynos", "GET /formation", "GET /releases"]],
    "run list": [["GET /available-dyno-sizes", *LOOK_FIRST]],
    "run --detach ls": [["GET /", "GET /available-dyno-sizes", "GET /formation"], ["POST /dynos"]],
    "logs -n 1500": [["GET /", "POST /log-sessions"], ["GET log"]],
    "diagnose": [
        ["GET /", "GET /dynos", "GET /formation", "GET /releases"],
        ["GET /available-dyno-sizes", "POST /log-sessions"],
        ["GET log"],
    ],
}


@pytest.mark.parametrize("line", TRIPS)
def test_a_command_makes_these_requests_and_waits_so_often(
    make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str], line: str
) -> None:
    session = make_session({"HEROKU_API_KEY": "any", "HEROKU_APP": "example-app"})
    assert session.httpx_transport is not None
    session.httpx_transport = watched = Stages(session.httpx_transport)
    assert run(line.split(), session) in (0, 20)
    stages = [sorted(re.sub(r"/[0-9a-f-]{36}", "/{id}", request) for request in stage) for stage in watched.stages]
    assert stages == [sorted(stage) for stage in TRIPS[line]]
