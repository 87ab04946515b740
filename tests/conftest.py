"""What every test may ask for: a simulated app, a session that talks to it, a way to run a command line."""

from __future__ import annotations

import gc
import io
import os
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import HealthCheck, settings

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.render.output import Output

# Property tests are about results, not about the time one example takes on a busy machine.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

TOKEN = "HRKU-a-token-that-must-never-be-seen"  # made up: no token of Heroku's
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_NUMBERS = count()


def children_hear_signals() -> None:
    """Let the processes that tests start end by a signal that this process was started to ignore.

    `pytest &` in a script ignores Ctrl-C, `nohup` ignores a hangup, and an ignored signal is ignored in children too.
    A signal that is handled here goes on to do nothing here, and does its usual work in children.
    """
    for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
        number = getattr(signal, name, None)
        in_main_thread = threading.current_thread() is threading.main_thread()
        if number is not None and signal.getsignal(number) is signal.SIG_IGN and in_main_thread:
            signal.signal(number, lambda *_: None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite golden files and README blocks")


def pytest_configure(config: pytest.Config) -> None:
    """Children hear signals. Two processes that rewrite one file would lose what one of them wrote."""
    children_hear_signals()
    if config.getoption("--accept") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--accept rewrites files in one process: leave out -n")


def pytest_collection_finish() -> None:
    """The looks for garbage pass over what stays to the end: thousands of tests and their modules."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten instead of compared."""
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def golden(accept: bool) -> Callable[[Path, str], None]:
    """Compare a text with a golden file, or rewrite the file under --accept."""

    def compare(path: Path, text: str) -> None:
        if accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    return compare


@pytest.fixture
def readme_block(accept: bool) -> Callable[[str, str], None]:
    """Compare a text with the block of README.md that begins with "```text NAME", or rewrite the block under --accept.

    For what no command line of a "```console" block can print.
    """
    readme = Path(__file__).parent.parent / "README.md"

    def compare(name: str, text: str) -> None:
        start, end = f"```text {name}\n", "```\n"
        before, found, rest = readme.read_text(encoding="utf-8").partition(start)
        assert found, f"README.md has no block {start!r}"
        shown, _, after = rest.partition(end)
        if accept:
            readme.write_text(f"{before}{start}{text}{end}{after}", encoding="utf-8")
            return
        assert shown == text

    return compare


class Result(NamedTuple):
    """What one command line did."""

    stdout: str
    stderr: str
    code: int


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


Invoke = Callable[..., Result]


@pytest.fixture(autouse=True)
def _known_surroundings(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test depends on the developer's token, colours, time zone, home or window.

    A home directory is made only by what writes to it: one folder for each of thousands of tests takes seconds.
    """
    home = tmp_path_factory.getbasetemp() / f"home-of-{next(_NUMBERS)}"
    if "tmp_path" in request.fixturenames:
        home = request.getfixturevalue("tmp_path")
    for name in ("HEROKU_API_KEY", "HEROKU_APP", "HEROKU_HOST", "HERODYNO_READ_ONLY", "HERODYNO_DEBUG",
                 "HERODYNO_ACCOUNT",
                 "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "HEROKU_GIT_HOST", "HEROKU_LOGIN_HOST",
                 "HEROKU_NETRC_WRITE", "NETRC", "PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "24")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that leaves this machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        local = self.family == getattr(socket, "AF_UNIX", None) or address[0] in ("127.0.0.1", "::1", "localhost")
        assert local, f"a test tried to reach {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Any:
    """The simulated app "example-app": four web dynos, one of them bad.

    Another scenario: @pytest.mark.parametrize("world", ["crash-loop"], indirect=True).
    """
    from herodyno.sandbox.incidents.scenarios import scenario

    return scenario(getattr(request, "param", "one-bad-dyno"), seed=1, start=START)


@pytest.fixture
def make_session(request: pytest.FixtureRequest) -> Callable[..., Session]:
    """Make a session whose API is the simulated world, in this process, without a socket.

    The world is made when it is first asked for: offline commands need none.
    """

    class Sandbox(httpx.BaseTransport):
        lock = threading.Lock()
        inner: httpx.WSGITransport | None = None

        def handle_request(self, asked: httpx.Request) -> httpx.Response:
            from herodyno.sandbox.doors.wsgi import application

            with self.lock:
                if self.inner is None:
                    self.inner = httpx.WSGITransport(application(request.getfixturevalue("world")))
            return self.inner.handle_request(asked)

    def make(environ: Mapping[str, str] | None = None) -> Session:
        surroundings = {**os.environ, "HEROKU_API_KEY": TOKEN} if environ is None else environ
        return Session(
            Output.of_process(surroundings),
            environ=surroundings,
            clock=lambda: request.getfixturevalue("world").now,
            httpx_transport=Sandbox(),
            sleep=lambda seconds: request.getfixturevalue("world").tick(seconds),
        )

    return make


@pytest.fixture
def invoke(make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run a command line: invoke("ps -a example-app") -> (stdout, stderr, code)."""

    def call(
        line: str | list[str],
        *,
        stdin: bytes | None = b"",  # None: closed
        terminal: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Result:
        kind = Terminal if terminal else io.TextIOWrapper
        out, err = (kind(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
        with monkeypatch.context() as streams:
            streams.setattr(sys, "stdout", out)
            streams.setattr(sys, "stderr", err)
            given = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
            streams.setattr(sys, "stdin", given)
            code = run(shlex.split(line) if isinstance(line, str) else line, make_session(environ))
        return Result(_written(out), _written(err), code)

    return call


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@pytest.fixture
def local_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local time zone is Paris."""
    import time

    with monkeypatch.context() as zone:
        zone.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()
