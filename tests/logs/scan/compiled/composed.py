"""Composed lines of all kinds that the scan knows, mutated lines, and what is counted of blocks of them."""

from __future__ import annotations

import random
from ctypes import CDLL
from typing import Any

from herodyno.diagnosis.counting.counter import Counting
from herodyno.diagnosis.counting.printed import SLOT_SECONDS
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.scan.compiled.reader import CompiledReader
from herodyno.logs.scan.scanner import Scanner
from tests.diagnosis.plain_values import plain

GOOD = (
    'heroku[router]: at=info method=GET path="/a?b=1" host=a.example request_id=4f0c-1 fwd="192.0.2.7, 10.0.0.1" '
    "dyno=web.1 connect=0ms service=40ms status=200 bytes=312 protocol=http1.1 tls=true tls_version=tls1.3"
)
H12 = GOOD.replace("at=info", 'at=error code=H12 desc="Request timeout"').replace("status=200", "status=503")
METRICS = "heroku[web.1]: source=web.1 dyno=heroku.1.8c1d7a55-0000-4000-8000-000000000001 sample#"
MEMORY = (
    METRICS + "memory_total=400.25MB sample#memory_rss=399.00MB sample#memory_cache=0.00MB sample#memory_swap=1.25MB "
    "sample#memory_pgpgin=12pages sample#memory_pgpgout=9pages sample#memory_quota=512.00MB"
)
LOAD = METRICS + "load_avg_1m=0.25 sample#load_avg_5m=0.25 sample#load_avg_15m=0.10"
USUAL = [
    GOOD, GOOD.replace("status=200", "status=500"), GOOD.replace("status=200", "status=302").replace("web.1", "web.22"),
    H12, MEMORY, LOAD,
    "heroku[web.1]: Error R14 (Memory quota exceeded)", "heroku[web.1]: State changed from up to down",
    "app[web.1]: level=info x=1", 'app[web.22]: [4f0c] Started GET "/x"', "app[web.1]: {}", "app[web.1]: é WARN: x",
    "app[web.1]: Traceback (most recent call last):", 'app[web.1]:   File "x.py", line 3, in f', "app[web.1]: Foo: x",
    "app[web.1]: FooError: x", "app[web.22]:     at Foo (/x.js:1)", "app[api]: Deploy by x",
]  # fmt: skip
CHANGES = [
    '"', "=", " ", ",", "?", "9", "\t", "é", "\0", "\x1c", "ms", "", "\n", "\n \n", "WARN: ", "Error", "T24", "-02-30",
    " protocol=http1.1", " tls=true", ": ", "\u00a0", "e", "app[api]: ", "heroku[router]: ", "[", "]: ", "panic: ",
    'at=error code=H12 desc="x" method=', "load_avg_1m", "at ", "{", "ERROR: ",
]  # fmt: skip
# What apps print: nothing, chatter, blanks, long lines, a head within the line, bytes that are no text.
SAID = [
    "", " ", "\x0b", "x", "level=info path=/a", "Started GET /", "npm ERR! code 1", "npm ERR! x", "npm x", "> start",
    "a [INFO] Worker exiting", "a [INFO] x", "]: x", "é" * 900, "x" * 1800, "\x1c\x1f", "\u0085x", "  spaced  ",
    "\udcff\udcfe", "2026-03-02T12:00:01.000002+00:00 app[web.1]: x", "y" * 1597 + "é" * 9,
]  # fmt: skip
NAMES = ("web.1", "web.2", "web.22", "worker.1", "heroku-postgres", "scheduler.9", "_", "run.77", "web-1a2b3c-x9y8z")
IDS = ("8c1d7a55-0000-4000-8000-000000000001", "8c1d7a55-0000-4000-8000-0000000000ff")


def line(chance: random.Random) -> str:
    """One line without its stamp."""
    name = chance.choice(NAMES)
    dice = chance.random()
    if dice < 0.3:
        return f"app[{name}]: {chance.choice(SAID)}"
    said = chance.choice(USUAL).replace("web.1", name)
    if "sample#" in said:
        said = said.replace(IDS[0], chance.choice(IDS)).replace("400.25", f"{chance.randint(0, 10**9)}.{dice:.2f}"[:12])
        said = said.replace("=12pages", f"={chance.choice((0, 7, 10**18 - 1))}pages")
    if "router" in said:
        said = said.replace('"/a', f'"/{chance.choice(("", "é", "a b", "x" * 300, str(chance.randint(1, 900))))}')
        said = said.replace("=40ms", f"={chance.choice((0, 7, 99_999, chance.randint(0, 5000)))}ms")
    return said


def lines(chance: random.Random, seconds: float, n: int, *, is_sorted: bool = True) -> list[str]:
    """Lines of some seconds from noon on, or of a year that a float has no exact microseconds of."""
    year = chance.choice((*(2026,) * 60, 2300))
    stamps = [chance.random() * seconds for _ in range(n)]
    return [
        f"{year}-03-02T{12 + int(at // 3600):02}:{int(at // 60) % 60:02}:{at % 60:09.6f}+00:00 {line(chance)}"
        for at in (sorted(stamps) if is_sorted else stamps)
    ]


def mutated(chance: random.Random, text: str) -> str:
    """A line with up to three changes."""
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(CHANGES) + text[at + chance.randint(0, 3) :]
    return text


def as_bytes(texts: list[str]) -> bytes:
    """Lines as a block."""
    return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogateescape")


def counts(blocks: list[bytes], part: CDLL | None, *, holds: bool = True) -> Unassigned:
    """All counts of some blocks."""
    scanner = Scanner(
        year=2026,
        slot_seconds=SLOT_SECONDS if holds else 0,
        compiled=lambda: CompiledReader(part) if part is not None else None,
    )
    counting = Counting()
    for text in blocks:
        counting.add(scanner.block(text), scanner.stamps)
    return counting.closed(scanner)


def counted(blocks: list[bytes], part: CDLL | None, *, holds: bool = True) -> Any:
    """The same as plain values."""
    return plain(counts(blocks, part, holds=holds))
