"""Lines taken in many at a time give the rows that they give one by one: on real logs, and on lines made to differ."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from herodyno.archive import importing
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.importing import _Deliveries, _stage
from herodyno.archive.rows import Delivery
from herodyno.archive.staging.columns import columns_of
from herodyno.archive.staging.staged import Staging
from herodyno.errors import UsageError
from herodyno.logs.decoding.read import read_lines
from tests.archive.staging.any_shape import LINES, USUAL
from tests.bench.log_file import write_log
from tests.real_parts import REAL_LOGS, need_shared_data, real_logs


def rows_of(root: Path, text: bytes, *, many: bool) -> list[dict[str, Any]] | str:
    """The staged rows of a log, by number; the error where the log is refused."""
    staging, deliveries = Staging(ArchiveFolder(root), "file"), _Deliveries("x.log", "example-app")
    staging._ts_us["example-app"] = 1_772_000_000_000_000  # else the first lines are read one by one
    try:
        if many:
            _stage(iter([text]), staging, deliveries, 2026)
        else:
            staging.add_all(deliveries.of_lines(read_lines([text], year=2026)))
    except UsageError as error:
        return error.message
    rows = [row for path in (root / ".herodyno-staging").glob("*") for row in pq.read_table(path).to_pylist()]
    return [{"lines": staging.lines, "undated": staging.undated}, *sorted(rows, key=lambda row: row["arrival"])]


def check(root: Path, text: bytes) -> None:
    assert rows_of(root / "many", text, many=True) == rows_of(root / "one", text, many=False)


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_among_usual_ones_gives_the_same_rows(tmp_path: Path, number: int) -> None:
    line = LINES[number].rstrip("\n")
    check(tmp_path, f"{USUAL}{line}\na line without head\n{USUAL}{line}".encode())


def test_broken_characters_do(tmp_path: Path) -> None:
    check(tmp_path, USUAL.encode().replace(b"usual", b"\xff\xc3( \xe2\x82") + USUAL.encode() + b"\xc3\n")


def test_a_day_of_a_far_year_among_those_of_this_year_does(tmp_path: Path) -> None:
    far = [USUAL.replace("2026-", f"{year}-") for year in (1971, 2255, 2256, 8999)]
    assert all(line != USUAL for line in far)
    check(tmp_path, "".join([USUAL, *far, USUAL]).encode())


def test_all_of_them_in_any_order_and_in_small_blocks_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(7)
    monkeypatch.setattr(importing, "_BLOCK_BYTES", 20_000)
    lines = [line for line in LINES for _ in range(20) if "other-app" not in line]
    rng.shuffle(lines)
    check(tmp_path, "".join(line.rstrip("\n") + "\n" + USUAL * rng.randrange(3) for line in lines).encode())


def test_most_lines_of_a_usual_log_are_taken_in_many_at_a_time(tmp_path: Path) -> None:
    write_log(tmp_path / "usual.log", 1)
    text = (tmp_path / "usual.log").read_bytes()[:150_000].rpartition(b"\n")[0] + b"\n"
    found = columns_of(text, 1, Delivery("example-app"))
    assert found
    assert len(found.others) < found.lines / 20
    check(tmp_path, text)


@pytest.mark.parametrize("name", real_logs(".log", ".txt"))
def test_a_real_log_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    need_shared_data()
    check(tmp_path, (REAL_LOGS / name).read_bytes())
