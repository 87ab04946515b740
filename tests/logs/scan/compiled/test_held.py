"""Good requests that wait inside the compiled part count as those in lists do, whenever and however they are taken."""

from __future__ import annotations

import random
from ctypes import CDLL
from typing import Any

import pytest

from herodyno.diagnosis.counting.batch import ENOUGH
from herodyno.diagnosis.counting.counter import Counting
from herodyno.logs.scan.compiled.library import Columns
from herodyno.logs.scan.compiled.reader import CompiledReader
from herodyno.logs.scan.scanner import Scanner
from tests.diagnosis.plain_values import plain

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


def counted(blocks: list[bytes], part: CDLL | None, *, holds: bool = True) -> Any:
    """All counts of some blocks."""
    scanner = Scanner(
        year=2026, holds_requests=holds, compiled=lambda: CompiledReader(part) if part is not None else None
    )
    counting = Counting()
    for text in blocks:
        counting.add(scanner.block(text), scanner.stamps)
    return plain(counting.closed(scanner))


@pytest.mark.parametrize("seed", [1, 2])
def test_held_requests_count_as_those_in_lists(seed: int, part: CDLL) -> None:
    blocks = log(random.Random(seed))
    expected = counted(blocks, None)
    assert expected["facts"]["router_lines"] > 2 * ENOUGH
    assert counted(blocks, part) == expected
    assert counted(blocks, part, holds=False) == expected


@pytest.mark.parametrize("name", ["keep", "group"])
def test_requests_that_the_compiled_part_has_no_memory_for_count_as_well(
    name: str, part: CDLL, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = log(random.Random(3))
    asked: list[int] = []
    works = getattr(Columns, name)

    def fails_at_times(columns: Columns, *args: int) -> int:
        asked.append(1)
        return -1 if len(asked) % 2 else int(works(columns, *args))

    monkeypatch.setattr(Columns, name, fails_at_times)
    assert counted(blocks, part) == counted(blocks, None)
    assert len(asked) > 3
