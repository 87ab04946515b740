"""What the API listed gives lines their dyno ids, and a list that comes late opens its day again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from herodyno.archive.compaction import compact_frames
from herodyno.archive.drains.changes import new_password
from herodyno.archive.engines.duckdb import engine
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.parquet.columns import events_schema, has_incarnations, incarnations_schema
from herodyno.archive.parquet.files import write
from herodyno.archive.parquet.tables import table_of_records
from herodyno.dynos import Dyno
from tests.archive.archived import APP, put, rows
from tests.conftest import Invoke
from tests.diagnosis.reading import NOON, request

pytest.importorskip("duckdb")
OLD, NEW = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-1111-4111-8111-111111111111"
DAY = "2026-03-02"
# No line is about a dyno's start or end, and none has a dyno id.
LOG = "".join(request(seconds, "web.1") for seconds in range(0, 600, 10))


def lists(folder: ArchiveFolder) -> None:
    """web.1 is listed each minute. It is replaced 300 s after noon."""

    def web(dyno_id: str, made: float) -> Dyno:
        return Dyno("web.1", dyno_id, "web", "up", "Standard-2X", "", 7, NOON + timedelta(seconds=made))

    for seconds in range(0, 600, 60):
        dyno = web(NEW, 298) if seconds >= 300 else web(OLD, -3600)
        folder.lists.add(APP, [dyno], round((NOON.timestamp() + seconds) * 1e6))


def ids(root: Path) -> list[tuple[str | None, str | None]]:
    return sorted({(row["dyno_uuid"], row["dyno_uuid_how"]) for row in rows(root)}, key=str)


def incarnations(folder: ArchiveFolder) -> list[dict[str, Any]]:
    names = incarnations_schema().names
    with engine([folder.incarnations(DAY)]) as found:
        told = found.rows(f"SELECT {', '.join(names)} FROM events ORDER BY start_us")
    return [dict(zip(names, row, strict=True)) for row in told]


def test_lines_without_runtime_metrics_have_the_ids_that_the_api_listed(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "archive")
    new_password(folder.root, APP, app=APP)
    lists(folder)
    put(folder.root, LOG)
    at_us = round(NOON.timestamp() * 1e6)
    assert ids(folder.root) == [(OLD, "api"), (NEW, "api")]
    assert {row["ts_us"] - at_us < 298_000_000 for row in rows(folder.root) if row["dyno_uuid"] == OLD} == {True}
    old, new = incarnations(folder)
    assert (old["dyno_uuid"], old["size"], old["state"], old["release"]) == (OLD, "Standard-2X", "up", "v7")
    assert (old["start_how"], old["end_how"], new["start_how"], new["end_how"]) == ("api", "api", "api", None)
    assert (old["start_us"] - at_us, old["end_us"] - at_us) == (-3_600_000_000, 298_000_000)
    assert (old["first_seen_us"] - at_us, old["last_seen_us"] - at_us) == (0, 240_000_000)


def test_a_verdict_over_the_archive_knows_the_same_dynos(invoke: Invoke, tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "archive")
    put(folder.root, LOG)

    def known() -> list[tuple[str | None, str, int]]:
        found = json.loads(invoke(f"diagnose --archive {folder.root} --json").stdout)["incarnations"]
        return [(each["id"], each["id_source"], each["requests"]["n"]) for each in found]

    assert known() == [(None, "unknown", 60)]
    lists(folder)
    assert known() == [(NEW, "api", 30), (OLD, "api", 30)]


def test_a_list_that_comes_after_a_day_was_sealed_opens_it_once(tmp_path: Path) -> None:
    folder, later = ArchiveFolder(tmp_path / "archive"), NOON + timedelta(days=2)
    put(folder.root, LOG)
    assert ids(folder.root) == [(None, None)]
    before = folder.version(DAY)
    compact_frames(folder, [], now=later)
    assert folder.version(DAY) == before
    lists(folder)
    compact_frames(folder, [], now=NOON + timedelta(minutes=20))  # the day is not over
    assert folder.version(DAY) == before
    compact_frames(folder, [], now=later)
    assert ids(folder.root) == [(OLD, "api"), (NEW, "api")]
    written = folder.version(DAY)
    compact_frames(folder, [], now=later)
    assert folder.version(DAY) == written


def test_a_day_goes_with_its_lists_and_days_that_have_lists_alone_go_too(invoke: Invoke, tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "archive")
    put(folder.root, LOG)
    lists(folder)
    folder.lists.add("quiet-app", [], round((NOON - timedelta(days=3)).timestamp() * 1e6))
    assert folder.lists.days() == ["2026-02-27", DAY]
    assert invoke(f"archive prune --archive {folder.root} --keep 30d").code == 0
    assert folder.lists.days() == []
    assert folder.days() == []


def test_one_day_can_be_taken_out(invoke: Invoke, tmp_path: Path) -> None:
    root = tmp_path / "archive"
    put(root, LOG + request((8000 + 86400) * 2, "web.1").replace("2026-03-04", "2038-01-19"))
    assert ArchiveFolder(root).days() == [DAY, "2038-01-19"]
    prune = f"archive prune --archive {root}"
    assert invoke(f"{prune} --day 2038-01-19 --dry-run").stdout == (
        "1 day would be dropped: 2038-01-19 to 2038-01-19; 1 day kept\n"
    )
    assert invoke(f"{prune} --day 2038-01-19").code == 0
    assert ArchiveFolder(root).days() == [DAY]
    _, stderr, code = invoke(f"{prune} --day 2038-01-19")
    assert (code, "has no day 2038-01-19" in stderr, f"it holds {DAY} to {DAY}" in stderr) == (5, True, True)
    assert invoke(f"{prune} --day {DAY} --keep 30d").code == 2


@pytest.mark.parametrize("day", ["2038-01-33", "../..", "20260304", "2026-W10-3", " 2026-03-04", "yesterday"])
def test_what_is_no_date_drops_nothing(invoke: Invoke, tmp_path: Path, day: str) -> None:
    root = tmp_path / "archive"
    put(root, LOG)
    _, stderr, code = invoke(f"archive prune --archive {root} --day '{day}'")
    assert (code, f"--day {day!r} is no date; nothing was dropped" in stderr) == (2, True)
    assert ArchiveFolder(root).days() == [DAY]


@pytest.mark.parametrize("flag", ["--day", "--keep"])
def test_an_unset_variable_drops_nothing(invoke: Invoke, tmp_path: Path, flag: str) -> None:
    root = tmp_path / "archive"
    put(root, LOG)
    _, stderr, code = invoke(f"archive prune --archive {root} {flag} ''")
    assert (code, f"{flag} is empty" in stderr, ArchiveFolder(root).days()) == (2, True, [DAY])


def test_incarnations_of_an_older_herodyno_are_no_flaw_and_other_columns_are(tmp_path: Path) -> None:
    import pyarrow as pa

    ours, path = incarnations_schema(), tmp_path / "dynos.parquet"
    olds = pa.schema([ours.field(name) for name in ours.names[:10]], metadata=ours.metadata)
    write(path, olds, [table_of_records([], olds)])
    assert has_incarnations(path)
    write(path, events_schema(), [table_of_records([], events_schema())])
    assert not has_incarnations(path)
