"""An app's line in which a server tells of a timeout, or a logger of its level, is no row, wherever it stands."""

from __future__ import annotations

import random

import pytest

from herodyno.logs.scan.by_pattern import matched
from herodyno.logs.scan.fast_reject import BYTES_READ
from herodyno.logs.scan.stamps import Stamps

HEAD = b"2026-03-02T12:00:01.000002+00:00 "
APP = HEAD + b"app[web.1]: "
ROUTER = (
    HEAD + b'heroku[router]: at=info method=GET path="/WARN: " host=a.example request_id=1 fwd="192.0.2.7" dyno=web.1 '
    b"connect=0ms service=7ms status=200 bytes=1"
)
# Lines, and whether they are rows.
LINES = [
    (ROUTER, True), (APP + b"level=info x", True), (APP + b"Completed 200 OK", True), (APP + b"ERROR: ", False),
    (APP + b"level=info ERROR: x", False), (APP + b"[2026] [CRITICAL] WORKER TIMEOUT (pid:7)", False),
    (APP + b"level=info " + b"x" * BYTES_READ + b" WARN: ", True), (APP + b"ERROR:x", True),
    (APP + b"level=info Error " + b"x" * BYTES_READ + b" WARN: ", False), (APP + b"level=info Error x", True),
    (HEAD + b"app[api]: Release v7 WARN: ", False), (b"no head FATAL: ", False),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_lines_with_telling_words_are_no_rows(seed: int) -> None:
    chance = random.Random(seed)
    lines = chance.choices(LINES, k=chance.randint(1, 60))
    text = b"".join(line + b"\n" + b"\n" * chance.randint(0, 1) for line, _ in lines)  # a blank line has no number
    found = matched(text, 7, Stamps())
    places = [sum(is_row for _, is_row in lines[:at]) for at in range(len(lines))]
    between = [(place, line) for place, (line, is_row) in zip(places, lines, strict=True) if not is_row]
    assert found.rows.unmatched == between
    numbered = list(enumerate(lines, start=7))
    assert found.plain.numbers == [number for number, (line, is_row) in numbered if is_row and line != ROUTER]
    assert found.plain.lines == [line for line, is_row in lines if is_row and line != ROUTER]
    assert len(found.requests.paths) == sum(line == ROUTER for line, _ in lines)
    assert [found.rows.line(place) for place in range(len(found.rows))] == [line for line, is_row in lines if is_row]
