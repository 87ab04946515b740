"""Checks the names of logs to read: a log that is named twice would be counted twice."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from herodyno.errors import UsageError

STDIN = "-"


def check_each_once(names: Sequence[str]) -> None:
    """Raise UsageError when two names mean the same log. A missing file is no error here; opening the file raises."""
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
    """The device and inode of a log, equal for all its names; the name itself when there is no such file."""
    with suppress(OSError, ValueError, AttributeError):
        found = os.fstat(sys.stdin.fileno()) if name == STDIN else Path(name).stat()
        return found.st_dev, found.st_ino
    return name
