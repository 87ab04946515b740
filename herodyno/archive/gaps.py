"""What a frame says of messages that never came: they were dropped before it, and the archive has a gap there.

Logplex writes an L10 of its own before the first message of the next frame. An app can print the same words, but not
in that place.
Source: the open Logplex (2022); bodies in the test fixtures of public drain receivers.
"""

from __future__ import annotations

import re

_L10 = re.compile(
    rb"\d{1,8} <\d{1,3}>1 \S{1,64} \S{1,64} heroku logplex - (?:- )?Error L10 \(output buffer overflow\): "
    rb"(?:drain '[^'\n]{1,64}' dropped )?(\d{1,12}) messages?"
)


def dropped_before(body: bytes) -> int:
    """How many messages of the drain were dropped before this frame, as its first message says; else 0."""
    found = _L10.match(body)
    return int(found[1]) if found else 0
