"""The compiled part reads every block as the pattern does: the same rows, events, numbers and open tracebacks."""

from __future__ import annotations

import random
from ctypes import CDLL
from pathlib import Path

import pytest

from herodyno.logs.scan.blocks import line_blocks
from herodyno.logs.scan.compiled.reader import CompiledReader
from herodyno.logs.scan.scanner import Scanner
from herodyno.logs.scan.stamps import Stamps
from tests.logs.scan.compiled.composed import GOOD, USUAL, mutated
from tests.real_parts import CASES, REAL_LOGS, case_bytes, need_shared_data, real_logs

pytestmark = pytest.mark.real

FOLDER = Path(__file__).parents[2]
FILES = sorted([*(FOLDER / "cases").glob("*"), *(FOLDER / "streams").glob("*")])

STAMP = "2026-03-02T12:00:01.000002+00:00"


def same(part: CDLL, blocks: list[bytes]) -> int:
    """The number of rows of some blocks, which both ways read alike."""
    pure = Scanner(year=2026, compiled=lambda: None)
    compiled = Scanner(year=2026, compiled=lambda: CompiledReader(part))
    rows = 0
    for text in blocks:
        expected = pure.block(text)
        assert compiled.block(text) == expected
        rows += expected.rows
    assert compiled.close() == pure.close()
    return rows


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_other_tests_are_read_alike(path: Path, part: CDLL) -> None:
    same(part, list(line_blocks([path.read_bytes()])))


@pytest.mark.parametrize("name", real_logs(".log", ".txt"))
def test_real_logs_are_read_alike(name: str, part: CDLL) -> None:
    need_shared_data()
    data = (REAL_LOGS / name).read_bytes()[: 1 << 20]
    same(part, list(line_blocks(data[at : at + (1 << 16)] for at in range(0, len(data), 1 << 16))))


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.log")) or ["no-file"])
def test_composed_cases_are_read_alike(name: str, part: CDLL) -> None:
    same(part, list(line_blocks([case_bytes(name)[: 1 << 20]])))


@pytest.mark.parametrize("rounds", [300, pytest.param(20_000, marks=pytest.mark.slow)])
def test_mutated_lines_are_read_alike(rounds: int, part: CDLL) -> None:
    chance = random.Random(rounds)
    rows = 0
    for _ in range(rounds):
        lines = []
        for _ in range(chance.randint(1, 30)):
            line = f"{STAMP[:18]}{chance.randint(0, 9)}{STAMP[19:]} {chance.choice(USUAL)}"
            lines.append(mutated(chance, line) + "\n")
        rows += same(part, ["".join(lines).encode()])
    assert rows > 2 * rounds


@pytest.mark.parametrize(
    "text",
    [b"", b"\n", b"\n\n", b"no end", b"\0\n", b'" path="' * 90_000 + b"\n", b"\xff\n" * 5000],
    ids=["nothing", "blank", "blanks", "no-end", "nul", "quotes", "bytes"],
)
def test_odd_blocks_are_read_alike_or_left(text: bytes, part: CDLL) -> None:
    found = CompiledReader(part).matched(text, 1, Stamps())
    assert (found is None) == (text in (b"no end",))
    if found:
        same(part, [text])


def test_a_block_with_an_hour_that_does_not_exist_is_left_to_python(part: CDLL) -> None:
    lines = [f"{STAMP} {GOOD}\n", f"{STAMP.replace('03-02T', '02-30T')} {GOOD}\n"]
    assert CompiledReader(part).matched("".join(lines).encode(), 1, Stamps()) is None
    assert same(part, ["".join(lines).encode()]) == 1


def test_two_readers_do_not_share_columns(part: CDLL) -> None:
    one, other = CompiledReader(part), CompiledReader(part)
    first = one.matched(f"{STAMP} {GOOD}\n".encode(), 1, Stamps())
    other.matched(f"{STAMP} app[web.1]: {{}}\n".encode(), 1, Stamps())
    assert first is not None
    assert (first.requests.stamps, first.plain.stamps) == ([STAMP[:26].encode()], [])
