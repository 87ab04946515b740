"""Several apps on an account with few calls left: it slows down, the bucket never empties, every app answers."""

from __future__ import annotations

import os
import shlex
import threading
from datetime import datetime

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.world.world import World
from tests.conftest import TOKEN


def lines_of(
    world: World, calls: int, capsys: pytest.CaptureFixture[str], line: str = "ps --apps example-*"
) -> tuple[list[str], str, int, State]:
    """What the command prints, with so many calls in the account's bucket."""
    state = State(account=world.account, options=Options(rate_limit=calls))
    environ = {**os.environ, "HEROKU_API_KEY": TOKEN}

    def sleep(seconds: float) -> None:
        with state.lock:
            world.tick(seconds)

    session = Session(
        Output.of_process(environ),
        environ=environ,
        clock=lambda: world.now,
        httpx_transport=httpx.WSGITransport(application(world, state=state)),
        sleep=sleep,
    )
    code = run(shlex.split(line), session)
    shown = capsys.readouterr()
    return shown.out.splitlines(), shown.err, code, state


def test_near_the_end_of_the_calls_it_slows_down_and_every_app_answers(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    began_at = world.now
    lines, stderr, code, state = lines_of(world, 110, capsys)
    assert code == 0
    assert lines[-1].startswith("12 apps, 26 of 26 dynos up")
    assert stderr.count("going on as they come back, 75 a minute") == 1
    assert world.now > began_at
    assert state.remaining(world.now) > 0


def test_writes_to_many_apps_slow_down_before_the_bucket_is_empty(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    spend, tick = State.spend, World.tick

    def spent(state: State, at: datetime) -> bool:
        answers.append(spend(state, at))
        return answers[-1]

    def ticked(world: World, seconds: float) -> None:
        if threading.current_thread() is threading.main_thread():  # the plan waits elsewhere, the writes here
            tick(world, seconds)

    monkeypatch.setattr(State, "spend", spent)
    monkeypatch.setattr(World, "tick", ticked)
    lines_of(world, 4500, capsys, "restart web.1 --apps example-* --dry-run")
    calls = len(answers) + 4  # of the plan, and of four writes
    _, stderr, code, _ = lines_of(world, calls, capsys, "restart web.1 --apps example-* --confirm '12 apps'")
    assert (code, all(answers)) == (0, True)
    assert "done (12 of 12)" in stderr


def test_with_calls_left_nothing_waits(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    began_at = world.now
    _, stderr, code, _ = lines_of(world, 4500, capsys)
    assert (stderr, code, world.now) == ("", 0, began_at)
