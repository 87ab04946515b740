"""The columns that readers outside of herodyno rely on: pinned in a file, in each file of an archive."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.parquet import events_schema, incarnations_schema, write
from tests.archive.archived import put
from tests.conftest import Invoke
from tests.diagnosis.reading import request

GOLDEN = Path(__file__).parent / "golden"


def test_the_columns_are_those_of_the_pinned_schema(golden: Callable[[Path, str], None], tmp_path: Path) -> None:
    golden(GOLDEN / "events.schema.txt", f"{events_schema()}\n")
    golden(GOLDEN / "incarnations.schema.txt", f"{incarnations_schema()}\n")
    put(tmp_path / "archive", request(1, "web.1"))
    folder = ArchiveFolder(tmp_path / "archive")
    assert pq.read_schema(folder.events("2026-03-02")).equals(events_schema(), check_metadata=True)
    assert pq.read_schema(folder.incarnations("2026-03-02")).equals(incarnations_schema(), check_metadata=True)


@pytest.mark.parametrize("command", ["archive import app.log --archive kept -a example-app", "diagnose --archive kept"])
def test_without_the_extra_one_line_says_what_to_type(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.log").write_text(request(1, "web.1"), encoding="utf-8")
    assert invoke("archive import app.log --archive kept -a example-app").code == 0
    monkeypatch.setattr("herodyno.archive.parquet.find_spec", lambda name: None)
    done = invoke(command)
    assert done.code == 1
    assert "an archive needs duckdb and pyarrow" in done.stderr
    assert "pip install 'herodyno[archive]'" in done.stderr


def test_what_a_full_disk_did_not_take_is_named_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=re.escape(str(tmp_path / "a.parquet"))):
        write(tmp_path / "a.parquet", events_schema(), [])
    assert list(tmp_path.iterdir()) == []
