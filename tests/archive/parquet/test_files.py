"""The columns that readers outside of herodyno rely on: pinned in a file, in each file of an archive."""

from __future__ import annotations

import errno
import os
import re
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.files import require_undamaged, write
from herodyno.errors import Refused
from tests.archive.archived import put
from tests.conftest import Invoke
from tests.diagnosis.reading import request


def test_a_day_is_sorted_packed_by_zstd_and_shows_any_flipped_bit_of_its_texts(tmp_path: Path) -> None:
    lines = [request(n / 9, f"web.{n % 3}", path=f"/p{n * 7919 % 997}") for n in range(600)]
    put(tmp_path / "archive", "".join(lines), app="shop")
    put(tmp_path / "archive", "".join(lines), app="api")
    path = ArchiveFolder(tmp_path / "archive").events("2026-03-02")
    require_undamaged(path)
    rows = [tuple(row.values()) for row in pq.read_table(path, columns=["app", "dyno", "ts_us"]).to_pylist()]
    assert (rows, len(rows)) == (sorted(rows), 1200)
    columns = pq.read_metadata(path).row_group(0)
    assert {columns.column(n).compression for n in range(columns.num_columns)} == {"ZSTD"}
    (texts,) = (columns.column(n) for n in range(columns.num_columns) if columns.column(n).path_in_schema == "message")
    whole = path.read_bytes()
    for at in range(texts.dictionary_page_offset + 100, texts.data_page_offset, 401):  # behind the head of the page
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Refused, match="it cannot be read"):
            require_undamaged(path)


def test_without_the_extra_one_line_says_what_to_type(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.log").write_text(request(1, "web.1"), encoding="utf-8")
    assert invoke("archive import app.log --archive kept -a example-app").code == 0
    for name in ("duckdb", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    for command in (
        "archive import app.log -a example-app", "archive compact", "archive status", "archive verify", "archive prune",
        "archive export", "archive drain list -a example-app", "diagnose", "logs", "profile", "ps --mem -a example-app",
    ):  # fmt: skip
        done = invoke(f"{command} --archive kept")
        assert (done.code, done.stdout) == (1, ""), command
        assert done.stderr.endswith("an archive needs duckdb and pyarrow\n  pip install 'herodyno[archive]'\n"), command


def test_what_a_full_disk_did_not_take_is_named_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=re.escape(str(tmp_path / "a.parquet"))):
        write(tmp_path / "a.parquet", events_schema(), [])
    assert list(tmp_path.iterdir()) == []
