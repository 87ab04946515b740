"""Rows that wait inside the compiled part count as those in lists do, whenever and however they are taken."""

from __future__ import annotations

import random
from ctypes import CDLL
from typing import Any

import pytest

from herodyno.diagnosis.counting import printed, sample_rows
from herodyno.diagnosis.counting.errors import failed_rows
from herodyno.diagnosis.counting.requests import batch
from herodyno.diagnosis.counting.requests.batch import ENOUGH
from herodyno.logs.scan.compiled.held_block import LinesOfBlock
from herodyno.logs.scan.compiled.library import WORK, Columns
from herodyno.logs.scan.compiled.reader import CompiledReader
from herodyno.logs.scan.scanner import Scanner
from tests.logs.scan.compiled.composed import as_bytes, counted, counts, lines, mutated

pytestmark = pytest.mark.real

LINE = (
    '{stamp}+00:00 heroku[router]: at=info method={method} path="{path}" host={host} request_id=4f0c-1 fwd="{fwd}" '
    "dyno={dyno} connect=0ms service={service}ms status={status} bytes=312 protocol=https\n"
)
PATHS = ("/", "/a?b=1", "/é", "/\ufffd", "/\x00", "/" + "x" * 300, "", "/a b", "/\x85")
FWDS = ("192.0.2.7", "192.0.2.7, 10.0.0.1", "", " ", ",", "2001:db8::1", "unknown, é")
DYNOS = ("web.1", "web.2", "web.10", "worker.1", "web-1a2b3c-x9y8z", "W.1", "_", "run.77")


def block(chance: random.Random, hour: str, rows: int, *, is_sorted: bool = True) -> bytes:
    """Requests of an hour, whose paths and clients are partly new."""
    stamps = [f"{hour}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}.{chance.choice((0, 1, 999_999)):06}"
              for _ in range(rows)]  # fmt: skip
    return "".join(
        LINE.format(
            stamp=stamp,
            method=chance.choice(("GET", "POST", "HEAD")),
            path=chance.choice((*PATHS, f"/{chance.randint(1, 5000)}")),
            host=chance.choice(("a.example", "b.example", "é")),
            fwd=chance.choice((*FWDS, f"198.51.100.{chance.randint(1, 250)}")),
            dyno=chance.choice(DYNOS),
            service=chance.choice((0, 1, 7, 40, 99_999, chance.randint(0, 5000))),
            status=chance.choice((200, 200, 302, 404, 503)),
        )
        for stamp in (sorted(stamps) if is_sorted else stamps)
    ).encode()


def log(chance: random.Random) -> list[bytes]:
    """Blocks over a day: an hour that does not exist, lines that are out of order, a dyno that ends, no request."""
    days = ("1969-12-31T23", "1970-01-01T00", "2000-02-29T12", "2026-02-28T23", "2026-03-01T00", "2100-03-01T05")
    blocks = [block(chance, day, 40) for day in days]
    for hour in range(14):
        blocks.append(block(chance, f"2026-03-02T{hour:02}", 900, is_sorted=hour % 3 > 0))
        if hour == 5:
            blocks[-1] += b"2026-03-02T05:59:59.999999+00:00 heroku[web.2]: State changed from up to down\n"
        if hour == 7:
            blocks.append(block(chance, "2026-02-30T07", 30) + block(chance, "2026-03-02T07", 30))
        if hour == 9:
            blocks.append(b"2026-03-02T09:59:59.999999+00:00 app[web.1]: level=info x\n")
    return blocks


