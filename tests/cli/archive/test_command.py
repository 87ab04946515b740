"""`archive` on the command line: import, status, verify, prune, export, and a verdict from what was kept."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from herodyno.archive.engines.duckdb import DuckDB
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import Journal
from herodyno.archive.records import Frame
from herodyno.errors import Refused
from herodyno.render.in_place.progress import Bar
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.reading import failed, request, stamp
from tests.diagnosis.traffic import errors, traffic


@pytest.fixture
def root(tmp_path: Path, invoke: Invoke) -> Path:
    """An archive of two days, of one app."""
    log = tmp_path / "app.log"
    lines = (traffic(3, 60) + errors("web.2", 12) + request(30 * 3600, "web.1")).splitlines(keepends=True)
    log.write_text("".join(sorted(lines, key=lambda line: line[:32])), encoding="utf-8")
    done = valid(invoke(f"archive import {log} --archive {tmp_path}/kept -a example-app --json").stdout)
    assert done == {
        "schema": "herodyno.archive-import/1",
        "days": ["2026-03-02", "2026-03-03"],
        "lines": 193,
        "added": 193,
        "undated": 0,
        "left_out": 0,
    }
    return tmp_path / "kept"


def test_a_verdict_from_an_archive_is_that_of_the_file(root: Path, invoke: Invoke) -> None:
    of_file = valid(invoke(f"diagnose --from-file {root.parent}/app.log -a example-app --json").stdout)
    said = invoke(f"diagnose --archive {root} --json").stdout
    assert "this file" not in said
    of_archive = valid(said.replace("this archive", "this file"))
    assert of_archive["coverage"].pop("source") == "archive"
    assert of_file["coverage"].pop("source") == "file"
    assert of_archive == of_file
    assert of_archive["verdict"]["class"] == "one_dyno"


def test_since_counts_back_from_the_last_line_as_in_a_file(root: Path, invoke: Invoke) -> None:
    of_file = valid(invoke(f"diagnose --from-file {root.parent}/app.log -a example-app --since 1h --json").stdout)
    of_archive = valid(invoke(f"diagnose --archive {root} --since 1h --json").stdout)
    of_archive["coverage"]["source"] = "file"
    assert of_archive == of_file
    assert of_archive["verdict"]["class"] == "not_enough_data"


def test_status_shows_each_app_with_its_span_and_size(root: Path, invoke: Invoke) -> None:
    document = valid(invoke(f"archive status --archive {root} --json").stdout)
    (app,) = document["apps"]
    assert (app["app"], app["lines"], app["dynos"]) == ("example-app", 193, 3)
    assert document["days"] == ["2026-03-02", "2026-03-03"]
    stdout = invoke(f"archive status --archive {root} --utc").stdout
    assert stdout.splitlines()[0].split() == ["APP", "LINES", "FROM", "(UTC)", "TO", "DYNOS", "DYNO", "ID"]
    assert stdout.splitlines()[-1].startswith("2 days, 193 lines, ")


def test_export_gives_the_lines_that_came(root: Path, invoke: Invoke) -> None:
    text = invoke(f"archive export --archive {root}").stdout
    assert text == (root.parent / "app.log").read_text(encoding="utf-8")
    rows = [valid(line) for line in invoke(f"archive export --archive {root} -o jsonl").stdout.splitlines()]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert sum(row.get("status", 0) >= 500 for row in rows) == 12
    (request_of_otlp,) = map(
        json.loads, invoke(f"archive export --archive {root} -o otlp --since 2026-03-03").stdout.splitlines()
    )
    (record,) = request_of_otlp["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
    assert {"key": "heroku.dyno.name", "value": {"stringValue": "web.1"}} in record["attributes"]
    assert invoke(f"archive export --archive {root} -o xml").code == 2


def test_lines_before_the_first_with_a_time_get_its_time(tmp_path: Path, invoke: Invoke) -> None:
    log = tmp_path / "app.log"
    log.write_text(f"torn\nend of a line\n{stamp(1)} app[web.1]: whole\n", encoding="utf-8")
    command = f"archive import {log} --archive {tmp_path}/kept -a example-app"
    added = "3 lines of 3 added, 2026-03-02; 2 lines before the first with a time got its time"
    assert added in invoke(command).stdout
    assert valid(invoke(f"{command} --json").stdout) == {
        "schema": "herodyno.archive-import/1", "days": ["2026-03-02"], "lines": 3, "added": 0, "undated": 2,
        "left_out": 0,
    }  # fmt: skip


def test_export_cleans_what_a_terminal_would_obey(tmp_path: Path, invoke: Invoke) -> None:
    log = tmp_path / "app.log"
    log.write_text(f"{stamp(1)} app[web.1]: red \x1b[31m alarm\n", encoding="utf-8")
    invoke(f"archive import {log} --archive {tmp_path}/kept -a example-app")
    assert "\x1b" not in invoke(f"archive export --archive {tmp_path}/kept").stdout
    assert "\x1b" not in invoke(f"archive export --archive {tmp_path}/kept -o jsonl").stdout


def test_verify_names_the_file_that_is_damaged_or_open_to_others(root: Path, invoke: Invoke) -> None:
    assert valid(invoke(f"archive verify --archive {root} --json").stdout)["flaws"] == []
    first, second = (ArchiveFolder(root).events(day) for day in ("2026-03-02", "2026-03-03"))
    first.chmod(0o644)
    second.write_bytes(second.read_bytes()[:-9])
    done = invoke(f"archive verify --archive {root} --json")
    flaws = valid(done.stdout)["flaws"]
    assert done.code == 1
    assert [flaw["file"] for flaw in flaws] == [str(first), str(second)]
    assert "chmod 600" in flaws[0]["what"]
    assert "archive verify" in invoke(f"archive export --archive {root}").stderr


def test_verify_finds_a_flipped_bit_and_a_list_of_dynos_that_is_spoilt_or_gone(root: Path, invoke: Invoke) -> None:
    folder = ArchiveFolder(root)
    path = folder.events("2026-03-02")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 4] ^= 1
    path.write_bytes(whole)
    folder.incarnations("2026-03-02").write_bytes(b"no Parquet")
    folder.incarnations("2026-03-03").unlink()
    flaws = valid(invoke(f"archive verify --archive {root} --json").stdout)["flaws"]
    wanted = [path, *map(folder.incarnations, folder.days())]
    assert [(flaw["file"], "cannot be read" in flaw["what"]) for flaw in flaws] == [
        (str(each), True) for each in wanted
    ]


def test_a_file_that_this_user_may_not_read_is_not_to_be_moved(
    root: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As pyarrow says it; who runs these tests may be root, who may read everything.
    mine, others = (ArchiveFolder(root).events(day) for day in ("2026-03-02", "2026-03-03"))
    read = pq.ParquetFile

    def refused(path: Path, **more: bool) -> pq.ParquetFile:
        if path == others:
            raise PermissionError(errno.EACCES, f"Failed to open local file '{path}'. Detail: Permission denied")
        return read(path, **more)

    monkeypatch.setattr(pq, "ParquetFile", refused)
    mine.write_bytes(b"PAR1 damaged PAR1")
    done = invoke(f"archive verify --archive {root}")
    assert f"{others}: this user may not read it" in done.stdout
    assert done.stderr.endswith("run it as the user who owns the archive\n")
    assert (done.code, "move" in done.stderr) == (1, False)


def test_a_folder_that_this_user_may_not_look_into_is_not_said_to_be_no_archive(
    root: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path | str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refused)
    done = invoke(f"archive verify --archive {root}")
    assert (done.code, done.stderr) == (1, f"herodyno: {root}/events: Permission denied\n")


@pytest.mark.parametrize("command", ["archive verify", "archive status", "diagnose", "logs"])
def test_a_day_that_this_user_may_not_look_into_is_not_left_out(
    command: str, root: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = ArchiveFolder(root).events("2026-03-02").parent
    scan = os.scandir

    def refused(path: Path | str) -> object:
        if Path(path) == day:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    done = invoke(f"{command} --archive {root}")
    assert (done.code, done.stderr) == (1, f"herodyno: {day}: Permission denied\n")


def test_a_file_that_only_others_may_read_is_to_be_closed_not_moved(root: Path, invoke: Invoke) -> None:
    ArchiveFolder(root).events("2026-03-02").chmod(0o644)
    assert f"chmod -R go= {root}" in invoke(f"archive verify --archive {root}").stderr


COMMANDS = (
    "archive import {log} -a example-app", "archive compact", "archive prune --keep 1d", "archive export",
    "archive status", "diagnose", "logs",
)  # fmt: skip


@pytest.mark.parametrize("change", ["newer", "a column less"])
def test_days_of_a_newer_herodyno_or_of_other_columns_are_refused_before_anything_is_done(
    root: Path, invoke: Invoke, change: str
) -> None:
    path = ArchiveFolder(root).events("2026-03-02")
    table = pq.read_table(path)
    if change == "newer":
        table = table.append_column("more", [["x"] * len(table)]).replace_schema_metadata({"herodyno.schema": "2"})
    else:
        table = table.drop_columns(["code"])
    pq.write_table(table, path)
    before = {each: each.read_bytes() for each in sorted(root.rglob("*")) if each.is_file()}
    said = "written by a newer herodyno (schema 2)" if change == "newer" else "has no code"
    for command in (*COMMANDS, *(["archive verify", f"archive import {path} -a x"] if change == "newer" else [])):
        done = invoke(f"{command.format(log=root.parent / 'app.log')} --archive {root}")
        assert (done.stdout, done.code, done.stderr.count("\n")) == ("", 1, 2), command
        assert said in done.stderr, command
    assert {each: each.read_bytes() for each in before} == before
    other = f"archive import {path} --archive {root.parent}/other -a x"
    assert invoke(other).code == (1 if change == "newer" else 0)  # codes are read in the texts


def test_a_folder_with_journals_alone_is_to_be_compacted(tmp_path: Path, invoke: Invoke) -> None:
    journal = tmp_path / "journal"
    journal.mkdir()
    for name, what in (("a.open", "10 minutes old"), ("b.journal", f"archive compact --archive {tmp_path}")):
        (journal / name).touch()
        for command in ("archive status", "archive export", "diagnose"):
            done = invoke(f"{command} --archive {tmp_path}")
            assert (done.code, what in done.stderr) == (5, True), command


def test_compact_says_that_the_receivers_newest_frames_wait(tmp_path: Path, invoke: Invoke) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append([Frame(1_795_398_601_000_000, "example-app", "d.1", "a", b"")])
    done = invoke(f"archive compact --archive {tmp_path}")
    journal.close()
    assert (done.code, done.stdout) == (0, "0 lines: nothing was imported\n")
    assert "when it is 10 minutes old, or when the receiver ends" in done.stderr


def test_prune_drops_whole_days_and_only_after_a_look(root: Path, invoke: Invoke) -> None:
    looked = valid(invoke(f"archive prune --archive {root} --keep 30d --dry-run --json").stdout)
    assert (looked["dropped"], looked["kept_days"]) == (["2026-03-02", "2026-03-03"], 0)
    assert len(ArchiveFolder(root).days()) == 2
    assert invoke(f"archive prune --archive {root} --keep 30").code == 2
    assert invoke(f"archive prune --archive {root} --keep 2h").code == 2
    assert valid(invoke(f"archive prune --archive {root} --keep 999d --json").stdout)["dropped"] == []
    invoke(f"archive prune --archive {root}")
    assert ArchiveFolder(root).days() == []


def test_what_is_no_archive_says_how_to_make_one(tmp_path: Path, invoke: Invoke) -> None:
    for command in ("archive status", "archive verify", "archive export", "archive prune", "diagnose"):
        done = invoke(f"{command} --archive {tmp_path}/nothing")
        assert done.code == 5, command
        assert "herodyno archive import" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_an_archive_is_a_source_like_the_others(invoke: Invoke) -> None:
    done = invoke("diagnose --archive a --from-file b")
    assert done.code == 2
    assert "two sources" in done.stderr


def test_a_failed_import_changes_nothing(root: Path, invoke: Invoke) -> None:
    bad = root.parent / "bad.log"
    bad.write_text(failed(9, "web.1"), encoding="utf-8")
    assert invoke(f"archive import --archive {root} {bad}").code == 2
    assert invoke(f"archive import --archive {root} {bad} {root.parent}/none.log -a example-app").code == 5
    assert valid(invoke(f"archive status --archive {root} --json").stdout)["apps"][0]["lines"] == 193


def test_what_takes_long_shows_at_a_terminal_how_far_it_is(
    root: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Drawn at once: a bar waits a second, and these few lines are read before. What comes after is not of interest.
    def drawn(bar: Bar, done: float, total: float, text: str = "") -> None:
        bar._put(bar._title)
        raise Refused("this is enough")

    monkeypatch.setattr(Bar, "__call__", drawn)
    for command, shown in (
        (f"archive import {root.parent}/app.log -a example-app", "importing"),
        ("archive verify", "reading"),
        (f"archive export -o parquet --to {root.parent}/lines.parquet", "reading the archive"),
        ("diagnose", "reading the archive"),
        ("logs --stats 'count by 1h'", "reading the archive"),
    ):
        said = invoke(f"{command} --archive {root}", terminal=True).stderr
        assert (shown in said, "this is enough" in said) == (True, True), command
    assert invoke(f"archive verify --archive {root}").stderr == ""
    # `profile` and `ps --mem` ask through the same door.
    monkeypatch.setattr(DuckDB, "_waited", lambda found, answer: found._told(7.0) or answer.result())
    told = f"7 s, Ctrl-C ends it: asking {root}"[:60]  # a terminal of 80 columns cuts the end of a long path
    assert told in invoke(f"profile --archive {root}", terminal=True).stderr
