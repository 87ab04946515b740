"""The benchmark has a clean environment, whole processes and one log. No test asserts a speed."""

import os
import sys
from pathlib import Path

import pytest

from tests.bench.log_file import write_log
from tests.bench.measure import Command, Cost, in_turn, surroundings
from tests.bench.rows import Row
from tests.bench.run import README, _bytes, _put_into_readme


def test_what_distorts_is_taken_out_of_the_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    environ = surroundings(str(tmp_path))
    assert not {name for name in environ if name.startswith("PYTHON") and name != "PYTHONPATH"}
    assert environ["HOME"] == str(tmp_path)


def test_each_command_is_run_in_turn_and_its_own_time_and_memory_are_counted(tmp_path: Path) -> None:
    busy = Command([sys.executable, "-c", "x = bytearray(80_000_000); sum(range(2_000_000)); print('done')"])
    cost = in_turn({"busy": busy, "idle": Command([sys.executable, "-c", "pass"])}, dict(os.environ), rounds=1)
    assert cost["busy"].cpu > cost["idle"].cpu
    assert cost["busy"].peak_mb > 80
    assert 0 < cost["busy"].to_last <= cost["busy"].wall


def test_a_command_that_fails_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="exit 3"):
        in_turn({"bad": Command([sys.executable, "-c", "raise SystemExit(3)"])}, dict(os.environ), rounds=1)


def test_the_generated_log_is_the_same_every_time_and_mostly_router_lines(tmp_path: Path) -> None:
    write_log(tmp_path / "a.log", 1_000_000)
    write_log(tmp_path / "b.log", 1_000_000)
    lines = (tmp_path / "a.log").read_bytes().splitlines()
    assert lines == (tmp_path / "b.log").read_bytes().splitlines()
    share = sum(b"heroku[router]" in line for line in lines) / len(lines)
    assert 0.40 < share < 0.45
    assert lines == sorted(lines, key=lambda line: line[:32])


@pytest.mark.parametrize(
    ("ours", "target", "verdict"),
    [(0.1, 0.2, "met"), (0.25, 0.2, "within 1.3"), (0.3, 0.2, "**missed**"), (9, None, "")],
)
def test_a_row_says_whether_its_target_is_met(ours: float, target: float | None, verdict: str) -> None:
    row = Row("it", Cost(ours, 0, 0, 0), "peer", Cost(1, 0, 0, 0), "wall", target)
    assert row.verdict == verdict


def test_sizes_are_read_as_people_write_them() -> None:
    assert (_bytes("100MB"), _bytes("1.5gb")) == (100_000_000, 1_500_000_000)


@pytest.mark.parametrize("group", ["commands", "files", "growth", "live", "receive", "archive", "engines"])
def test_the_readme_shows_the_table_of_each_group(group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "README.md"
    page.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr("tests.bench.run.README", page)
    _put_into_readme(group, "| measured |")
    _put_into_readme(group, "| measured again |")
    text = page.read_text(encoding="utf-8")
    assert f"<!-- bench {group} -->\n\n| measured again |\n\n<!-- end of bench {group} -->" in text
