"""Parquet is a log too: as Vector writes it, and of another archive; other tables are refused by their columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.errors import Refused
from tests.archive.archived import messages, put, rows
from tests.diagnosis.reading import request, stamp

ROUTER = "at=info method=GET path=/ host=a.example.com dyno=web.1 connect=1ms service=9ms status=200 bytes=2"


HELLO = "hello\n2026-03-02T12:00:09.000000+00:00 heroku[web.1]: Error R14"
TIMES = {
    "text": lambda at: pa.array([f"{each:%Y-%m-%dT%H:%M:%S.%fZ}" for each in at]),
    "microseconds": lambda at: pa.array(at, pa.timestamp("us")),
    "milliseconds with a zone": lambda at: pa.array(at, pa.timestamp("ms", tz="UTC")),
    "nanoseconds with a zone": lambda at: pa.array(at, pa.timestamp("ns", tz="UTC")),
}
KINDS = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]


def vector(path: Path, times: str, kind: pa.DataType) -> bytes:
    """Two lines as Vector's `heroku_logs` writes them, with a column that its users add, and one without a message."""
    at = [datetime(2026, 3, 2, 12, 0, n, 250_000, tzinfo=UTC) for n in (1, 2, 3)]
    texts = {
        "host": ["host"] * 3,
        "app_name": ["heroku", "app", "app"],
        "proc_id": ["router", "web.1", "web.1"],
        "message": [ROUTER, HELLO, None],
        "source_type": ["heroku_logs"] * 3,
        "team": ["shop"] * 3,
    }
    columns = {name: pa.array(values).cast(kind) for name, values in texts.items()}
    pq.write_table(pa.table({"timestamp": TIMES[times](at), **columns}), path)
    return path.read_bytes()


def test_vectors_columns_become_lines_whatever_their_types_and_its_ndjson_the_same(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    put(root, *(vector(tmp_path / "v.parquet", times, kind) for times, kind in zip(TIMES, cycle(KINDS), strict=False)))
    first, second = rows(root)
    assert (first["kind"], first["dyno"], first["service_ms"]) == ("router", "web.1", 9)
    assert (second["kind"], second["proc"], second["code"], second["message"]) == ("app", "web.1", None, HELLO)
    assert first["ts_us"] % 1_000_000 == 250_000
    event = {"timestamp": "2026-03-02T12:00:01.250Z", "host": "host", "app_name": "heroku", "proc_id": "router"}
    assert put(root, json.dumps(event | {"message": ROUTER, "source_type": "heroku_logs"}) + "\n").added == 0
    assert put(root, f"2026-03-02T12:00:01.250000+00:00 heroku[router]: {ROUTER}\n").added == 0


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
