"""The app a command works on: shown with its origin before every write; conflicts and bad names send nothing."""

from __future__ import annotations

import io
import os
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.logs.events import LogLine
from herodyno.render.output import Output
from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke, Terminal
from tests.heroku.faults import Line, faults, reply

WRITES = ("scale web+1", "restart web.1", "stop web.2", "run --detach -- echo hello")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory is a checkout with two Heroku remotes."""
    monkeypatch.chdir(tmp_path)
    for words in (
        ("init", "-q"),
        ("remote", "add", "heroku", "https://git.heroku.com/example-app.git"),
        ("remote", "add", "staging", "git@heroku.com:example-staging.git"),
    ):
        subprocess.run(["git", *words], check=True)
    return tmp_path


@pytest.mark.parametrize("write", WRITES)
def test_every_write_shows_the_app_and_where_it_comes_from(
    invoke: Invoke, world: World, checkout: Path, write: str
) -> None:
    command, words = write.split(" ", 1)
    for flags, variable, origin in (
        ("-a example-app", "other-app", "from -a"),
        ("-r heroku", None, "from git remote heroku"),
        ("", "example-app", "from HEROKU_APP"),
    ):
        environ = {**os.environ, "HEROKU_API_KEY": "x", **({"HEROKU_APP": variable} if variable else {})}
        _, stderr, code = invoke(f"{command} {flags} {words}", environ=environ)
        assert code == 0, stderr
        assert "example-app" in stderr
        assert origin in stderr
        world.tick(10)  # until the list of dynos shows what the write did


def nothing_may_be_sent(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.method} {request.url} was sent")


@pytest.mark.parametrize("command", ["ps", "diagnose", "sizes", "wait", *WRITES])
@pytest.mark.parametrize(
    ("flags", "variable", "words"),
    [
        (["-a", "example-app", "-r", "heroku"], None, "-a example-app and -r heroku"),
        (["-r", "staging"], "example-app", "-r staging means example-staging, and HEROKU_APP says 'example-app'"),
        (["-a", "../account"], None, "'../account'"),
        (["-a", "demo/dynos/web.1?x="], None, "'demo/dynos/web.1?x='"),
        ([], "", "the app is empty; it comes from HEROKU_APP"),
        ([], None, "-r heroku is example-app, -r staging is example-staging"),
        (["-a", "dé mo"], None, "'dé mo'"),
        (["-a", "demo\r\nx: y"], None, r"'demo\r\nx: y'"),
        (["-a", "demo\udcff"], None, r"'demo\udcff'"),
    ],
    ids=["conflict", "variable", "A7", "A8", "A10", "A11", "A12", "A13", "A24"],
)
def test_conflicts_and_names_that_cannot_be_send_nothing(
    command: str, flags: list[str], variable: str | None, words: str, checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {**os.environ, "HEROKU_API_KEY": "x", **({} if variable is None else {"HEROKU_APP": variable})}
    session = Session(
        Output.of_process(environ), environ=environ, httpx_transport=httpx.MockTransport(nothing_may_be_sent)
    )
    name, *rest = command.split()
    assert run([name, *flags, *rest], session) == 2
    assert words in capfd.readouterr().err


def test_e10_a_token_revoked_during_a_rolling_restart_stops_it_with_exit_4_and_says_how_far_it_got(
    capfd: pytest.CaptureFixture[str],
) -> None:
    world = scenario("healthy", seed=1, start=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    state = State(account=world.account)
    inner, restarted = httpx.WSGITransport(application(world, state=state)), []

    class RevokesAfterTheSecondDyno(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "DELETE":
                restarted.append(request.url.path.rpartition("/")[2])
            reply = inner.handle_request(request)
            if len(restarted) == 2:
                state.revoked.add("HRKU-revoked-later")
            return reply

    environ = {**os.environ, "HEROKU_API_KEY": "HRKU-revoked-later"}
    session = Session(
        Output.of_process(environ), environ=environ, clock=lambda: world.now, sleep=world.tick,
        httpx_transport=RevokesAfterTheSecondDyno(),
    )  # fmt: skip
    code = run(["restart", "web", "--rolling", "--order", "name", "-a", "example-app"], session)
    shown = "".join(capfd.readouterr())
    assert code == 4
    assert len(restarted) == 2, "nothing more was sent"
    assert "does not take the token from HEROKU_API_KEY" in shown
    assert "web.1" in shown
    assert "--resume" in shown


def test_b52_a_clock_that_differs_from_the_apis_is_noted_once_a_run(
    make_session: Callable[..., Session], world: World, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "clock" not in invoke("ps -a example-app").stderr
    late = world.now - timedelta(minutes=30)
    session = make_session()
    monkeypatch.setattr(session, "now", lambda: late)
    notes: list[str] = []
    monkeypatch.setattr(session.output, "note", notes.append)
    assert run(["ps", "-a", "example-app"], session) == 0
    assert len([note for note in notes if "the API's clock is 30 min ahead of this machine's" in note]) == 1


@pytest.mark.parametrize("minutes", [-600, -30, -2, 2, 600])
def test_ages_count_from_the_apis_clock_where_this_machines_is_wrong(
    minutes: int, make_session: Callable[..., Session], world: World, invoke: Invoke, capfd: pytest.CaptureFixture[str]
) -> None:
    right = invoke("ps -a example-app --columns dyno,age").stdout
    session = make_session()
    wrong = world.now + timedelta(minutes=minutes)
    session.now = lambda: wrong  # type: ignore[method-assign] # a clock that is off
    capfd.readouterr()
    assert run(["ps", "-a", "example-app", "--columns", "dyno,age"], session) == 0
    assert capfd.readouterr().out == right


@pytest.mark.parametrize(("tail", "is_said"), [(False, True), (True, False)])
def test_41_whom_a_slow_log_is_waited_for_is_said_on_a_terminal(tail: bool, is_said: bool) -> None:
    written, said = io.BytesIO(), threading.Event()

    class Screen(Terminal):
        def write(self, text: str) -> int:
            if "waiting for" in text:
                said.set()
            return super().write(text)

    def slow(line: Line) -> None:
        said.wait(10 if is_said else 0.3)
        reply(200, b"a line\n", content_type="text/plain")(line)

    with faults(slow) as server:
        session = Session(Output(None, Screen(written, encoding="utf-8"), {}), environ={"HEROKU_HOST": server.url})
        assert list(session.log_bytes(server.url, tail=tail)) == [b"a line\n"]
    assert written.getvalue().decode() == ("\r\x1b[2Kwaiting for 127.0.0.1\r\x1b[2K" if is_said else "")


def test_an_app_is_followed_over_sessions_that_are_cut(
    world: World, make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.heroku.log.tail.back_off", lambda tries, chance: 0.0)

    def turn() -> bool:
        world.tick(5)
        return True

    session = make_session()
    session.httpx_transport = httpx.WSGITransport(application(world, wait=turn, options=Options(cut_after=400)))
    before = world.log_text("example-app").splitlines()
    followed: list[str] = []
    with session.tail("example-app") as tail:
        for batch in tail:
            assert all(isinstance(item, LogLine) for item in batch)  # no gap
            followed += [item.raw for item in batch if isinstance(item, LogLine)]
            if tail.sessions > 3:
                break
    assert followed[:1000] == before[1:1001]  # the line that tells of our own session pushed one out
    assert len(followed) > len(before) + 1000
    assert len(set(followed)) == len(followed)
