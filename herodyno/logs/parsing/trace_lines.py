"""What one line tells in a traceback: its role, its exception, its place.

The same error brings the same lines again and again, so lines are remembered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from herodyno.logs.parsing.exceptions import (
    CHAINED,
    ExceptionName,
    LineRole,
    exception_in,
    exception_in_last_line,
    role_of,
)
from herodyno.logs.parsing.stack_frames import Place, place_in

# Longer lines are read each time they come, so what is remembered stays small.
_LONGEST_KNOWN = 1000
_MOST_KNOWN = 1024


class TraceLine(NamedTuple):
    """A line of a traceback, whichever.

    `exception` is the one that a line names in the role "named". `last_exception` is the one that a line of the role
    "plain" names if it is the last of a Python traceback.
    """

    text: str
    role: LineRole
    exception: ExceptionName | None
    last_exception: ExceptionName | None
    place: Place | None
    is_blank: bool
    is_chained: bool
    names_file: bool


def told_by(text: str) -> TraceLine:
    """What a line tells."""
    return _told_by(text) if len(text) <= _LONGEST_KNOWN else _read(text)


def told_by_bytes(line: bytes) -> TraceLine:
    """What a line tells, by its bytes behind the head."""
    return _told_by_bytes(line) if len(line) <= _LONGEST_KNOWN else _decoded(line)


def _read(text: str) -> TraceLine:
    role, start = role_of(text), text.lstrip()
    exception = exception_in(text) if role == "named" else None
    last_exception = exception_in_last_line(text) if role == "plain" else None
    return TraceLine(
        text,
        role,
        exception,
        last_exception,
        place_in(text) if role == "frame" or exception or last_exception else None,
        not start,
        start.startswith(CHAINED),
        start.startswith('File "'),
    )


def _decoded(line: bytes) -> TraceLine:
    return told_by(line.decode("utf-8", "replace").removesuffix("\r"))


_told_by = lru_cache(_MOST_KNOWN)(_read)
_told_by_bytes = lru_cache(_MOST_KNOWN)(_decoded)
