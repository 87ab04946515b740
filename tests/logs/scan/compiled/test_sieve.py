"""A log that the compiled part sieves gives the lines that are wanted, and what is told of a log, as without it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from ctypes import CDLL
from datetime import UTC, datetime
from functools import partial

import pytest

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import LineSplitter, Splitter
from herodyno.logs.query.filters import condition
from herodyno.logs.query.reading import LogSummary, Reading
from herodyno.logs.query.selecting import Selection, Selector
from herodyno.logs.query.speaker_sieve import speaker_sieve
from herodyno.logs.scan.compiled import sieve
from herodyno.logs.scan.compiled.sieve import LineSieve
from tests.archive.staging.any_shape import LINES, MESSAGES, ROUTER
from tests.real_parts import CASES, REAL_LOGS, case_bytes, need_shared_data, real_logs

pytestmark = pytest.mark.real

at = partial(datetime, 2026, 3, 2, 12, tzinfo=UTC)
H12 = condition("code=H12")
assert H12
SELECTIONS = [
    Selection(targets=("web.1",)),
    Selection(targets=("web.1",), speaker_alone=True),
    Selection(targets=("router",)),
    Selection(targets=("worker", "app")),
    Selection(without=("router", "web.1")),
    Selection(since=at(0, 2)),
    Selection(since=at(0, 1, 1), until=at(0, 3), targets=("web", "heroku")),
    Selection(targets=("web.1",), conditions=(H12,)),
    Selection(targets=("nobody",), request_id="4f0c"),
]
PLACES = [
    "> 2026-03-02T12:00:01.000001+00:00 heroku[web.1]: Process exited with",
    "status 137",
    "2026-03-02T12:00:02.000001+00:00 heroku[web.1]: Error R14 (Memory quota exceeded)"
    "2026-03-02T12:00:02.000001+00:00 heroku[web.2]: Process exited with status 0",
    "2026-03-02T12:00:02.000001+00:00 heroku[logplex]: Error L11 (Tail buffer overflow): This tail dropped 5 messages.",
    "Mar 02 12:00:03 example-app app/web.1: without a year",
    "2026-03-02T12:00:01.000001+00:00 app[web.1]: " + "x" * 10_000,
    "2026-03-02T12:00:01.000001+00:00 app[web.1]: " + "y" * 9_990,
    "2026-03-02T12:00:02.500000+00:00 app[web.2]: +00:00 is an offset",
    "2026-03-02T13:00:02.500000+01:00 app[web.2]: of another offset",
]
ANY = [line.rstrip("\n") for line in [*LINES, *MESSAGES, *PLACES]]


@pytest.fixture(autouse=True)
def library(part: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "library", lambda: part)


def told(chunks: Iterable[bytes], selection: Selection, text: Callable[[], Splitter]) -> object:
    """The wanted lines, and what a reader is told of the whole log at its end."""
    reading = Reading(Selector(selection), marks=False)
    shown = reading.take(read_lines(chunks, year=2026, text=text))
    of_all = {"lines": 0, "first": None, "last": None, "lost": {}}
    return [line._replace(number=0) for line in shown], LogSummary(
        **{name: of_all.get(name, getattr(reading.summary, name)) for name in LogSummary.__slots__}
    )


def same(data: bytes, size: int, selections: Iterable[Selection] = SELECTIONS) -> None:
    chunks = [data[place : place + size] for place in range(0, len(data), size)]
    for selection in selections:
        text = speaker_sieve(selection)
        assert text
        assert told(chunks, selection, text) == told(chunks, selection, LineSplitter)


@pytest.mark.parametrize("rounds", [60, pytest.param(600, marks=pytest.mark.slow)])
def test_lines_of_any_shape(rounds: int) -> None:
    chance = random.Random(rounds)
    usual = [line for line in ANY if line.startswith("2026-03-02T12:00:0")]
    for _ in range(rounds):
        lines = [
            line for _ in range(20) for line in [chance.choice(ANY), *chance.choices(usual, k=chance.randrange(9))]
        ]
        for place in chance.choices(range(len(lines)), k=10):
            line, cut = lines[place], chance.randint(0, len(lines[place]))
            lines[place] = line[:cut] + chance.choice(["\n", "+00:00 ", " ", "\0", "é", "", "]: ", "\r"]) + line[cut:]
        data = chance.choice(["\n", "\n", "\r\n"]).join(lines).encode("utf-8", "replace")
        same(data, chance.choice([50, 700, 9_000, 1 << 20]), chance.sample(SELECTIONS, 3))


@pytest.mark.parametrize("name", real_logs(".log", ".txt"))
def test_real_logs(name: str) -> None:
    need_shared_data()
    same((REAL_LOGS / name).read_bytes()[: 1 << 18], 1 << 14)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.log")) or ["no-file"])
def test_composed_cases(name: str) -> None:
    same(case_bytes(name)[: 1 << 18], 1 << 14)


def test_the_rest_of_a_long_message_stays_with_its_piece() -> None:
    head = b"2026-03-02T12:00:01.000001+00:00 app[web.1]: "
    pieces = [head + b"4f0c".ljust(10_000, b"x"), head + b"rest", head + b"other"]
    usual = [head + b"usual"] * 3
    same(b"\n".join([*usual, *pieces, *usual, b""]), 1 << 20, [Selection(targets=("web.1",), request_id="4f0c")])


def test_a_name_is_asked_for_once_and_its_lines_are_left_out_from_then_on(part: CDLL) -> None:
    asked: list[tuple[str, str, str]] = []

    def decides(*name: str) -> bool:
        asked.append(name)
        return name[1] == "web.1"

    own = LineSieve(part, 0, 1 << 62, decides, by_dyno=False)
    head = b"2026-03-02T12:00:01.000001+00:00 app["
    lines = [head + b"web.%d]: x\n" % (1 + place % 2) for place in range(8)]
    assert own.wanted(b"".join(lines)) == b"".join(lines)
    assert asked == [("app", "web.1", ""), ("app", "web.2", "")]
    assert own.wanted(b"".join(lines)) == b"".join([*lines[::2], lines[-1]])
    assert own.wanted(b"".join([*lines[:4], b"no head\n", *lines])) == b"".join(
        [lines[0], *lines[2:4], b"no head\n", *lines[::2], lines[-1]]
    )
    assert len(asked) == 2


def test_lines_that_the_part_does_not_take_stay(part: CDLL) -> None:
    assert LineSieve(part, 0, 0, None, by_dyno=False).wanted(b"no end") == b"no end"


def test_many_names_are_no_more_than_some(part: CDLL) -> None:
    asked: list[str] = []
    own = LineSieve(part, 0, 1 << 62, lambda *name: bool(asked.append(name[2])), by_dyno=True)
    own.wanted("".join(ROUTER.replace("dyno=web.1", f"dyno=web.{number}") for number in range(10_020)).encode())
    assert asked[0] == "web.0"
    assert len(asked) == 10_000
