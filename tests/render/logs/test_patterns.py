"""Patterns of a log as a terminal shows them: the course over time on one clock, where there is room for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from functools import cache
from pathlib import Path

import pytest

from herodyno.logs.patterns.log_patterns import LogPatterns
from herodyno.render.logs.patterns import Counted, Look, pattern_blocks, sorted_patterns
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.text import cell_width, cleaned, lay_out, plain
from tests.logs.log_lines import START, line, request

GOLDEN = Path(__file__).parents[1] / "golden" / "patterns"
END = START + timedelta(minutes=20)


def entries() -> Iterator[tuple[int, str]]:
    """Twenty minutes: steady requests, an error that comes half-way and grows, a line that is heard no more."""
    for at in range(0, 1200, 10):
        yield at, request(dyno=f"web.{at % 3 + 1}", path=f"/orders/{at}")
        yield from ((at, f"app[web.2]: price is missing for basket {at + n}") for n in range((at - 600) // 150))
        if at < 300:
            yield at, f"app[worker.1]: still waiting for the queue after {at} ms"


@cache
def counted() -> Counted:
    found = LogPatterns()
    for at, text in entries():
        found.add(line(text, at))
    found.close()
    return Counted(
        sorted_patterns(list(found), "lines"),
        found.lines,
        found.bytes,
        found.clock,
        START,
        END,
        (END - START).total_seconds(),
    )


@pytest.mark.parametrize("form", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [80, 100, 140])
def test_patterns_read_as_their_golden_file(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    look = Look(END, UTC, 20, long=False, signs=ASCII_SIGNS if form == "ascii" else UNICODE, width=width)
    lines = [plain(cleaned(each)) for each in lay_out(pattern_blocks(counted(), look), width)]
    golden(GOLDEN / f"{width}-{form}.txt", "".join(f"{each}\n" for each in lines))
    assert max(map(cell_width, lines)) <= width
