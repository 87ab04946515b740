"""Import: each line once, from however many files; no secret on the disk; whole or not at all."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.errors import Refused, UsageError
from tests.archive.archived import messages, put, rows
from tests.diagnosis.reading import request, sample, stamp
from tests.diagnosis.traffic import NEW, OLD, restart

TRAFFIC = "".join(request(n / 2, f"web.{n % 3 + 1}", path=f"/p{n}") for n in range(40))


def test_a_file_imported_twice_adds_nothing(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    first, second = put(root, TRAFFIC), put(root, TRAFFIC)
    assert (first.given, first.added) == (40, 40)
    assert (second.given, second.added) == (40, 0)
    assert len(messages(root)) == 40


def test_of_overlapping_files_the_common_lines_count_once(tmp_path: Path) -> None:
    lines = TRAFFIC.splitlines(keepends=True)
    root = tmp_path / "archive"
    assert put(root, "".join(lines[:25]), "".join(lines[15:])).added == 40
    assert put(root, "".join(reversed(lines))).added == 0


def test_a_line_that_one_file_holds_twice_stays_two_lines(tmp_path: Path) -> None:
    line = f"{stamp(1)} app[worker.1]: tick\n"
    root = tmp_path / "archive"
    assert put(root, line * 3, line).added == 3
    assert put(root, line * 2).added == 0
    assert put(root, line * 4).added == 1


def test_secrets_are_gone_before_anything_is_written(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    secret = "correct-horse-battery-9"
    put(root, f"{stamp(1)} app[web.1]: login password={secret} for me\n{stamp(2)} app[web.1]: fine\n")
    assert messages(root)[1] == "fine"
    assert "login" in messages(root)[0]
    assert secret not in messages(root)[0]
    files = [path for path in root.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert not any(secret.encode() in path.read_bytes() for path in files)


def test_lines_lie_in_the_day_of_their_time_and_carry_the_id_of_their_dyno(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    at = 12 * 3600.0  # midnight: the fixtures begin at noon
    text = sample(at - 300, "web.1", OLD, 280) + restart(at, "web.1")
    put(root, text + request(at - 200, "web.1", path="/old") + request(at + 60, "web.1", path="/new"))
    assert ArchiveFolder(root).days() == ["2026-03-02", "2026-03-03"]
    ids = {row["path"]: (row["dyno_uuid"], row["dyno_uuid_how"]) for row in rows(root) if row["kind"] == "router"}
    assert ids == {"/old": (OLD, "inferred"), "/new": (NEW, "inferred")}
    assert {row["dyno_uuid_how"] for row in rows(root) if row["kind"] == "metrics"} == {"line"}
    ran = pq.read_table(ArchiveFolder(root).incarnations("2026-03-02")).to_pylist()
    assert {(row["dyno_uuid"], row["dyno_uuid_how"]) for row in ran} <= {*ids.values(), (None, None)}
    assert (OLD, "inferred") in {(row["dyno_uuid"], row["dyno_uuid_how"]) for row in ran}


def test_a_later_day_gives_the_day_before_its_ids(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    put(root, request(12 * 3600 - 60, "web.1", path="/late"))
    assert rows(root)[0]["dyno_uuid"] is None
    put(root, sample(12 * 3600 + 20, "web.1", OLD, 280))
    assert rows(root)[0]["dyno_uuid"] == OLD


def test_a_line_without_a_time_stays_behind_the_line_before_it(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    put(root, f"{stamp(1)} app[web.1]: one\nthe rest of it\n{stamp(2)} app[web.1]: two\n")
    assert [(row["message"], row["kind"]) for row in rows(root)] == [
        ("one", "app"),
        ("the rest of it", "undated"),
        ("two", "app"),
    ]


def test_half_a_character_of_json_does_not_stop_an_import(tmp_path: Path) -> None:
    event = r'{"generated_at":"2026-03-02T12:00:01Z","hostname":"shop","program":"app/web.1","message":"a \ud83d b"}'
    root = tmp_path / "archive"
    put(root, event + "\n", app="")
    assert messages(root, "shop") == ["a ? b"]


OF_1970 = "1970-01-01T00:00:01.000000+00:00 app[web.1]: a clock that was never set\n"


@pytest.mark.parametrize(
    ("text", "app", "error", "says"),
    [
        (TRAFFIC, "", UsageError, "does not name its app"),
        ("no time here\nnor here\n", "example-app", Refused, "has a time, so none"),
        (OF_1970, "example-app", Refused, "in the years 1971 to 8999, which are taken, but 1970; nothing was imported"),
        (f"no time\n{OF_1970.replace('1970', '9999')}", "example-app", Refused, "to 8999, which are taken, but 9999"),
        (f"<190>1 {OF_1970.replace('1970', '0001')}", "example-app", Refused, "are taken, but 0001"),
        (
            "".join(
                f"<190>1 2026-03-02T12:00:0{n}+00:00 d.{n * 8}-1111-4111-8111-111111111111 app web.1 - hi\n"
                for n in ("1", "2")
            ),
            "example-app",
            UsageError,
            "several drains",
        ),
    ],
    ids=["no app", "no time", "year 1970", "year 9999", "year 1", "two drains"],
)
def test_what_cannot_be_placed_is_refused_whole(
    tmp_path: Path, text: str, app: str, error: type[Exception], says: str
) -> None:
    root = tmp_path / "archive"
    put(root, TRAFFIC)
    with pytest.raises(error, match=says):
        put(root, f"{stamp(1)} app[web.9]: extra\n" if app else TRAFFIC, text, app=app)
    assert len(messages(root)) == 40
    assert not ArchiveFolder(root).staging.exists()


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    with ArchiveFolder(root).writing(), pytest.raises(Refused, match="another process writes"):
        put(root, TRAFFIC)


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "staging").mkdir(parents=True)
    root.chmod(0o755)
    with pytest.raises(Refused, match="other things than an archive"):
        put(root, TRAFFIC)
    assert [path.name for path in root.iterdir()] == ["staging"]
    assert stat.S_IMODE(root.stat().st_mode) == 0o755


def test_a_full_disk_leaves_the_day_as_it_was_and_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "archive"
    put(root, TRAFFIC)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("herodyno.archive.parquet.files.os.fsync", full)
        with pytest.raises(Refused, match="is full; what the archive held is there"):
            put(root, request(99, "web.1"))
    assert len(messages(root)) == 40
    assert list(root.rglob("*.tmp")) == []
