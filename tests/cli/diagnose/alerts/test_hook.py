"""The command of an alert: whole input, no shell, and an end in any case, with all that it started."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from herodyno.cli.diagnose.alerts import hook
from herodyno.cli.diagnose.alerts.hook import run_hook

PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "a hook; rm -rf $HOME"  # a shell would take this name apart
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)
        return str(path)

    return write


def test_it_reads_all_that_it_is_given_and_gets_this_environment_only(
    script: Callable[[str], str], tmp_path: Path
) -> None:
    given = b"x" * 1_000_000
    ended = run_hook([script('cat > "$1"; env'), str(tmp_path / "$(id) *")], given, {**PATH, "SEEN": "yes"})
    assert (ended.failure, (tmp_path / "$(id) *").read_bytes()) == ("", given)
    assert {text.partition("=")[0] for text in ended.said.splitlines()} <= {"PATH", "SEEN", "PWD", "SHLVL", "_"}


def test_one_that_does_not_read_its_input_is_not_waited_for(script: Callable[[str], str]) -> None:
    assert run_hook([script("exit 0")], b"x" * 1_000_000, PATH).failure == ""


@pytest.mark.parametrize(
    ("text", "failure", "said"),
    [
        ("echo no route to chat >&2; exit 3", "ended with status 3", "no route to chat\n"),
        ("kill -9 $$", "was ended by signal 9", ""),
        ("yes | head -c 300000; exit 1", "ended with status 1", "y\n" * 2000),
    ],
)
def test_a_failure_is_told_with_the_beginning_of_what_it_said(
    script: Callable[[str], str], text: str, failure: str, said: str
) -> None:
    ended = run_hook([script(text)], b"{}", PATH)
    assert (ended.failure, ended.said) == (failure, said)


def test_a_missing_program_and_one_that_cannot_be_run_are_told(tmp_path: Path) -> None:
    assert run_hook([str(tmp_path / "none")], b"", PATH).failure == "cannot be run: No such file or directory"
    (tmp_path / "text").write_text("no program")
    assert "cannot be run: Permission denied" in run_hook([str(tmp_path / "text")], b"", PATH).failure
    assert "cannot be run: embedded null byte" in run_hook(["true", "\0"], b"", PATH).failure


def is_there(pid: int) -> bool:
    """Whether the process runs. One that has ended and is not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")


@needs_proc
def test_one_that_hangs_is_ended_with_its_children_even_if_they_refuse(
    script: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "HOOK_SECONDS", 0.3)
    monkeypatch.setattr(hook, "GRACE_SECONDS", 0.2)
    ended = run_hook([script("trap '' TERM; sleep 30 & echo $!; wait; wait; sleep 30")], b"", PATH)
    assert ended.failure == "did not end within 0.3 s and was ended"
    assert ended.seconds < 5
    assert not is_there(int(ended.said))


@needs_proc
def test_what_ends_herodyno_ends_it_too(script: Callable[[str], str], tmp_path: Path) -> None:
    def stopped(*_: object) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, stopped)
    try:
        text = f"echo $$ > '{tmp_path}/pid'; kill -TERM {os.getpid()}; exec sleep 30"
        with pytest.raises(SystemExit):
            run_hook([script(text)], b"", PATH)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert not is_there(int((tmp_path / "pid").read_text()))


@needs_proc
def test_what_it_leaves_running_is_not_waited_for(script: Callable[[str], str], tmp_path: Path) -> None:
    # Its output stays open as well: the end of the output is no end of the command.
    ended = run_hook([script(f"sleep 60 & echo $! > '{tmp_path}/pid'; exit 0")], b"", PATH)
    left = int((tmp_path / "pid").read_text())
    try:
        assert ended.failure == ""
        assert is_there(left)
    finally:
        with suppress(ProcessLookupError):
            os.kill(left, signal.SIGKILL)
