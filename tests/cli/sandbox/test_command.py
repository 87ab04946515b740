"""`sandbox`: a simulated Heroku served on this machine, a shell in it, the list of scenarios."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from herodyno.archive.records import mapped, records
from herodyno.sandbox.incidents.scenarios import names
from tests.archive.receive.drain import need_uvicorn
from tests.archive.receive.process import free_port
from tests.archive.receive.process import serving as receiving
from tests.cli.schemas import valid
from tests.conftest import Invoke

HERODYNO = [sys.executable, "-m", "herodyno"]


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HERODYNO, *words], capture_output=True, text=True, timeout=60, check=False, **options)


@contextmanager
def serving(*words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*HERODYNO, "sandbox", "serve", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            yield server
        finally:
            server.send_signal(signal.SIGINT)


def read_lines(server: subprocess.Popen[str], wanted: Callable[[list[str]], bool]) -> list[str]:
    assert server.stdout
    lines: list[str] = []
    while not wanted(lines):
        line = server.stdout.readline()
        assert line, server.stderr and server.stderr.read()
        lines.append(line.rstrip("\n"))
    return lines


def test_the_scenarios_are_listed_one_a_line(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("sandbox scenarios")
    assert (stderr, code) == ("", 0)
    assert [line.split()[0] for line in stdout.splitlines()[1:]] == names()


def test_the_scenarios_as_json(invoke: Invoke) -> None:
    listed = valid(invoke("sandbox scenarios --json").stdout)["scenarios"]
    assert [each["name"] for each in listed] == names()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sandbox serve --scenario crashloop", "did you mean crash-loop?"),
        ("sandbox serve --speed fast", "--speed 'fast' is no speed"),
        ("sandbox serve --speed 0x", "write 1x, 60x, up to 3600x"),
        ("sandbox shell --speed 1e9", "--speed '1e9' is no speed"),
        ("sandbox serve --port 99999", "99999"),
        ("sandbox serve --drain https://logs.example.com", "to this machine only"),
        ("sandbox serve --drain http://me:pw@127.0.0.1:1", "is no address"),
        ("sandbox serve --archive kept", "add --drain"),
        ("sandbox server", "did you mean: herodyno sandbox serve"),
    ],
)
def test_a_wrong_wish_is_a_usage_error(invoke: Invoke, line: str, said: str) -> None:
    stdout, stderr, code = invoke(line)
    assert (stdout, code) == ("", 2)
    assert said in stderr


def test_no_folder_of_other_things_becomes_an_archive(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    tmp_path.chmod(0o755)
    _, stderr, code = invoke(f"sandbox serve --drain http://127.0.0.1:1 --archive {tmp_path}")
    assert (code, "holds other things than an archive" in stderr) == (1, True)
    assert ([path.name for path in tmp_path.iterdir()], tmp_path.stat().st_mode & 0o777) == (["thesis.txt"], 0o755)


def test_a_missing_extra_says_the_line_to_type(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "herodyno.sandbox.doors.server", raising=False)
    monkeypatch.setitem(sys.modules, "werkzeug.serving", None)
    _, stderr, code = invoke("sandbox serve")
    assert code == 1
    assert stderr.endswith("is not installed\n  pip install 'herodyno[sandbox]'\n")


def test_serve_prints_lines_to_paste_and_another_process_can_use_them() -> None:
    with serving("--scenario", "crash-loop", "--speed", "60x") as server:
        lines = read_lines(server, lambda lines: len(lines) > 10)
        assert all(line.startswith("export ") for line in lines)
        script = "\n".join([*lines, 'exec "$@"'])
        done = subprocess.run(
            ["sh", "-c", script, "sh", *HERODYNO, "ps", "--json"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert valid(done.stdout)["app"]["name"] == "example-app"
    assert server.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one-bad-dyno", "fir-app"])
def test_serve_begins_with_a_drain_into_an_archive(tmp_path: Path, name: str) -> None:
    need_uvicorn()
    port = free_port()
    words = ("--scenario", name, "--speed", "60x", "--drain", f"http://127.0.0.1:{port}", "--archive", str(tmp_path))
    with serving(*words) as server:
        read_lines(server, lambda lines: len(lines) > 10)
        assert server.stderr
        notes = [server.stderr.readline() for _ in range(2)]
        assert f"receive it: herodyno archive receive --archive {tmp_path} --port {port}\n" in notes[1]
        with receiving(tmp_path, port) as receiver:
            until = time.monotonic() + 20
            while not sent_by(tmp_path) and time.monotonic() < until:
                time.sleep(0.2)
            receiver.send_signal(signal.SIGTERM)
            receiver.wait(20)
    assert sent_by(tmp_path) == {"example-app"}


def sent_by(archive: Path) -> set[str]:
    """The apps of the frames that a receiver has written down."""
    found = set()
    for path in (archive / "journal").glob("*.[oj]*"):
        with path.open("rb") as file, mapped(file) as data:
            found |= {frame.app for _, _, frame in records(data)}
    return found


def test_serve_as_json_and_a_taken_port() -> None:
    with serving("--json") as server:
        document = valid("\n".join(read_lines(server, lambda lines: lines[-1:] == ["}"])))
        assert document["environment"]["HEROKU_HOST"] == document["url"]
        port = document["url"].rpartition(":")[2]
        taken = run("sandbox", "serve", "--port", port)
    assert taken.returncode == 1
    assert f"port {port} of 127.0.0.1 cannot be used" in taken.stderr


def test_a_command_in_the_shell_sees_the_sandbox_and_not_the_real_token() -> None:
    real = {**os.environ, "HEROKU_API_KEY": "HRKU-real", "HEROKU_APP": "production-app"}
    done = run("sandbox", "shell", "--", "sh", "-c", "echo $HEROKU_APP $HEROKU_API_KEY", env=real)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("example-app HRKU-SANDBOX-")


def test_a_change_lasts_as_long_as_the_shell() -> None:
    herodyno = " ".join(HERODYNO)
    script = f"{herodyno} scale web=2 --confirm example-app >/dev/null 2>&1 && {herodyno} ps --json"
    done = run("sandbox", "shell", "--speed", "60x", "--", "sh", "-c", script)
    assert done.returncode == 0, done.stderr
    assert [each["quantity"] for each in valid(done.stdout)["formation"] if each["type"] == "web"] == [2]


@pytest.mark.parametrize(("words", "code"), [(["sh", "-c", "exit 3"], 3), (["sh", "-c", "kill -TERM $$"], 143)])
def test_the_shells_exit_code_is_ours(words: list[str], code: int) -> None:
    assert run("sandbox", "shell", "--", *words).returncode == code


def test_an_unknown_command_in_the_shell_is_named() -> None:
    done = run("sandbox", "shell", "--", "no-such-command-here")
    assert done.returncode == 5
    assert "there is no command 'no-such-command-here' here" in done.stderr
