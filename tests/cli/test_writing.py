"""What a person at a terminal sees of a change: the question, progress in place, and plain lines in a pipe."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario
from tests.cli.at_terminal import Person, end

APP = "example-app"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Person]:
    """A person at a terminal, and a sandbox whose clock turns eight times as fast."""
    world = scenario("healthy", seed=1, start=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    with Server(world, speed=8.0) as server:
        one = Person(server, tmp_path)
        one.environ |= {"HEROKU_API_KEY": server.environment["HEROKU_API_KEY"], "XDG_STATE_HOME": str(tmp_path)}
        yield one


def quantity(served: Person) -> int:
    return next(each.quantity for each in served.server.world.formation(APP) if each.type == "web")


def test_61_the_question_names_the_app_and_what_happens_and_only_the_name_is_a_yes(served: Person) -> None:
    before = quantity(served)
    child = served.types("scale", "web=0", "--app", APP)
    child.expect("On example-app: web goes from [0-9]+ to 0 dynos. Type the app's name to go on:")
    child.sendline("yes")
    shown, code = end(child)
    assert code == 1
    assert "not confirmed; nothing was sent." in shown
    assert quantity(served) == before
    child = served.types("scale", "web=0", "--app", APP)
    child.expect("Type the app's name to go on:")
    child.sendline(APP)
    shown, code = end(child)
    assert code == 0
    assert "to undo: herodyno scale web=" in shown
    assert quantity(served) == 0


def test_69_ctrl_c_at_the_question_sends_nothing(served: Person) -> None:
    before = quantity(served)
    child = served.types("scale", "web=0", "--app", APP)
    child.expect("Type the app's name to go on:")
    child.sendcontrol("c")
    assert end(child)[1] == 130
    assert quantity(served) == before


def test_27_no_input_does_not_ask_even_on_a_terminal(served: Person) -> None:
    shown, code = end(served.types("scale", "web=0", "--app", APP, "--no-input"))
    assert code == 2
    assert "--confirm example-app" in shown


def test_41_progress_stands_in_place_on_a_terminal(served: Person) -> None:
    shown, code = end(served.types("restart", "web.1", "--wait", "--app", APP))
    assert code == 0
    waiting = [part for part in shown.split("\r\x1b[2K") if part.startswith("waiting: ")]
    assert waiting
    assert all("\n" not in part for part in waiting)
    assert "dynos up, after" in shown.splitlines()[-1]


def test_41_what_is_waited_for_is_said_where_nobody_answers(served: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        nearby = {"HEROKU_HOST": f"http://{host}", "HERODYNO_TIMEOUT": "1"}
        shown, code = end(served.types("ps", "--app", APP, environ=nearby))
    assert code == 6
    assert f"waiting for {host}\r\x1b[2K" in shown


def test_42_in_a_pipe_progress_is_plain_lines(served: Person) -> None:
    words = [sys.executable, "-m", "herodyno", "restart", "web.1", "--wait", "--app", APP]
    done = subprocess.run(words, env=served.environ, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == len(set(lines))
    assert any(line.startswith("waiting: ") for line in lines)


@pytest.mark.slow
def test_killed_hard_in_the_middle_of_a_roll_it_can_be_resumed_and_nothing_restarts_twice(served: Person) -> None:
    before = {dyno.name: dyno.id for dyno in served.server.world.dynos(APP) if dyno.type == "web"}
    child = served.types("restart", "web", "--rolling", "--order", "name", "--steady", "1s", "--app", APP)
    child.expect("web.2[^\n]* not yet steady")
    child.kill(signal.SIGKILL)
    child.wait()
    first = served.server.world.dyno(APP, "web.1").id
    shown, code = end(served.types("restart", "--resume", "--app", APP))
    assert code == 0, shown
    assert f"{len(before)} of {len(before)} dynos restarted and steady." in shown
    assert served.server.world.dyno(APP, "web.1").id == first != before["web.1"]
    for name in before:
        lives = [each for each in served.server.world.app(APP).incarnations() if each.name == name]
        assert len(lives) == 2, name
