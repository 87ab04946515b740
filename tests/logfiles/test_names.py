"""The same log named twice is a usage error that names it: standard input would be split between the two."""

from pathlib import Path

import pytest

from herodyno.errors import UsageError
from herodyno.logfiles.names import check_each_once
from tests.conftest import Invoke

LINE = "2026-11-23T02:00:01.000000+00:00 app[web.1]: one\n"


@pytest.mark.parametrize("command", ["diagnose", "logs"])
def test_standard_input_twice_is_refused(command: str, invoke: Invoke) -> None:
    words = [command, "--from-file", "-", *(["--from-file"] if command == "logs" else []), "-"]
    stdout, stderr, code = invoke(words, stdin=LINE.encode())
    assert (stdout, code) == ("", 2)
    assert "standard input (-) is named twice" in stderr


@pytest.mark.parametrize("command", ["diagnose", "logs"])
def test_a_file_twice_is_refused_under_whatever_names(command: str, invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE)
    (tmp_path / "link.log").symlink_to(tmp_path / "app.log")
    (tmp_path / "hard.log").hardlink_to(tmp_path / "app.log")
    for other in ("app.log", "link.log", "hard.log"):
        words = [command, "--from-file", str(tmp_path / "app.log"), "--from-file", str(tmp_path / other)]
        stdout, stderr, code = invoke(words)
        assert (stdout, code) == ("", 2)
        assert f"{tmp_path / other} is named twice" in stderr


def test_files_alike_are_two_and_missing_ones_are_told_by_who_opens_them(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text(LINE)
    check_each_once([str(tmp_path / "a.log"), str(tmp_path / "b.log"), str(tmp_path / "none.log"), "-"])
    with pytest.raises(UsageError, match=r"none\.log is named twice"):
        check_each_once([str(tmp_path / "none.log")] * 2)
