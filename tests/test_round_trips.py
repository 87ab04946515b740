"""How often each command waits for Heroku: its requests, and which of them go out together."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session

PATIENCE = 5.0  # seconds for the requests of one stage to come together; only a failing test waits so long


class Stages(httpx.BaseTransport):
    """Holds every reply until as many requests wait as are expected at once: those that stand in one stage do not
    need each other's replies."""

    def __init__(self, inner: httpx.BaseTransport, sizes: list[int]) -> None:
        self.stages: list[list[str]] = []
        self._inner = inner
        self._sizes = sizes
        self._changed = threading.Condition()
        self._waiting = 0

    def handle_request(self, asked: httpx.Request) -> httpx.Response:
        with self._changed:
            if not self._waiting or self._is_full(self.stages[-1]):
                self.stages.append([])
            stage = self.stages[-1]
            path = asked.url.path.removeprefix("/apps/example-app") or "/"
            stage.append(f"{asked.method} {path}" if asked.url.host == "api.heroku.com" else "GET log")
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_full(stage), PATIENCE)
        try:
            return self._inner.handle_request(asked)
        finally:
            with self._changed:
                self._waiting -= 1

    def _is_full(self, stage: list[str]) -> bool:
        number = next(i for i, each in enumerate(self.stages) if each is stage)
        return number >= len(self._sizes) or len(stage) >= self._sizes[number]


LOOK_FIRST = ["GET /dynos", "GET /formation"]
TRIPS = {
    "ps": [["GET /", "GET /dynos", "GET /formation", "GET /releases"]],
    "ps --json": [["GET /", "GET /dynos", "GET /formation", "GET /releases"]],
    "sizes": [["GET /available-dyno-sizes", "GET /formation"]],
    "scale": [["GET /available-dyno-sizes", "GET /formation"]],
    # A change is preceded by one look: for the question before a big loss, for what undoes it, for the dyno's id.
    # The log shows who else scales: it is read beside the look.
    "scale web=5": [
        ["GET /available-dyno-sizes", "GET /formation", "POST /log-sessions"],
        ["GET log"],
        ["PATCH /formation"],
    ],
    "restart web.1": [["GET /", *LOOK_FIRST], ["DELETE /dynos/{id}"]],
    "restart web --confirm example-app": [["GET /", *LOOK_FIRST], ["DELETE /formations/web"]],
    "stop web.1": [LOOK_FIRST, ["POST /dynos/{id}/actions/stop"]],
    "wait": [["GET /dynos", "GET /formation", "GET /releases"]],
    "run list": [["GET /available-dyno-sizes", *LOOK_FIRST]],
    "run --detach ls": [["GET /", "GET /available-dyno-sizes", "GET /formation"], ["POST /dynos"]],
    "logs -n 1500": [["GET /", "POST /log-sessions"], ["GET log"]],
    "diagnose": [
        ["GET /", "GET /available-dyno-sizes", "GET /dynos", "GET /formation", "GET /releases", "POST /log-sessions"],
        ["GET log"],
    ],
}


@pytest.mark.parametrize("line", TRIPS)
def test_73_a_command_makes_these_requests_and_waits_so_often(
    make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str], line: str
) -> None:
    session = make_session({"HEROKU_API_KEY": "any", "HEROKU_APP": "example-app"})
    assert session.httpx_transport is not None
    watched = Stages(session.httpx_transport, [len(stage) for stage in TRIPS[line]])
    session.httpx_transport = watched
    assert run(line.split(), session) in (0, 20)
    stages = [sorted(re.sub(r"/[0-9a-f-]{36}", "/{id}", request) for request in stage) for stage in watched.stages]
    assert stages == [sorted(stage) for stage in TRIPS[line]]
