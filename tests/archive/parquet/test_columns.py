"""The columns of each kind of file of an archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.parquet.columns import events_schema, incarnations_schema
from tests.archive.archived import put
from tests.diagnosis.reading import request

GOLDEN = Path(__file__).parent / "golden"


def test_the_columns_are_those_of_the_pinned_schema(golden: Callable[[Path, str], None], tmp_path: Path) -> None:
    golden(GOLDEN / "events.schema.txt", f"{events_schema()}\n")
    golden(GOLDEN / "incarnations.schema.txt", f"{incarnations_schema()}\n")
    put(tmp_path / "archive", request(1, "web.1"))
    folder = ArchiveFolder(tmp_path / "archive")
    assert pq.read_schema(folder.events("2026-03-02")).equals(events_schema(), check_metadata=True)
    assert pq.read_schema(folder.incarnations("2026-03-02")).equals(incarnations_schema(), check_metadata=True)
