"""Passwords of drains: shown once, kept as digests, two at a time, and ended when their drain is removed."""

import json
from pathlib import Path

import pytest

from herodyno.archive.drains.changes import Removed, drop_older, new_password, note_added, note_removed, take_back
from herodyno.archive.drains.known import FILE, AtHeroku, read_drains
from herodyno.dynos import LogDrain
from herodyno.errors import UsageError


def test_the_new_password_and_the_one_before_work_and_an_older_one_does_not(tmp_path: Path) -> None:
    passwords = [new_password(tmp_path, "main", app="example-app") for _ in range(3)]
    drains = read_drains(tmp_path)
    assert [drains.admits("main", each) is not None for each in passwords] == [False, True, True]
    assert [drop_older(tmp_path, "main") for _ in range(2)] == [1, 0]
    drains = read_drains(tmp_path)
    assert drains.admits("main", passwords[1]) is None
    admitted = drains.admits("main", passwords[2])
    assert admitted is not None
    assert admitted.app == "example-app"


def test_the_file_holds_no_password_and_is_for_its_owner(tmp_path: Path) -> None:
    password = new_password(tmp_path / "archive", "main", app="example-app")
    path = tmp_path / "archive" / FILE
    assert password not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_a_password_that_is_taken_back_leaves_those_that_were_there(tmp_path: Path) -> None:
    old = [new_password(tmp_path, "main", app="example-app") for _ in range(2)]
    before = read_drains(tmp_path).passwords("main")
    new = new_password(tmp_path, "main", app="example-app")
    take_back(tmp_path, "main", new, before)
    drains = read_drains(tmp_path)
    assert [drains.admits("main", each) is not None for each in (*old, new)] == [True, True, False]
    later = new_password(tmp_path, "main", app="example-app")
    take_back(tmp_path, "main", new, before)
    assert read_drains(tmp_path).admits("main", later)


def test_the_password_of_a_removed_drain_ends_in_an_hour_unless_another_drain_may_send_with_it(tmp_path: Path) -> None:
    def at_heroku(id: str, password: str, *signals: str) -> LogDrain:
        return LogDrain(id, f"https://main:{password}@logs.example.com/", signals=signals)

    def admitted(seconds: float) -> list[bool]:
        return [read_drains(tmp_path, lambda: seconds).admits("main", each) is not None for each in (old, new)]

    old, new = (new_password(tmp_path, "main", app="example-app") for _ in range(2))
    one, two = at_heroku("1", old), at_heroku("2", new)
    assert note_removed(tmp_path, one, [at_heroku("3", old)], now=0) == Removed(is_known=True)
    assert note_removed(tmp_path, one, [LogDrain("4", "https://x/", signals=("logs",))], now=0) == Removed(
        is_known=True
    )
    assert note_removed(tmp_path, at_heroku("5", "other"), [two], now=0) == Removed(is_known=False)
    assert admitted(9e9) == [True, True]
    assert note_removed(tmp_path, one, [two], now=1000) == Removed(is_known=True, ends=4600)
    assert (admitted(4599), admitted(4600)) == ([True, True], [False, True])


def test_the_password_of_a_telemetry_drain_ends_where_there_is_no_other(tmp_path: Path) -> None:
    password = new_password(tmp_path, "main", app="example-app")
    note_added(tmp_path, "main", AtHeroku("1"))
    drain = LogDrain("1", "https://logs.example.com/", signals=("logs",))
    assert note_removed(tmp_path, drain, (), now=0).ends == 3600
    assert read_drains(tmp_path, lambda: 3600).admits("main", password) is None
    newer = new_password(tmp_path, "main", app="example-app")
    assert read_drains(tmp_path, lambda: 3600).admits("main", newer)


def test_a_removed_drain_ends_its_password_under_each_name(tmp_path: Path) -> None:
    hidden, shown = (new_password(tmp_path, name, app="example-app") for name in ("main", "other"))
    note_added(tmp_path, "main", AtHeroku("1"))
    note_removed(tmp_path, LogDrain("1", f"https://x:{shown}@logs.example.com/", signals=("logs",)), (), now=0)
    drains = read_drains(tmp_path, lambda: 3600)
    assert (drains.admits("main", hidden), drains.admits("other", shown)) == (None, None)


def test_a_password_that_has_ended_takes_no_place_of_one_that_works(tmp_path: Path) -> None:
    works, ended = (new_password(tmp_path, "main", app="example-app") for _ in range(2))
    note_removed(tmp_path, LogDrain("1", f"https://main:{ended}@logs.example.com/"), (), now=0)
    newer = new_password(tmp_path, "main", app="example-app")
    drains = read_drains(tmp_path, lambda: 0)
    assert [drains.admits("main", each) is not None for each in (works, ended, newer)] == [True, False, True]
    assert "ends" not in json.loads((tmp_path / FILE).read_text())["drains"]["main"]


def test_what_is_no_archive_is_not_made_one_by_a_drain_that_goes(tmp_path: Path) -> None:
    assert not note_removed(tmp_path / "none", LogDrain("1", ""), (), now=0).is_known
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "app"), [("../x", ""), ("", ""), ("A", ""), ("x" * 41, ""), ("main", "../etc")])
def test_a_path_is_no_name(tmp_path: Path, name: str, app: str) -> None:
    with pytest.raises(UsageError):
        new_password(tmp_path, name, app=app)
    assert list(tmp_path.iterdir()) == []
