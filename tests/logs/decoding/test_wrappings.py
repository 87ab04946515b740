"""What people and tools put around a line comes off, and only where a head of Heroku begins behind it."""

from __future__ import annotations

from random import Random

import pytest

from herodyno.logs.decoding import lines as decoding_lines
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.wrappings import WRAPPINGS
from herodyno.logs.events import LogLine

AROUND = {wrapping.name: wrapping.example for wrapping in WRAPPINGS}


def read(raw: str) -> LogLine:
    return LineReader(year=2026).line(raw.encode())


@pytest.mark.parametrize("name", AROUND)
def test_the_example_of_each_wrapping_is_the_line_within(name: str) -> None:
    line = read(AROUND[name])
    assert (line.source, line.proc, line.text) == ("heroku", "web.1", "Idling")
    assert line.raw == "2026-11-23T02:00:00.000001+00:00 heroku[web.1]: Idling"


@pytest.mark.parametrize("inner", AROUND)
@pytest.mark.parametrize("outer", AROUND)
def test_an_apps_own_line_is_never_unwrapped(outer: str, inner: str) -> None:
    head = "2026-11-23T02:00:00.000001+00:00 app[web.1]: "
    before, _, _ = AROUND[outer].partition("2026-11-23T02:00:00.000001")
    said = f"{before}{head}{AROUND[inner]}"
    assert (read(said).source, read(said).proc) == ("app", "web.1")


@pytest.mark.parametrize(
    "raw",
    [
        "12:heroku[web.1]: Idling",
        "note: 2026-11-23T02:00:00 heroku was down",
        "web_1  | heroku[web.1]: Idling",
        "[2026-11-23T02:05:01.123Z] heroku[web.1]: Idling",
        "app.log:12:app[web.1]: Idling",
        "test\tlogs\t2026-11-23T02:00:00+00:00 heroku[web.1]: Idling",
    ],
)
def test_a_wrapping_without_a_whole_head_behind_it_stays(raw: str) -> None:
    assert (read(raw).source, read(raw).raw) == ("", raw)


_WRAPPED = tuple(wrapping.example.partition("2026-11-23T02:00:00")[0] for wrapping in WRAPPINGS)
_HEADS = (
    "2026-11-23T02:00:00.000001+00:00 app[web.1]: ",
    "2026-11-23 02:00:00 heroku[web.1]: ",
    "2026-11-23T02:00:00Z host app/web.1: ",
    "2026-11-23T02:00:00Z host heroku web.1 - ",
    "<40>1 2026-11-23T02:00:00+00:00 host app web.1 - ",
    "Nov 21 14:14:54 example-app app/web.1: ",
    "Nov 21 14:14:54 example-app heroku[web.1]: ",
    "7000001\t2026-11-23 02:00:00 +0000\t1\t1\t1\t1\t1\t1\theroku/web.1\t",
)
_PIECES = ("", "\x1b[36m", "\xa0", " ", "/", "]", "\t", "- ", "app", "> ")


def _mutated(random: Random) -> bytes:
    line = "".join(random.choice(pieces) for pieces in (_WRAPPED, ("", *_WRAPPED), _HEADS)) + "Started GET / for"
    for _ in range(random.randrange(3)):
        at = random.randrange(len(line))
        line = line[:at] + random.choice(_PIECES) + line[at + random.randrange(3) :]
    return line.encode()


def test_a_line_that_is_not_unwrapped_holds_no_head(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(7)
    lines = [_mutated(random) for _ in range(10_000)]

    fast = [LineReader(year=2026).line(line) for line in lines]
    monkeypatch.setattr(decoding_lines, "_may_hold_head", lambda _: True)
    slow = [LineReader(year=2026).line(line) for line in lines]

    assert fast == slow
    assert 2000 < sum(line.at is not None for line in slow) < 8000


def test_a_line_without_the_signs_of_a_head_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding_lines, "_inside", lambda _: pytest.fail("unwrapped"))

    line = LineReader(year=2026).line(b"2026-11-23T02:00:00.000001+00:00 app[web.1: Started GET / for 203.0.113.7")

    assert line.at is None
