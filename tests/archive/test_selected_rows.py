"""What an engine can judge of a selection: rows that cannot fit are not read, and none is missing."""

from __future__ import annotations

from pathlib import Path

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from herodyno.archive.selected_rows import rows_for
from herodyno.logs.query.filters import condition, pattern
from herodyno.logs.query.selecting import Selection
from tests.archive.archived import put
from tests.diagnosis.reading import failed, request, sample, stamp
from tests.diagnosis.traffic import OLD

_LOST = f"{stamp(9)} heroku[logplex]: Error L10 (output buffer overflow): 3 messages dropped since 2026-03-02.\n"


def _read(root: Path, selection: Selection, *, with_marks: bool = False) -> list[str]:
    found = history(ArchiveFolder(root), "").only(rows_for(selection, with_marks=with_marks))
    return [line.text[:9] for lines in found.log_lines() for line in lines]


def test_rows_that_cannot_fit_are_not_read_and_lost_lines_always_are(tmp_path: Path) -> None:
    put(tmp_path / "kept", request(1, "web.1") + failed(2, "web.2") + sample(3, "web.2", OLD, 100) + _LOST)
    h12 = condition("code=H12")
    assert h12
    assert _read(tmp_path / "kept", Selection(conditions=(h12,))) == ["at=error ", "Error L10"]
    assert _read(tmp_path / "kept", Selection(targets=("web.1",))) == ["at=info m", "Error L10"]
    assert _read(tmp_path / "kept", Selection(grep=(pattern("at=error", flag=""),))) == ["at=error ", "Error L10"]
    assert _read(tmp_path / "kept", Selection(request_id="none"), with_marks=True) == ["source=we", "Error L10"]
    assert len(_read(tmp_path / "kept", Selection())) == 4


def test_a_line_without_a_time_goes_with_the_line_before_so_its_day_is_read_whole(tmp_path: Path) -> None:
    put(
        tmp_path / "kept",
        request(1, "web.1") + "a line of nobody\n" + failed(90_000, "web.2") + request(90_001, "web.1"),
    )
    assert _read(tmp_path / "kept", Selection(targets=("web.2",))) == ["at=info m", "a line of", "at=error "]


def test_words_of_a_person_are_values_and_never_the_query(tmp_path: Path) -> None:
    put(tmp_path / "kept", request(1, "web.1"))
    assert _read(tmp_path / "kept", Selection(targets=("x' OR 1=1 --",))) == []
