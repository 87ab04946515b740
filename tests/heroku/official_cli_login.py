"""A login of the official Heroku CLI on disk, and a keychain program that answers for it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

ME = "me@example.com"


def login_json(folder: Path, content: object) -> None:
    (folder / "heroku").mkdir(parents=True, exist_ok=True)
    (folder / "heroku" / "login.json").write_text(content if isinstance(content, str) else json.dumps(content))


def program(folder: Path, name: str, body: str) -> dict[str, str]:
    """A program of that name, alone on the PATH with the shell; it writes its arguments to `asked`."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {shlex.quote(str(folder / 'asked'))}\n{body}\n")
    path.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}
