"""The file of --debug: what is needed to find a bug, and nothing that must not leave."""

import stat
from pathlib import Path

import pytest

from herodyno.cli import explain
from herodyno.cli.help.debug_file import NAME
from herodyno.folders import state_folder
from tests.conftest import TOKEN, Invoke


def written() -> str:
    return (state_folder() / NAME).read_text()


def test_the_file_has_the_line_the_calls_and_the_error_and_stderr_says_where(invoke: Invoke) -> None:
    told = invoke("ps -a no-such-app --debug")
    assert f"written for a report: {state_folder() / NAME}" in told.stderr
    text = written()
    assert "typed: herodyno ps -a no-such-app --debug\nexit code: 5\n" in text
    assert "HEROKU_API_KEY" in text
    assert TOKEN not in text
    assert "GET /apps/no-such-app" in text
    assert "Traceback" in text
    assert stat.S_IMODE((state_folder() / NAME).stat().st_mode) == 0o600


def test_it_is_written_when_nothing_failed_and_when_it_was_interrupted(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("ps -a example-app --debug").code == 0
    assert written().endswith("error:\n  none\n")

    def interrupt(word: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(explain, "_code", interrupt)
    assert invoke("explain H12 --debug").code == 130
    assert "exit code: 130\n" in written()
    assert "KeyboardInterrupt" in written()


def test_without_the_flag_no_file_is_written(invoke: Invoke) -> None:
    invoke("ps -a no-such-app")
    assert not (state_folder() / NAME).exists()


def test_what_identifies_or_gives_access_is_masked(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(word: str) -> None:
        raise RuntimeError(f"me@example.com at 203.0.113.7 GET /a?key=abcdef with {TOKEN}")

    monkeypatch.setattr(explain, "_code", fail)
    assert invoke("explain you@example.com --debug").code == 1
    text = written()
    assert "RuntimeError" in text
    assert not [word for word in ("me@example", "you@example", "203.0.113.7", "abcdef", TOKEN) if word in text]


def test_the_words_of_a_command_for_a_dyno_are_only_counted(invoke: Invoke) -> None:
    invoke("run -a no-such-app --debug -- rake secret:thing")
    assert "secret:thing" not in written()
    assert "typed: herodyno run [6 words]\n" in written()
    invoke("run:detached -a no-such-app --debug -- rake secret:thing")
    assert "secret:thing" not in written()


def test_a_file_that_cannot_be_written_is_said_and_changes_nothing(invoke: Invoke) -> None:
    state_folder().parent.mkdir(parents=True, exist_ok=True)
    Path(state_folder()).write_text("in the way")
    told = invoke("explain H12 --debug")
    assert told.code == 0
    assert "the file for a report could not be written" in told.stderr
