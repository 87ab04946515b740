"""For a minute, mutated lines of all kinds in blocks cut anywhere: all counts are the same by the compiled part."""

from __future__ import annotations

import random
from collections.abc import Iterator
from ctypes import CDLL
from time import monotonic

import pytest

from herodyno.diagnosis.counting import printed, sample_rows
from herodyno.diagnosis.counting.errors import failed_rows
from herodyno.diagnosis.counting.requests import batch
from herodyno.logs.scan.blocks import line_blocks
from tests.logs.scan.compiled.composed import as_bytes, counted, lines, mutated
from tests.real_parts import REAL_LOGS, real_logs

pytestmark = pytest.mark.real

MOST_BYTES = 1 << 15  # of a real log


def texts(chance: random.Random) -> list[str]:
    """Lines of a real log from anywhere in it, or composed ones of ten minutes or of three hours."""
    files = sorted(REAL_LOGS / name for name in real_logs(".log", ".txt") if (REAL_LOGS / name).is_file())
    if not files or chance.random() < 0.7:
        span, is_sorted = chance.choice((600, 600, 10_000)), chance.random() < 0.7
        return lines(chance, span, chance.randint(1, 1200), is_sorted=is_sorted)
    data = chance.choice(files).read_bytes()
    begin = chance.randint(0, max(0, len(data) - MOST_BYTES))
    return data[begin : begin + MOST_BYTES].decode("utf-8", "surrogateescape").split("\n")


def chunks(chance: random.Random) -> Iterator[bytes]:
    """A log in chunks that may end within a line, within a character or within a traceback."""
    data = as_bytes([mutated(chance, text) for text in texts(chance)])
    at = 0
    while at < len(data):
        size = chance.choice((chance.randint(1, 400), chance.randint(1, 40_000)))
        yield data[at : at + size]
        at += size


@pytest.mark.parametrize("seconds", [1, pytest.param(55, marks=pytest.mark.slow)])
def test_mutated_lines_in_any_blocks_count_the_same(seconds: int, part: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    end = monotonic() + seconds
    seed = rows = 0
    while monotonic() < end:
        seed += 1
        chance = random.Random(seed)
        for module in (batch, failed_rows, sample_rows):
            monkeypatch.setattr(module, "ENOUGH", chance.randint(0, 300))
        monkeypatch.setattr(batch, "MOST_COUNTED", chance.randint(0, 900))
        monkeypatch.setattr(batch, "MOST_NAMES", chance.choice((1, 3, 400)))
        monkeypatch.setattr(batch, "MOST_NAME_BYTES", chance.choice((0, 2000, 4_000_000)))
        monkeypatch.setattr(printed, "MOST_LOOKED_AT", chance.choice((0, 20, 30_000)))
        blocks = list(line_blocks(chunks(chance)))
        expected = counted(blocks, None)
        assert counted(blocks, part) == expected, f"seed {seed}"
        assert counted(blocks, part, holds=False) == expected, f"seed {seed}, as lists"
        rows += expected["facts"]["lines"]
    assert rows > 100 * seconds
