"""The official Heroku CLI in a terminal: second factor, a shell in a one-off dyno, login and logout, Fir and Eco."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario
from tests.real_parts import HEROKU_CLI, need_heroku_cli, needed
from tests.sandbox.conftest import MakeWorld
from tests.sandbox.heroku_cli import call, surroundings

_cli = needed(need_heroku_cli)
pytestmark = pytest.mark.real


class Terminal:
    """A command in a terminal; a token is not given where `logs_in`."""

    def __init__(self, server: Server, home: Path, *words: str, logs_in: bool = False) -> None:
        env = surroundings(server, home)
        del env["CI"]
        if logs_in:
            del env["HEROKU_API_KEY"]
        self._process = pexpect.spawn(
            str(HEROKU_CLI), list(words), env=env, timeout=30, encoding="utf-8", dimensions=(40, 120)
        )

    def answer(self, prompt: str, text: str) -> None:
        self._process.expect(prompt)
        self._process.send(text)

    def end(self) -> tuple[int | None, str]:
        """The exit code, and what was shown since the last answer, without colours and movements."""
        self._process.expect(pexpect.EOF)
        shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", str(self._process.before))
        self._process.close()
        return self._process.exitstatus, shown


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def server(make_world: MakeWorld) -> Iterator[Server]:
    with Server(make_world(web=2), speed=60) as running:
        yield running


def test_a_second_factor_is_asked_for_and_taken(make_world: MakeWorld, home: Path) -> None:
    with Server(make_world(), options=Options(two_factor="123456")) as server:
        terminal = Terminal(server, home, "apps:info")
        terminal.answer("Two-factor code", "123456\r")
        code, shown = terminal.end()
        assert (code, "Owner: " in shown) == (0, True)
        assert server.state.pre_authorized == {"example-app"}


def test_a_shell_in_a_one_off_dyno(server: Server, home: Path) -> None:
    terminal = Terminal(server, home, "run", "-x", "bash")
    terminal.answer(r"~ \$ ", "echo $TERM $COLUMNS\r")
    terminal.answer(r"xterm\S* 120", "")
    terminal.answer(r"~ \$ ", "sleep 600\r")
    terminal.answer("sleep 600", "\x03")
    terminal.answer(r"~ \$ ", "exit 3\r")
    assert terminal.end()[0] == 3


def test_login_and_logout(server: Server, home: Path) -> None:
    login = Terminal(server, home, "login", "-i", logs_in=True)
    login.answer("Email", "ana@example.com\r")
    login.answer("Password", "secret\r")
    code, shown = login.end()
    assert (code, "Logged in as ana@example.com" in shown) == (0, True)

    assert "ana@example.com" in Terminal(server, home, "whoami", logs_in=True).end()[1]
    assert Terminal(server, home, "logout", logs_in=True).end()[0] == 0
    assert Terminal(server, home, "whoami", logs_in=True).end()[0] == 100
    assert len(server.state.revoked) == 1


def test_a_process_inside_a_fir_dyno_and_a_one_off_one(home: Path) -> None:
    with Server(scenario("fir-app"), speed=60) as server:
        dyno = next(iter(server.world.app("example-app").dynos))
        assert "inside" in Terminal(server, home, "run:inside", dyno, "echo inside").end()[1]
        code, shown = Terminal(server, home, "run", "-x", "sh -c 'exit 4'").end()
        assert (code, "launcher sh" in shown) == (4, True)


def test_an_eco_apps_hours_are_shown(make_world: MakeWorld, home: Path) -> None:
    with Server(make_world(size="Eco", old=7200.0), speed=0) as server:
        ran = call(server, home, "ps")
    assert "Eco dyno hours quota remaining this month: 998h 0m (99%)" in ran.words
    assert "Eco dyno usage for this app: 2h 0m (0%)" in ran.words
