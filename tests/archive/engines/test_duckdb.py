"""A long query ends with Ctrl-C, and a file that is no table is refused in one line."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.engines.engine import Relation
from herodyno.archive.folder import ArchiveFolder
from herodyno.errors import Refused
from tests.archive.archived import put
from tests.diagnosis.reading import request

LONG = "SELECT max(hash(a.range, b.range)) FROM range(300000) a, range(300000) b"


@pytest.mark.parametrize("how", ["rows", "batches"])
def test_ctrl_c_ends_a_long_query(tmp_path: Path, how: str) -> None:
    put(tmp_path / "archive", request(1, "web.1"))
    with engine(ArchiveFolder(tmp_path / "archive").files()) as found:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            list(getattr(found, how)(LONG))
        assert time.monotonic() - began < 20
        assert found.rows("SELECT count(*) FROM events") == [(1,)]


@pytest.mark.parametrize(("is_writer", "limit"), [(False, "953.6 MiB"), (True, "152.5 MiB")])
def test_memory_is_bounded_and_a_query_that_needs_more_says_so(tmp_path: Path, is_writer: bool, limit: str) -> None:
    with engine([], staging=tmp_path if is_writer else None) as found:
        assert found.rows("SELECT current_setting('memory_limit'), count(*) FROM events") == [(limit, 0)]
        found.rows("SET memory_limit = '4MB'")
        with pytest.raises(Refused, match="DuckDB has too little memory: ") as refused:
            found.rows("SELECT list(range ORDER BY hash(range)) FROM range(3000000)")
    assert "--since" in refused.value.next_step


def test_how_long_a_query_takes_is_told_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.archive.engines.duckdb._TOLD_SECONDS", 0.01)
    heard: list[float] = []
    with engine([], told=heard.append) as found:
        while len(heard) < 3:
            found.rows("SELECT max(hash(a.range, b.range)) FROM range(3000) a, range(3000) b")
    assert heard[0] > 0


def test_a_file_that_is_no_table_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "day.parquet").write_bytes(b"PAR1 is not all that it takes")
    with pytest.raises(Refused, match="the archive cannot be read") as refused, engine([tmp_path / "day.parquet"]):
        pass
    assert "\n" not in refused.value.message


def test_damage_in_the_midst_of_a_file_is_refused_too(tmp_path: Path) -> None:
    put(tmp_path / "archive", "".join(request(n / 9, f"web.{n % 3}", path=f"/p{n * 7919 % 997}") for n in range(500)))
    (path,) = ArchiveFolder(tmp_path / "archive").files()
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 4, len(data) // 2):
        data[at] ^= 0x5A
    path.write_bytes(data)
    with engine([path]) as found, pytest.raises(Refused, match="the archive cannot be read"):
        list(found.batches("SELECT * FROM events"))


def test_a_file_that_was_swept_while_a_query_ran_is_no_damage(tmp_path: Path) -> None:
    put(tmp_path / "archive", request(1, "web.1"))
    (path,) = ArchiveFolder(tmp_path / "archive").files()
    with engine([path]) as found:
        path.unlink()
        with pytest.raises(Refused, match="was written to while it was read") as refused:
            found.rows("SELECT max(message) FROM events")
    assert refused.value.next_step == "run it again"


def test_what_a_killed_writer_spilled_lies_where_the_next_one_sweeps(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "archive")
    put(folder.root, request(1, "web.1"))
    with engine(folder.files(), staging=folder.staging) as found:
        ((spilled,),) = found.rows("SELECT current_setting('temp_directory')")
        assert Path(spilled).parent == folder.staging
        with folder.writing():
            assert not folder.staging.exists()


@pytest.mark.parametrize("rows", [1, 100, 101, 5000])
def test_a_relation_of_any_length_is_joined_and_may_change(tmp_path: Path, rows: int) -> None:
    put(tmp_path / "archive", request(1, "web.1"))
    text = "SELECT count(*), max(v.name), sum(v.n) FROM events e JOIN (VALUES $wanted) AS v (name, n) ON v.n >= 0"
    with engine(ArchiveFolder(tmp_path / "archive").files()) as found:
        for name in ("a", "it's"):
            wanted = Relation((f"{name}{at % 3}", at) for at in range(rows))
            assert found.rows(text, wanted=wanted) == [(rows, max(wanted)[0], rows * (rows - 1) // 2)]
            assert next(iter(found.batches(text, wanted=wanted))).num_rows == 1
