"""A known token goes through every command, and turns up nowhere it must not (E13).

Looked at: stdout, stderr with HERODYNO_DEBUG and --verbose, every file written, the arguments of every
process, tracebacks, cassettes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import httpx
import pytest

from herodyno.cli.app import COMMANDS, run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario
from tests.archive.archived import put
from tests.cli.at_terminal import PLAIN_BACKEND

CANARY = "HRKU-CANARY-d0a5cf5b-4b55-4b3e-9d8f-0f6a3a3f2d11"  # made up in the shape of a token: no token of Heroku's
URL_CANARY = "URL-CANARY-7c1f"  # the secret part of log-session and attach URLs
APP = "-a example-app"
LINES = {
    "ps": f"ps {APP}",
    "diagnose": f"diagnose {APP}",
    "logs": f"logs {APP} -n 50",
    "top": f"top {APP}",  # refused in a pipe; at a terminal: tests/top/test_in_a_real_terminal.py
    "explain": "explain H12",
    "releases": f"releases {APP}",
    "sizes": f"sizes {APP}",
    "profile": f"profile --archive kept {APP}",
    "archive drain add": f"archive drain add {APP} --archive kept --url http://127.0.0.1:9/",
    "archive drain list": f"archive drain list {APP} --archive kept",
    "archive drain remove": f"archive drain remove http://127.0.0.1:9/old {APP} --confirm example-app",
    "archive password": "archive password --archive kept --app example-app",
    "archive receive": "archive receive --archive none",  # no drain may send, so it does not wait
    "archive compact": "archive compact --archive kept",
    "archive import": f"archive import - --archive kept {APP}",
    "archive status": "archive status --archive kept",
    "archive verify": "archive verify --archive kept",
    "archive prune": "archive prune --archive kept",
    "archive export": "archive export --archive kept",
    "scale": f"scale web=3 {APP}",
    "restart": f"restart web.1 {APP}",
    "stop": f"stop web.2 {APP}",
    "rollback": f"rollback v411 {APP} --confirm example-app",
    "wait": f"wait {APP} --timeout 3s",
    "journal": "journal",
    "run": f"run {APP} --env A=b -- echo hello",
    "run list": f"run list {APP}",
    "auth login": "auth login --token-stdin --insecure-storage",
    "auth logout": "auth logout",
    "auth status": "auth status",
    "auth token": "auth token",
    "config": f"config {APP}",
    "completion install": "completion install bash",
    "completion show": "completion show bash",
    "completion refresh": "completion refresh",
    "demo": "demo",
    "sandbox serve": "sandbox serve",
    "sandbox shell": "sandbox shell -- true",
    "sandbox scenarios": "sandbox scenarios",
}
MORE = {"diagnose --bundle": f"diagnose {APP} --bundle kept.zip --no-redact", "logs --json": f"logs {APP} -n 50 --json"}
FAILS = {"top": 2, "archive receive": 5}
# A line of a log in which an app printed the token.
LEAK = f"2026-11-23T02:00:00.000000+00:00 app[web.1]: calling Heroku with {CANARY}\n"
# What may show it: the one command that is there for it, and the store that was chosen to hold it.
MAY_SHOW = {"auth token"}


def command_names() -> Iterator[str]:
    for entries in COMMANDS.values():
        for entry in entries:
            inner = getattr(import_module(entry.module), "COMMANDS", None)
            yield from (f"{entry.name} {name}" for name in inner) if inner else (entry.name,)


def test_every_command_is_in_the_table() -> None:
    assert set(command_names()) == set(LINES)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    world = scenario("one-bad-dyno", seed=1, start=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    world.add_drain("example-app", "http://127.0.0.1:9/old")
    with Server(world, speed=60, options=Options()) as running:
        numbers = iter(range(10_000))
        running.state.secret = lambda: f"{URL_CANARY}-{next(numbers)}"
        yield running


@contextmanager
def arguments_watched() -> Iterator[list[str]]:
    """The command lines on this machine that hold a canary, looked at again and again."""
    seen: list[str] = []
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = path.read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if CANARY in line or URL_CANARY in line:
                    seen.append(line)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stopped.set()
        thread.join()


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder, and what is packed in it."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        yield str(path), path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                yield from ((f"{path}: {name}", packed.read(name)) for name in packed.namelist())


@pytest.mark.parametrize("name", [*LINES, *MORE])
def test_e13_no_command_shows_or_writes_the_token(name: str, server: Server, tmp_path: Path) -> None:
    environ = {
        **os.environ,
        **server.environment,
        "HEROKU_API_KEY": CANARY,
        "HERODYNO_DEBUG": "1",
        "HOME": str(tmp_path),
    }
    environ |= {"PYTHONPATH": str(PLAIN_BACKEND), "PLAIN_FILE": str(tmp_path.parent / f"{tmp_path.name}.keyring")}
    environ |= {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring", "TMPDIR": str(tmp_path)}
    for kind in ("CONFIG", "CACHE", "DATA", "STATE"):
        environ[f"XDG_{kind}_HOME"] = str(tmp_path / kind.lower())
    if name == "auth login":
        del environ["HEROKU_API_KEY"]
    argv = [sys.executable, "-m", "herodyno", *(LINES | MORE)[name].replace(" -- ", " --verbose -- ", 1).split()]
    argv += [] if "--" in argv else ["--verbose"]
    if name.startswith(("archive ", "profile")):
        put(tmp_path / "kept", LEAK)
        (tmp_path / "kept-0.log").unlink()
    with arguments_watched() as in_arguments:
        process = subprocess.Popen(
            argv, env=environ, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        if name == "sandbox serve":
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
        told = {"auth login": CANARY, "archive import": LEAK}.get(name, "")
        stdout, stderr = process.communicate(told.encode(), timeout=60)
    assert process.returncode in ((FAILS[name],) if name in FAILS else (0, 8, 10, 20, 30, 130)), stderr.decode()
    assert (CANARY.encode() in stdout) == (name in MAY_SHOW)
    assert CANARY.encode() not in stderr
    assert URL_CANARY.encode() not in stdout + stderr
    assert in_arguments == []
    for path, content in written(tmp_path):
        assert CANARY.encode() not in content, path
        assert URL_CANARY.encode() not in content, path


Answer = Callable[[httpx.Request], httpx.Response]


def quoting(status: int) -> Answer:
    """A server, or a proxy's error page, that quotes the request's headers."""

    def answer(request: httpx.Request) -> httpx.Response:
        quoted = f"you sent {request.headers.get('authorization')}"
        return httpx.Response(status, json={"id": "odd", "message": quoted}, headers={"Warning-Message": quoted})

    return answer


def text_page(request: httpx.Request) -> httpx.Response:
    return httpx.Response(502, text=f"<html>{request.headers.get('authorization')}")


def broken(request: httpx.Request) -> httpx.Response:
    raise RuntimeError(f"a library's fault with {request.headers}, {request.headers.get('authorization')}")


def protocol(request: httpx.Request) -> httpx.Response:
    raise httpx.LocalProtocolError(f"Illegal header value {request.headers.get('authorization')!r}", request=request)


@pytest.mark.parametrize(
    "line", [f"ps {APP}", f"diagnose {APP}", f"scale web=9 {APP}", f"run {APP} -- x", "auth status"]
)
@pytest.mark.parametrize(
    "answer",
    [quoting(400), quoting(401), quoting(403), quoting(404), quoting(422), quoting(500), text_page, broken, protocol],
    ids=["400", "401", "403", "404", "422", "500", "page", "library", "protocol"],
)
@pytest.mark.parametrize("flags", ["", "--json"])
def test_e13_no_error_message_or_traceback_quotes_the_token(
    answer: Answer, line: str, flags: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {**os.environ, "HEROKU_API_KEY": CANARY, "HERODYNO_DEBUG": "1"}
    transport = httpx.MockTransport(answer)
    session = Session(Output.of_process(environ), environ=environ, httpx_transport=transport)
    monkeypatch.setattr("herodyno.heroku.net.repeats.pause", lambda *_: 0.0)
    words = line.split()
    code = run([words[0], *flags.split(), *words[1:]], session)
    shown = "".join(capfd.readouterr())
    assert code not in (0, 10, 20)
    assert shown, "it says what went wrong"
    assert CANARY not in shown


def test_e13_no_cassette_holds_a_token_or_a_header_that_could() -> None:
    folder = Path(__file__).parent.parent / "cassettes"
    texts = {path: path.read_text(encoding="utf-8").lower() for path in folder.rglob("*.yaml")}
    assert texts
    for path, text in texts.items():
        assert "authorization" not in text, path
        assert "hrku-" not in text, path
        assert "bearer" not in text, path
