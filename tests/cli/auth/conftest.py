"""The commands of `auth` beside one simulated account that remembers its authorizations, and a keyring of the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from herodyno.cli.session import Session
from herodyno.heroku.login import keychain
from herodyno.render.output import Output
from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.wsgi import application
from tests.conftest import TOKEN, Invoke
from tests.heroku.backends import Kept

Auth = Callable[..., tuple[str, str, int]]


def files_with(secret: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def replace_by_a_file(folder: Path) -> None:
    """Nothing can be kept in the folder from now on, not even by root."""
    if folder.exists():
        folder.rename(folder.with_name("before"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("")


@pytest.fixture
def state(world: Any) -> State:
    """The API's state, shared by the command lines of a test."""
    return State(account=world.account)


@pytest.fixture
def make_session(world: Any, state: State) -> Callable[..., Session]:
    transport = httpx.WSGITransport(application(world, state=state))

    def make(environ: Mapping[str, str] | None = None) -> Session:
        surroundings = {**os.environ, "HEROKU_API_KEY": TOKEN} if environ is None else environ
        return Session(
            Output.of_process(surroundings),
            environ=surroundings,
            clock=lambda: world.now,
            httpx_transport=transport,
            sleep=world.tick,
        )

    return make


@pytest.fixture
def auth(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> Iterator[Auth]:
    """Run `herodyno auth …`, or another command, with a keyring of this test."""
    names = ("Kept", "Forgetful", "Leaky")
    monkeypatch.setattr(keychain, "SAFE", {f"tests.heroku.backends.{name}": name for name in names})
    Kept.store.clear()

    def run(
        line: str, *, stdin: bytes = b"", backend: str = "tests.heroku.backends.Kept", **environ: str
    ) -> tuple[str, str, int]:
        surroundings = {**os.environ, "PYTHON_KEYRING_BACKEND": backend, **environ}
        words = line if line.startswith(("ps", "stop", "journal", "--")) else f"auth {line}"
        return invoke(words, stdin=stdin, environ=surroundings)

    yield run
    Kept.store.clear()
