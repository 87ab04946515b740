"""`run` as a process of its own, in a real terminal or between pipes, against a real TLS rendezvous."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.cli.real_terminal import Terminal, terminal
from tests.cli.run.one_off_stage import Stage, banner, hold, say
from tests.heroku.rendezvous_server import Client

Run = Callable[..., AbstractContextManager[Terminal]]
EVERY_BYTE = bytes(range(256)) * 16
README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def environ(stage: Stage) -> Iterator[dict[str, str]]:
    """The environment of a process that talks to the stage."""
    with stage.served() as variables:
        yield variables


@pytest.fixture
def at_terminal(environ: dict[str, str], tmp_path: Path) -> Run:
    """Runs `herodyno run WORDS` in a terminal."""
    return lambda *words: terminal(["run", *words], environ, tmp_path)


@pytest.fixture
def piped(environ: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts `herodyno run WORDS` between pipes."""

    def start(*words: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "herodyno", "run", *words],
            stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE,
            env={**environ, "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )  # fmt: skip

    return start


class Listening:
    """A part of a script that keeps what the client sends."""

    def __init__(self, until: bytes) -> None:
        self.until = until
        self.got = b""

    def __call__(self, client: Client) -> None:
        self.got = client.read_until(self.until)


def test_a_terminal_is_told_at_the_start_and_shows_what_the_dyno_sends(stage: Stage, at_terminal: Run) -> None:
    stage.play(banner, say("grün ✓\r\n".encode(), b"\x1b[31mred\x1b[0m"), stage.end(0))
    with at_terminal("bash") as person:
        assert person.end() == 0
        starts = next(number for number, line in enumerate(person.screen) if " starts (Standard-1X" in line)
        assert person.screen[starts + 1 :] == ["grün ✓", "red"]
    assert stage.body["env"] == {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    assert "force_no_tty" not in stage.body


def test_d20_a_later_change_of_size_disturbs_nothing(stage: Stage, at_terminal: Run) -> None:
    keys = Listening(b"q")
    stage.play(banner, say(b"ready"), keys, stage.end(0))
    with at_terminal("top") as person:
        person.wait_for_text(b"ready")
        person.kill(signal.SIGWINCH)
        person.type(b"q")
        assert person.end() == 0
    assert keys.got == b"q"


def test_d13_ctrl_c_while_connecting_is_130_and_names_the_dyno(stage: Stage, at_terminal: Run) -> None:
    stage.play(hold)
    with at_terminal("bash") as person:
        person.wait_for(lambda: stage.server.secrets)
        assert not person.is_raw
        person.type(b"\x03")
        assert person.end() == 130
        assert f"herodyno stop {stage.dyno} --app example-app".encode() in person.shown


def test_d14_ctrl_c_goes_to_the_dyno_and_so_does_every_key(stage: Stage, at_terminal: Run) -> None:
    keys = Listening(b"!")
    stage.play(banner, say(b"ready"), keys, stage.end(7))
    with at_terminal("bash") as person:
        person.wait_for_text(b"ready")
        assert person.is_raw
        person.type(b"\x03\x1a\x1c\x04\r\x7f\x1b[A\xff!")
        assert person.end() == 7
    assert keys.got == b"\x03\x1a\x1c\x04\r\x7f\x1b[A\xff!"


@pytest.mark.parametrize("pause", [0.0, 0.1])
def test_d15_three_ctrl_c_let_go_in_one_read_or_in_three(stage: Stage, at_terminal: Run, pause: float) -> None:
    stage.play(banner, say(b"ready"), hold)
    with at_terminal("bash") as person:
        person.wait_for_text(b"ready")
        for _ in range(3):
            person.type(b"\x03")
            time.sleep(pause)
        assert person.end() == 130
        assert f"{stage.dyno} was let go of".encode() in person.shown
        assert f"herodyno stop {stage.dyno} --app example-app".encode() in person.shown


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_70_d16_d17_a_signal_leaves_the_terminal_as_it_was(
    stage: Stage, at_terminal: Run, number: signal.Signals, status: int
) -> None:
    stage.play(banner, say(b"ready"), hold)
    with at_terminal("bash") as person:
        person.wait_for_text(b"ready")
        assert person.is_raw
        person.kill(number)
        assert person.end() == status
        assert f"herodyno stop {stage.dyno} --app example-app".encode() in person.shown


def test_d17_a_closed_window_ends_it(stage: Stage, at_terminal: Run) -> None:
    stage.play(banner, say(b"ready"), hold)
    with at_terminal("bash") as person:
        person.wait_for_text(b"ready")
        person.hang_up()
        assert person.end() == 129


def test_d18_stopped_and_continued_the_terminal_is_left_and_entered_again(stage: Stage, at_terminal: Run) -> None:
    keys = Listening(b"!")
    stage.play(banner, say(b"ready"), keys, stage.end(0))
    with at_terminal("bash") as person:
        person.wait_for_text(b"ready")
        person.kill(signal.SIGTSTP)
        person.wait_for(lambda: "stopped" in person.report and person.is_raw)
        person.type(b"\x03!")
        assert person.end() == 0
        assert person.report["stopped"] == person.report["before"]
    assert keys.got == b"\x03!"


def test_d19_what_sigkill_leaves_behind_stty_sane_repairs_as_the_readme_says(stage: Stage, at_terminal: Run) -> None:
    stage.play(banner, say(b"ready"), hold)
    with at_terminal("bash") as person:
        person.wait_for_text(b"ready")
        person.kill(signal.SIGKILL)
        person.wait_for(lambda: person.report.get("status") == 137)
        assert person.is_raw
        subprocess.run(["stty", "sane"], stdin=person.inside, check=True)
        person.wait_for(lambda: not person.is_raw)
    assert "`stty sane`" in README.read_text(encoding="utf-8")


def test_a_connection_that_is_lost_leaves_the_terminal_as_it_was(stage: Stage, at_terminal: Run) -> None:
    stage.play(banner, say(b"ready"), lambda client: time.sleep(0.2), Client.reset)
    with at_terminal("--no-exit-code", "bash") as person:
        person.wait_for_text(b"ready")
        assert person.end() in (0, 125)


def test_what_is_typed_ahead_reaches_the_dyno(stage: Stage, at_terminal: Run) -> None:
    keys = Listening(b"!")
    let_in = threading.Event()
    stage.play(lambda client: let_in.wait(10), banner, keys, stage.end(0))
    with at_terminal("bash") as person:
        person.wait_for(lambda: stage.server.secrets)
        person.type(b"ls\n!\n")
        time.sleep(0.1)
        let_in.set()
        assert person.end() == 0
    assert keys.got == b"ls\n!"


def test_without_a_terminal_wanted_ctrl_c_ends_it_here(stage: Stage, at_terminal: Run) -> None:
    stage.play(banner, say(b"ready"), hold)
    with at_terminal("--no-tty", "cat") as person:
        person.wait_for_text(b"ready")
        assert not person.is_raw
        person.type(b"\x03")
        assert person.end() == 130
    assert stage.body["force_no_tty"] is True


def test_d21_d22_d23_bytes_are_exact_both_ways_and_the_inputs_end_is_said_once(
    stage: Stage, piped: Callable[..., subprocess.Popen[bytes]]
) -> None:
    got: list[bytes] = []

    def echo(client: Client) -> None:
        received = b""
        while not received.endswith(b"\x04") or len(received) <= len(EVERY_BYTE):
            received += client.sock.recv(65536)
        client.send(received[:-1])
        client.sock.settimeout(0.1)
        got.append(received + client.read_to_end())

    stage.play(banner, echo, stage.end(3))
    process = piped("cat")
    stdout, _ = process.communicate(EVERY_BYTE, timeout=20)
    assert (stdout, process.returncode) == (EVERY_BYTE, 3)
    assert got == [EVERY_BYTE + b"\x04"]


def test_d23_input_that_is_empty_or_closed_does_not_hang(
    stage: Stage, piped: Callable[..., subprocess.Popen[bytes]]
) -> None:
    stage.play(stage.shell)
    process = piped("cat; echo done")
    assert process.communicate(b"", timeout=20)[0] == b"done\n"
    assert process.returncode == 0


def test_d24_20_mb_of_output_in_seconds(stage: Stage, piped: Callable[..., subprocess.Popen[bytes]]) -> None:
    output = os.urandom(1 << 20) * 20
    begun: list[float] = []
    stage.play(banner, lambda client: begun.append(time.monotonic()), say(output), stage.end(0))
    process = piped("dump")
    stdout, _ = process.communicate(b"", timeout=60)
    assert time.monotonic() - begun[0] < 2
    assert process.returncode == 0
    assert stdout == output


def test_d30_a_closed_stdout_is_125_and_names_the_dyno(
    stage: Stage, piped: Callable[..., subprocess.Popen[bytes]]
) -> None:
    closed = threading.Event()
    stage.play(banner, lambda client: closed.wait(10), say(b"more\n"), hold)
    process = piped("yes")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    closed.set()
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 125
    assert b"stdout was closed" in stderr
    assert f"herodyno stop {stage.dyno} --app example-app".encode() in stderr
    assert b"Exception ignored" not in stderr


def test_the_secret_and_the_token_are_in_no_output_and_no_command_line(
    stage: Stage, piped: Callable[..., subprocess.Popen[bytes]], environ: dict[str, str]
) -> None:
    lines: list[bytes] = []
    process: subprocess.Popen[bytes]

    def look(client: Client) -> None:
        lines.append(Path(f"/proc/{process.pid}/cmdline").read_bytes())
        lines.append(client.secret.strip())

    stage.play(banner, look, stage.end(0))
    process = piped("-e", "PASSWORD", "x")
    stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 2, "PASSWORD is not set here"
    process = piped("x")
    stdout, stderr = process.communicate(timeout=20)
    command_line, secret = lines
    for text in (stdout, stderr, command_line):
        assert secret not in text
        assert environ["HEROKU_API_KEY"].encode() not in text
