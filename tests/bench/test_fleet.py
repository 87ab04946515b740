"""200 apps with 2,000 dynos, each call 80 ms away: the time over what it must take, memory, the rate limit, faults.

The lower bound is the calls by the calls at once by the latency. Replies are kept, so that the sandbox's own work does
not count.
"""

from __future__ import annotations

import io
import json
import os
import threading
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.heroku.api.side_by_side import CALLS_AT_ONCE
from herodyno.render.output import Output
from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.world import World
from tests.conftest import TOKEN

pytestmark = pytest.mark.slow
APPS, DYNOS, LATENCY = 200, 2_000, 0.08
MOST_RATIO = 1.3
TRIES = 3  # on a machine that does other work too, the best counts


class Away(httpx.BaseTransport):
    """The sandbox at a distance. The first time a call is made, its reply is kept. `faults` are by the app's name.

    With a `bucket` each call is taken from it, and a wait of the command takes no time of the test.
    """

    def __init__(self, world: World) -> None:
        self.state = State(account=world.account)
        self.world = world
        self.latency = 0.0
        self.faults: dict[str, Callable[[httpx.Request], httpx.Response]] = {}
        self.calls = self.now = self.most = self.refused = 0
        self.bucket: State | None = None
        self._began, self._slept = 0.0, 0.0
        self._sandbox = httpx.WSGITransport(application(world, state=self.state))
        self._kept: dict[tuple[str, str, str], tuple[int, httpx.Headers, bytes]] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.calls += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.latency)
        with self._lock:
            self.now -= 1
            parts = request.url.path.split("/")
            if len(parts) > 2 and (fault := self.faults.get(parts[2])):
                return fault(request)
            at = self.world.now + timedelta(seconds=max(self._slept, time.monotonic() - self._began))
            if self.bucket and request.url.host.startswith("api.") and not self.bucket.spend(at):
                self.refused += 1
                return httpx.Response(429, json={"id": "rate_limit", "message": "Slow."})
            key = (request.method, str(request.url), request.headers.get("range", ""))
            if key not in self._kept:
                reply = self._sandbox.handle_request(request)
                self._kept[key] = (reply.status_code, reply.headers, reply.read())
            status, headers, body = self._kept[key]
            if self.bucket:
                headers = httpx.Headers({**headers, "ratelimit-remaining": str(self.bucket.remaining(at))})
        return httpx.Response(status, headers=headers, content=body)

    def fill(self, calls: int) -> None:
        """Let the account have so many calls left, and time begin."""
        self.bucket = State(account=self.world.account, options=Options(rate_limit=calls))
        self.refused, self._slept, self._began = 0, 0.0, time.monotonic()

    def sleep(self, seconds: float) -> None:
        """A wait of several threads at once ends with the longest."""
        with self._lock:
            self._slept = max(self._slept, time.monotonic() - self._began + seconds)


class Told(NamedTuple):
    stdout: str
    stderr: str
    code: int
    seconds: float
    calls: int


@pytest.fixture(scope="module")
def away() -> Away:
    world = scenario("fleet", seed=1, apps=APPS, seconds=60.0)
    for name in world.apps:
        world.scale(name, [FormationUpdate(type="web", quantity=DYNOS // APPS)])
    world.tick(30.0)
    assert sum(len(world.dynos(name)) for name in world.apps) >= DYNOS
    return Away(world)


@pytest.fixture(autouse=True)
def _near(away: Away) -> None:
    away.latency, away.faults, away.bucket = 0.0, {}, None


def told(away: Away, *words: str) -> Told:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    environ = {**os.environ, "HEROKU_API_KEY": TOKEN}
    session = Session(
        Output(out, err, environ),
        environ=environ,
        clock=lambda: away.world.now,
        httpx_transport=away,
        sleep=away.sleep if away.bucket else time.sleep,
    )
    away.calls = away.most = 0
    began = time.monotonic()
    code = run([*words], session)
    seconds = time.monotonic() - began
    for stream in (out, err):
        stream.flush()
    return Told(out.buffer.getvalue().decode(), err.buffer.getvalue().decode(), code, seconds, away.calls)  # type: ignore[attr-defined] # BytesIO


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_the_time_is_that_of_the_calls_side_by_side(away: Away, command: str) -> None:
    words = (command, "--apps", "example-*")
    told(away, *words)  # each reply is kept from here on
    away.latency = LATENCY
    ratios = []
    for _ in range(TRIES):
        found = told(away, *words)
        ratios.append(found.seconds / (found.calls / CALLS_AT_ONCE * LATENCY))
        if ratios[-1] <= MOST_RATIO:
            break
    print(f"{command}: {found.calls} calls in {found.seconds:.2f} s, {away.most} at once, ratio {min(ratios):.2f}")
    assert min(ratios) <= MOST_RATIO


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_an_almost_empty_bucket_is_never_emptied(away: Away, command: str) -> None:
    away.fill(120)
    found = told(away, command, "--apps", "example-*", "--json")
    print(f"{command}: {found.calls} calls with 120 left, {away.refused} refused")
    assert found.calls > 3 * 120
    assert away.refused == 0
    assert all(row["error"] is None for row in json.loads(found.stdout)["apps"])


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_each_app_more_keeps_at_most_20_kb(away: Away, command: str) -> None:
    def peak(pattern: str) -> int:
        told(away, command, "--apps", pattern)
        tracemalloc.start()
        told(away, command, "--apps", pattern)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak("example-0[0-4]?"), peak("example-*")
    print(f"{command}: {few / 1e6:.1f} MB of 49 apps, {many / 1e6:.1f} MB of {APPS}")
    assert many - few < 151 * 20_000


def _raises(error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def fault(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    return fault


def _answers(status: int, **more: object) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, **more)  # type: ignore[arg-type] # the keywords of httpx


FAULTS = {
    "403": _answers(403, json={"id": "forbidden", "message": "You do not have access."}),
    "404": _answers(404, json={"id": "not_found", "message": "Couldn't find that app."}),
    "422": _answers(422, json={"id": "invalid_params", "message": "No."}),
    "429 without end": _answers(429, headers={"retry-after": "0"}, json={"id": "rate_limit", "message": "Slow."}),
    "500": _answers(500, text="oops"),
    "503 of a proxy": _answers(503, html="<h1>Application error</h1>"),
    "HTML for JSON": _answers(200, html="<p>Log in to the hotel's network</p>"),
    "JSON of another shape": _answers(200, json={"hello": []}),
    "cut off": _raises(httpx.RemoteProtocolError),
    "time-out": _raises(httpx.ReadTimeout),
}


@pytest.mark.parametrize("command", ["ps", "diagnose"])
def test_a_tenth_of_the_apps_fails_in_ten_ways_and_costs_no_other_its_answer(
    away: Away, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.heroku.api.call_budget.USUAL_WAIT_SECONDS", 0.1)
    failing = dict(zip([f"example-{10 * n:03d}" for n in range(1, 21)], [*FAULTS.values()] * 2, strict=True))
    away.faults = failing
    found = told(away, command, "--apps", "example-*", "--json")
    document = json.loads(found.stdout)
    failed = {row["app"]["name"] if command == "ps" else row["app"]: row["error"] for row in document["apps"]}
    assert {name for name, error in failed.items() if error} == set(failing)
    assert len(failed) == APPS
    assert found.code == (1 if command == "ps" else 20)
    assert TOKEN not in found.stdout + found.stderr
    print(f"{command}: {found.calls} calls in {found.seconds:.1f} s with {len(failing)} apps failing")