@pytest.mark.parametrize("seed", [1, 2])
def test_held_requests_count_as_those_in_lists(seed: int, part: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = log(random.Random(seed))
    monkeypatch.setattr(batch, "MOST_COUNTED", ENOUGH)
    expected = counted(blocks, None)
    assert expected["facts"]["router_lines"] > 2 * ENOUGH
    assert counted(blocks, part) == expected
    assert counted(blocks, part, holds=False) == expected


def names(blocks: list[bytes], part: CDLL | None) -> list[list[tuple[str, int]]]:
    """The paths and clients that are kept of each dyno, in the order in which they are kept."""
    facts = [segment.incarnation for of_name in counts(blocks, part).segments.values() for segment in of_name]
    tallies = [tally for own in facts for tally in (own.paths, own.clients)]
    return [[*tally.counts.items(), ("others", tally.other)] for tally in tallies]


@pytest.mark.parametrize("most", [1, 3, 7])
def test_of_too_many_names_the_same_stay(most: int, part: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = log(random.Random(3))
    monkeypatch.setattr(batch, "MOST_COUNTED", ENOUGH)
    monkeypatch.setattr(batch, "MOST_NAMES", most)
    expected = names(blocks, None)
    assert sum(kept[-1][1] for kept in expected) > 1000
    assert names(blocks, part) == expected


def mixed(chance: random.Random) -> list[bytes]:
    """Blocks of lines of all kinds, some of them mutated, every third out of order."""
    return [
        as_bytes([mutated(chance, text) for text in lines(chance, 9000, 400, is_sorted=number % 3 > 0)])
        for number in range(10)
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_held_rows_of_all_kinds_count_as_those_in_lists(seed: int, part: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = mixed(random.Random(seed))
    for module in (batch, failed_rows, sample_rows):
        monkeypatch.setattr(module, "ENOUGH", 300)
    monkeypatch.setattr(batch, "MOST_COUNTED", 800)
    expected = counted(blocks, None)
    assert expected["facts"]["printed_ranks"]
    assert counted(blocks, part) == expected
    assert counted(blocks, part, holds=False) == expected


def test_only_lines_of_slots_that_are_looked_at_come_out(part: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [as_bytes(lines(random.Random(seed), 9000, 400)) for seed in range(20)]
    monkeypatch.setattr(printed, "MOST_LOOKED_AT", 200)
    asked: list[int] = []
    read = LinesOfBlock.read
    monkeypatch.setattr(LinesOfBlock, "read", lambda *args: asked.append(args[2] - args[1]) or read(*args))
    expected = counted(blocks, None)
    assert counted(blocks, part) == expected
    assert 0 < sum(asked) < sum(expected["facts"]["printed_ranks"].values()) // 2


DOORS = [("do", work) for work in WORK if not work.startswith("forget")] + [
    ("count_requests", ""),
    ("close", ""),
    ("next_row", ""),
    ("read", ""),
    ("take_lines", ""),
]


@pytest.mark.parametrize(("name", "work"), DOORS)
def test_what_the_compiled_part_fails_at_counts_as_well(
    name: str, work: str, part: CDLL, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = mixed(random.Random(4))
    for module in (batch, failed_rows, sample_rows):
        monkeypatch.setattr(module, "ENOUGH", 200)
    monkeypatch.setattr(batch, "MOST_COUNTED", 200)
    asked: list[int] = []
    works = getattr(Columns, name)

    def fails_at_times(columns: Columns, *args: Any) -> int:
        if work and args[0] != work:
            return int(works(columns, *args))
        asked.append(1)
        return -1 if len(asked) % 3 else int(works(columns, *args))

    monkeypatch.setattr(Columns, name, fails_at_times)
    assert counted(blocks, part) == counted(blocks, None)
    assert len(asked) > 3


def test_lines_of_apps_come_out_by_time_and_cut(part: CDLL) -> None:
    given = [
        f"2026-03-02T12:00:{second:02}.000000+00:00 app[web.1]: level=info {'é' * length}"
        for second, length in ((9, 3), (2, 0), (2, 900), (5, 899), (7, 40))
    ]
    scanner = Scanner(year=2026, slot_seconds=60, compiled=lambda: CompiledReader(part))
    held = scanner.block(("\n".join(given) + "\n").encode()).held
    assert held is not None
    in_order = [given[place] for place in (1, 2, 3, 4, 0)]
    for begin, end in ((0, 5), (0, 0), (5, 5), (1, 2), (2, 5)):
        text, numbers = held.lines.read(begin, end, 1740)
        assert text == b"\n".join(line.encode()[:1740] for line in in_order[begin:end])
        assert list(numbers) == [2, 3, 4, 5, 1][begin:end]
