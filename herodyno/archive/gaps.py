"""How many messages were dropped before a frame, so that the archive has a gap there, and how many it holds.

Logplex writes an L10 of its own before the first message of the next frame. An app can print the same words, but not
in that place.
Source: the open Logplex (2022); bodies in the test fixtures of public drain receivers.
"""

from __future__ import annotations

import re

from herodyno.logs.parsing.event import lost_lines
from herodyno.logs.scan.compiled.library import library

_LONGEST_COUNT = 9  # the digits of a length, and the blank

_L10 = re.compile(
    rb"\d{1,8} <\d{1,3}>1 \S{1,64} \S{1,64} heroku logplex - (?:- )?Error L10 \(output buffer overflow\): "
    rb"([^\n]{1,200})"
)


def dropped_before(body: bytes) -> int:
    """How many messages of the drain were dropped before this frame, as its first message says; else 0."""
    found = _L10.match(body)
    return lost_lines(found[1].decode(errors="replace")) if found else 0


def messages_in(body: bytes) -> int | None:
    """How many messages a frame holds by their own lengths; None when the lengths do not fit the body."""
    part = library()
    if part is None:
        return read_messages_in(body)
    found = int(part.herodyno_messages(body, len(body)))
    return None if found < 0 else found


def read_messages_in(body: bytes) -> int | None:
    """The same, without the compiled part."""
    at, number, size = 0, 0, len(body)
    while at < size:
        blank = body.find(b" ", at, at + _LONGEST_COUNT)
        if blank < 0 or not (digits := body[at:blank]).isdigit():
            return None
        at = blank + 1 + int(digits)
        number += 1
    return number if at == size else None
