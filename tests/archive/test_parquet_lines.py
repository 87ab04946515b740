"""Parquet is a log too: as Vector writes it, and of another archive; other tables are refused by their columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.errors import Refused
from tests.archive.archived import messages, put, rows
from tests.diagnosis.reading import request, stamp

ROUTER = "at=info method=GET path=/ host=a.example.com dyno=web.1 connect=1ms service=9ms status=200 bytes=2"


def vector(path: Path, *, as_text: bool) -> bytes:
    """Two lines as Vector's `heroku_logs` writes them."""
    at = [datetime(2026, 3, 2, 12, 0, n, tzinfo=UTC) for n in (1, 2)]
    times = pa.array([f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in at]) if as_text else pa.array(at, pa.timestamp("us"))
    table = pa.table(
        {
            "timestamp": times,
            "host": ["host", "host"],
            "app_name": ["heroku", "app"],
            "proc_id": ["router", "web.1"],
            "message": [ROUTER, "hello\n2026-03-02T12:00:09.000000+00:00 heroku[web.1]: Error R14"],
        }
    )
    pq.write_table(table, path)
    return path.read_bytes()


@pytest.mark.parametrize("as_text", [False, True], ids=["timestamps", "texts"])
def test_vectors_columns_become_lines(tmp_path: Path, as_text: bool) -> None:
    put(tmp_path / "archive", vector(tmp_path / "v.parquet", as_text=as_text))
    first, second = rows(tmp_path / "archive")
    assert (first["kind"], first["dyno"], first["service_ms"]) == ("router", "web.1", 9)
    assert (second["kind"], second["proc"], second["code"]) == ("app", "web.1", None)
    same = f"2026-03-02T12:00:01.000000+00:00 heroku[router]: {ROUTER}\n"
    assert put(tmp_path / "archive", same).added == 0


def test_an_archive_is_taken_into_another_with_its_apps(tmp_path: Path) -> None:
    put(tmp_path / "one", request(1, "web.1") + f"{stamp(2)} app[web.1]: hi\nthe rest\n", app="shop")
    day = ArchiveFolder(tmp_path / "one").events("2026-03-02").read_bytes()
    assert put(tmp_path / "two", day, app="").added == 3
    assert put(tmp_path / "two", day, app="").added == 0
    assert messages(tmp_path / "two", "shop") == messages(tmp_path / "one", "shop")


def test_other_tables_are_refused_with_the_columns_that_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(Refused, match="other columns") as refused:
        put(tmp_path / "archive", (tmp_path / "other.parquet").read_bytes())
    assert "app_name, message, proc_id, timestamp" in refused.value.next_step
    with pytest.raises(Refused):
        put(tmp_path / "archive", (tmp_path / "other.parquet").read_bytes()[:-5])
