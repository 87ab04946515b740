"""However rows are spread over sorted files, and however few of these are open at once, they come in one order."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from herodyno.archive.merging import sorted_runs
from herodyno.archive.merging.sorted_runs import merged, ordered
from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.files import write
from herodyno.archive.parquet.tables import table_of
from herodyno.archive.rows import Row
from herodyno.errors import Refused


def row(chance: Random, number: int) -> Row:
    dyno = chance.choice(("web.1", "web.2", "web.10", None))
    at_us, received_us = chance.randrange(5), chance.choice((None, 1, 2))
    app = chance.choice(("shop", "\ufffdé", "\U0001f600"))
    return Row(
        at_us, received_us, app, None, None, None, None, "import", None, None, "app", "web.1", "app", dyno, None, None,
        None, arrival=number, message=f"text {number}",
    )  # fmt: skip


def key(row: Row) -> tuple[object, ...]:
    return row.app, row.dyno is None, row.dyno, row.ts_us, row.recv_us is None, row.recv_us, row.arrival


@pytest.mark.parametrize("files", [1, 3, 10])
def test_rows_of_many_files_come_in_one_order_each_once(
    files: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_runs, "_MOST_OPEN", 3)
    monkeypatch.setattr(sorted_runs, "_ROWS", 7)
    chance = Random(files)
    beside = tmp_path / "beside"
    beside.mkdir()
    paths, places, every = [], {}, []
    for number in range(files):
        rows = [row(chance, 100 * number + each) for each in range(chance.randrange(1, 60))]
        paths.append(tmp_path / f"{number}.parquet")
        write(paths[-1], events_schema(), [ordered(table_of(rows))], is_staged=bool(number % 2))
        rows.sort(key=key)
        places[paths[-1]] = bytearray(chance.randrange(2) for _ in rows)
        every += [(each, place) for each, place in zip(rows, places[paths[-1]], strict=True)]
    every.sort(key=lambda pair: key(pair[0]))
    for chosen in (None, places):
        wanted = [each.message for each, place in every if chosen is None or place]
        assert [text for rows in merged(paths, chosen, beside) for text in rows["message"].to_pylist()] == wanted
    assert not list(beside.iterdir())
    assert all(path.exists() for path in paths)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "1.parquet"
    path.write_bytes(b"PAR1 no more")
    with pytest.raises(Refused, match="the archive cannot be read"):
        list(merged([path], None, tmp_path))
