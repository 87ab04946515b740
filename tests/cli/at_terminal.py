"""A person at a terminal: herodyno in a pseudo-terminal, with a served sandbox and a keyring of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pexpect

from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario

PLAIN_BACKEND = Path(__file__).parent / "plain_backend"


class Person:
    """Types commands; `environ` is what they run in."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.keyring = folder / "keyring.json"
        quiet = {key: value for key, value in server.environment.items() if key not in ("HEROKU_API_KEY", "HEROKU_APP")}
        self.environ: dict[str, str] = {
            **os.environ,
            **quiet,
            "HOME": str(folder),
            "PYTHONPATH": str(PLAIN_BACKEND),
            "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
            "PLAIN_FILE": str(self.keyring),
            "HEROKU_LOGIN_HOST": server.url,
        }

    def types(self, *words: str, environ: Mapping[str, str] | None = None) -> pexpect.spawn[str]:
        """Start herodyno with these words."""
        argv = ["-m", "herodyno", *words]
        child: Any = pexpect.spawn(
            sys.executable, argv, env={**self.environ, **(environ or {})}, timeout=20, encoding="utf-8", echo=True
        )
        child.logfile_read = Transcript()
        return child

    def stored(self) -> dict[str, str]:
        """What the keyring holds."""
        return json.loads(self.keyring.read_text()) if self.keyring.exists() else {}


class Transcript:
    """Everything the terminal showed."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def end(child: pexpect.spawn[str]) -> tuple[str, int]:
    """Wait for the end: everything that was shown, and the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.logfile_read.text, child.exitstatus


@contextmanager
def person(folder: Path, **wishes: str) -> Iterator[Person]:
    """A person, and a sandbox with these options (`two_factor="123456"`)."""
    world = scenario("healthy", seed=1, start=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    with Server(world, options=Options(**wishes)) as server:
        yield Person(server, folder)
