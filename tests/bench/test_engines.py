"""An answer is asked for once. An engine that answers otherwise ends the run without a table. No engine is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.archive.engines import started
from tests.bench import engines
from tests.bench.descendants import Used
from tests.bench.engines import Asked
from tests.bench.measure import Cost

LINES = 1000


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is found, by the flag that asks for it. Each answer is used up."""
    found: dict[str, Any] = {"--log": [1, "a"], "--archive": [1, "a"]}

    def asked(out: Path, since: str, flags: Sequence[str], *_: object) -> Asked:
        return Asked(found.pop(flags[0]), Cost(1.0, 0.0, 2.0, 30.0), Used(0.0, 0.0))

    monkeypatch.setattr(engines, "asked", asked)
    monkeypatch.setattr(engines, "kept_week", lambda folder, size: (folder / "week.log", folder / "week"))
    return found


def test_an_answer_is_shown_at_once_and_kept_for_the_next_run(
    tmp_path: Path, answers: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    text = engines.compare(tmp_path, [LINES], ["DuckDB"], ["24h"])
    assert [line.split(" | ")[1].strip() for line in text.splitlines()[2:]] == [engines.ONE_PASS, "DuckDB"]
    assert capsys.readouterr().err.count("\n") == 2
    assert answers == {}
    assert engines.compare(tmp_path, [LINES], ["DuckDB"], ["24h"]) == text
    assert capsys.readouterr().err == ""


def test_an_engine_that_answers_otherwise_is_named_with_the_field(tmp_path: Path, answers: dict[str, Any]) -> None:
    answers["--archive"] = [1, "b"]
    with pytest.raises(AssertionError, match="DuckDB, 24h of 1,000 lines: 1: 'b' 'a'"):
        engines.compare(tmp_path, [LINES], ["DuckDB"], ["24h"])


def test_an_engine_that_does_not_answer_leaves_the_rows_of_the_others(
    tmp_path: Path, answers: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started, "ENGINES", tmp_path / "none")
    with pytest.raises(AssertionError, match=r"DuckDB 1\.5, 24h of 1,000 lines: CI=true \.ci/run fills"):
        engines.compare(tmp_path, [LINES], ["DuckDB 1.5", "DuckDB"], ["24h"])
    assert "| DuckDB |" in capsys.readouterr().err
