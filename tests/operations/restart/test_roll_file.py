"""A roll on disk is the roll that was saved."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from herodyno.errors import NotFound, Refused
from herodyno.operations.restart.roll import Item, Roll, Rules
from herodyno.operations.restart.roll_file import RollFile

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
ROLL = Roll(
    app="example-app",
    rules=Rules(batch_share=0.25, on_error="ask"),
    items=(
        Item(name="web.1", id="a1", type="web", phase="up", sent_at=AT, up_at=AT, new_id="b1"),
        Item(name="web.2", id="a2", type="web", phase="failed", reason="crashed", excused=True),
    ),
    known_ids=("a1", "a2"),
    paused_until=AT,
)


def test_what_is_loaded_is_what_was_saved(tmp_path: Path) -> None:
    file = RollFile(tmp_path / "not" / "there", "example-app", note=pytest.fail)
    assert not file.exists()
    file.save(ROLL)
    file.save(ROLL)
    assert file.load() == ROLL
    file.remove()
    file.remove()
    with pytest.raises(NotFound, match="no interrupted rolling restart"):
        file.load()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"app": "a", "rules": {}, "items": [{"nam": 1}], "known_ids": []}'])
def test_a_file_that_is_no_roll_is_refused(tmp_path: Path, text: str) -> None:
    file = RollFile(tmp_path, "example-app", note=print)
    file.path.write_text(text)
    with pytest.raises(Refused, match="cannot be read"):
        file.load()


def test_two_rolls_of_one_app_do_not_run_at_once(tmp_path: Path) -> None:
    first, second = (RollFile(tmp_path / "state", "example-app", note=print) for _ in range(2))
    with first.held():
        with pytest.raises(Refused, match="another rolling restart"), second.held():
            pass
        with RollFile(tmp_path / "state", "other-app", note=print).held():
            pass
    with second.held():
        pass


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    notes: list[str] = []
    (tmp_path / "state").write_text("a file")
    file = RollFile(tmp_path / "state", "example-app", note=notes.append)
    file.save(ROLL)
    file.save(ROLL)
    assert len(notes) == 1
