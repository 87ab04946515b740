"""A roll on disk is the roll that was saved."""

from __future__ import annotations

import json
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from herodyno.errors import NotFound, Refused
from herodyno.operations.restart.roll import Item, Roll, Rules
from herodyno.operations.restart.roll_file import RollFile
from herodyno.operations.restart.roll_runner import resumed_roll
from herodyno.operations.restart.roll_step import next_action

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


def test_a_roll_of_another_app_is_refused(tmp_path: Path) -> None:
    RollFile(tmp_path, "example-app", note=pytest.fail).save(ROLL)
    other = RollFile(tmp_path, "other-app", note=pytest.fail)
    (tmp_path / "roll-example-app.json").rename(other.path)
    with pytest.raises(Refused, match="is a roll of example-app, not of other-app; nothing was sent"):
        other.load()


@pytest.mark.parametrize(
    "value", [None, True, -1, 0, 1e308, 10**30, "", "x", "0001-01-01T00:00:00+14:00", [], {}, [[]]]
)
def test_a_wrong_value_at_any_place_is_refused_or_means_a_roll(tmp_path: Path, value: object) -> None:
    file = RollFile(tmp_path, "example-app", note=pytest.fail)
    file.save(ROLL)
    record = json.loads(file.path.read_text())
    item, rules = record["items"][0], record["rules"]
    places: list[tuple[Any, Any]] = [(holder, name) for holder in (record, rules, item) for name in holder]
    for holder, name in [*places, (record["items"], 1), (record["known_ids"], 0)]:
        kept, holder[name] = holder[name], value
        file.path.write_text(json.dumps(record))
        holder[name] = kept
        with suppress(Refused):
            roll, _ = next_action(resumed_roll(file.load(), AT), [], [], AT)
            file.save(roll)
            assert file.load() == roll


def test_a_roll_that_is_nested_too_deep_is_refused(tmp_path: Path) -> None:
    file = RollFile(tmp_path, "example-app", note=pytest.fail)
    file.path.write_text("[" * 200_000)
    with pytest.raises(Refused, match="cannot be read as a roll"):
        file.load()


@pytest.mark.parametrize("suffix", [".json", ".new", ".lock"])
def test_no_file_of_a_roll_is_followed_through_a_link(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    file = RollFile(tmp_path, "example-app", note=print)
    file.path.with_suffix(suffix).symlink_to(tmp_path / "elsewhere")
    if suffix == ".json":
        with pytest.raises(Refused, match="a link, which is not followed"):
            file.load()
    with file.held():
        file.save(ROLL)
    assert file.load() == ROLL
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


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
