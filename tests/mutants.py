"""Damaged and hostile versions of a file, made from a sound one by a seed: the same seed gives the same mutant."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

_YEARS = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "1969-12-31T23:59:59Z",
    "2026-02-30T25:61:00Z",
)
# What stands where another value was: wrong types, values at the edge, depth.
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, float("inf"), float("nan"), 10**400, -(10**18), "", " ", "\ud800", "\0", "\ufeff",
    "x" * 3000, "web.1", "🦉", "\x1b[31m", "999999999999", "1e400", [], {}, [None], [[]], {"": None}, [{}] * 50,
    *_YEARS,
)  # fmt: skip
_TIMES = (b"0001-01-01T00:00", b"9999-12-31T23:59", b"1969-12-31T23:59", b"1970-01-01T00:00", b"8999-12-31T23:59")
_DEEP = '{"a":' * 300 + "[" * 900 + "]" * 900 + "}" * 300
_PIECES = (
    b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n", b"\n\n", b'"', b"{", b"[", b"]}", b"\\",
    b"\xff", b"=", b": ", b"\t",
    b"-", b"9" * 5000, b"0x" + b"f" * 5000, b"1e400", b"nan", b"[" * 3000, b"a = " + b"[" * 3000,
    b"{a=" * 1500, _DEEP.encode(), *(year.encode() for year in _YEARS),
)  # fmt: skip
_DIGITS = 25  # of all changes of bytes so many in a hundred exchange digits only


def mutant(sound: bytes, seed: int) -> bytes:
    """The file with one to three changes. A file of JSON mostly stays JSON."""
    chance = random.Random(seed)
    data = sound
    for _ in range(chance.randint(1, 3)):
        document = _document(data) if chance.random() < 0.7 else None
        data = _odd_value(document, chance) if document is not None else _odd_bytes(data, chance)
    return data


def _document(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _odd_value(document: Any, chance: random.Random) -> bytes:
    document = deepcopy(document)
    places = list(_places(document))
    if not places or chance.random() < 0.03:
        return json.dumps(chance.choice(ODD)).encode()
    inside, key = chance.choice(places)
    change = chance.random()
    if change < 0.15:
        del inside[key]
    elif change < 0.2 and isinstance(inside, list):
        inside += [deepcopy(inside[key]) for _ in range(chance.choice((1, 30)))]
    elif change < 0.25 and isinstance(inside, dict):
        inside[chance.choice(("", "x", "\ud800", "schema"))] = inside[key]
    else:
        inside[key] = chance.choice(ODD)
    text = json.dumps(document)
    return (text.replace('"web.1"', _DEEP, 1) if chance.random() < 0.02 else text).encode()


def _places(value: Any) -> Any:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (value, key)
        yield from _places(value[key])


def _odd_bytes(data: bytes, chance: random.Random) -> bytes:
    at, other = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    if chance.randrange(100) < _DIGITS:
        digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
        for place in chance.sample(digits, min(len(digits), chance.randint(1, 6))):
            data = data[:place] + b"%d" % chance.choice((0, 9, chance.randint(0, 9))) + data[place + 1 :]
        return data
    changes: tuple[Callable[[], bytes], ...] = (
        lambda: data[:at],
        lambda: data[at:],
        lambda: data[:at] + data[other:],
        lambda: data[:other] + data[at:],
        lambda: data[:at] + chance.choice(_PIECES) + data[at:],
        lambda: data[:at] + chance.choice(_PIECES) + data[other:],
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        lambda: data.replace(data[at : at + 4], chance.choice(_PIECES)[:50]),
        lambda: chance.choice(_PIECES) + data,
        lambda: re.sub(rb"\b2026-\d\d-\d\dT\d\d:\d\d", chance.choice(_TIMES), data, count=chance.choice((0, 1, 3))),
    )
    return chance.choice(changes)()
