"""A running receiver follows the file of the drains, and a broken or missing one shuts nobody out."""

import json
from pathlib import Path

from herodyno.archive.drains.changes import new_password
from herodyno.archive.drains.known import FILE
from herodyno.archive.drains.live import LiveDrains


def test_a_receiver_follows_the_file_and_keeps_what_it_had_when_the_file_breaks(tmp_path: Path) -> None:
    live = LiveDrains(tmp_path)
    password = new_password(tmp_path, "main", app="example-app")
    assert live.now.admits("main", password) is None
    assert live.refresh() == ""
    assert live.now.admits("main", password)
    (tmp_path / FILE).write_text(json.dumps({"schema": "other"}))
    assert "cannot be read" in live.refresh()
    assert "cannot be read" in live.refresh()
    assert live.now.admits("main", password)


def test_a_file_that_is_gone_for_a_while_shuts_nobody_out(tmp_path: Path) -> None:
    password = new_password(tmp_path, "main", app="example-app")
    live = LiveDrains(tmp_path)
    (tmp_path / FILE).rename(tmp_path / "away")
    assert "is gone" in live.refresh()
    assert "is gone" in live.refresh()
    assert live.now.admits("main", password)
    other = new_password(tmp_path, "main", app="example-app")
    assert live.refresh() == ""
    assert live.now.admits("main", other)
