"""The names of logs to read: the same log twice would be split, or counted twice."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from herodyno.errors import UsageError

STDIN = "-"


def check_each_once(names: Sequence[str]) -> None:
    """UsageError when two names mean the same log; a file that is missing is told by who opens it."""
    seen: dict[object, str] = {}
    for name in names:
        identity = _identity(name)
        if identity not in seen:
            seen[identity] = name
            continue
        what = "standard input (-)" if name == STDIN else name
        also = "" if seen[identity] == name else f", first as {seen[identity]}"
        raise UsageError(f"{what} is named twice{also}", next_step="leave one out: a log is read once")


def _identity(name: str) -> object:
    """What two names of one log have in common: its device and inode."""
    with suppress(OSError, ValueError, AttributeError):
        found = os.fstat(sys.stdin.fileno()) if name == STDIN else Path(name).stat()
        return found.st_dev, found.st_ino
    return name
