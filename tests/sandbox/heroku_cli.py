"""The official Heroku CLI as a program that can be called: where it is, its surroundings, what a call gave.

Found by HERODYNO_HEROKU_CLI (the path of `heroku`) or on PATH; .ci/heroku-cli pins the version.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from herodyno.sandbox.doors.server import Server
from tests.real_parts import HEROKU_CLI


class Ran:
    """What a command did. `words` is stdout and stderr with line breaks as spaces: the CLI wraps its errors."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr
        self.words = re.sub(r"[\s›]+", " ", done.stdout + done.stderr)


def surroundings(server: Server, home: Path) -> dict[str, str]:
    plain = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm", "CI": "true"}
    return {**plain, **server.environment}


def call(server: Server, home: Path, *words: str, stdin: str = "", timeout: float = 60) -> Ran:
    assert HEROKU_CLI
    return Ran(
        subprocess.run(
            [HEROKU_CLI, *words],
            env=surroundings(server, home),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
    )
