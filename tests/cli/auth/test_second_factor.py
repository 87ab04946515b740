"""The second factor: asked without echo, read with --otp-stdin, or refused with exit 4; shared by parallel requests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from herodyno.cli.auth.second_factor import ask_for_code
from herodyno.errors import TwoFactorNeeded, UsageError
from tests.cli.at_terminal import end, person

CODE = "123456"


Stdin = Callable[[bytes], None]


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stdin]:
    """`stdin(b"123456\\n")`: a pipe with this content is the standard input."""
    opened = []

    def fill(content: bytes) -> None:
        read, write = os.pipe()
        os.write(write, content)
        os.close(write)
        opened.append(os.fdopen(read, encoding="utf-8"))
        monkeypatch.setattr(sys, "stdin", opened[-1])

    yield fill
    for pipe in opened:
        pipe.close()


@pytest.mark.parametrize("typed", [b"123456\n", b" 123456 \r\n", b"123456"])
def test_the_first_line_of_stdin_is_the_code(stdin: Stdin, typed: bytes) -> None:
    stdin(typed)
    assert ask_for_code(from_stdin=True, may_ask=True) == CODE


def test_what_follows_the_code_is_left_for_the_command(stdin: Stdin) -> None:
    stdin(b"123456\nfor the dyno\n")
    ask_for_code(from_stdin=True, may_ask=False)
    assert os.read(sys.stdin.fileno(), 100) == b"for the dyno\n"


@pytest.mark.parametrize("typed", [b"", b"\n", b"12 34\n", b"1\r2345\n", "１２３４５６\n".encode(), b"x" * 300])
def test_what_no_header_can_carry_is_no_code(stdin: Stdin, typed: bytes) -> None:
    stdin(typed)
    with pytest.raises(UsageError, match="no second-factor code"):
        ask_for_code(from_stdin=True, may_ask=False)


def test_off_a_terminal_and_with_no_input_nobody_is_asked(stdin: Stdin) -> None:
    stdin(b"123456\n")
    for may_ask in (True, False):
        with pytest.raises(TwoFactorNeeded) as refused:
            ask_for_code(from_stdin=False, may_ask=may_ask)
        assert refused.value.exit_code == 4
        assert "--otp-stdin" in refused.value.next_step


def test_on_a_terminal_the_code_is_asked_for_once_not_shown_and_the_app_pre_authorized_for_all_requests(
    tmp_path: Path,
) -> None:
    with person(tmp_path, two_factor=CODE) as someone:
        child = someone.types("ps", "-a", "example-app", environ={"HEROKU_API_KEY": "x"})
        child.expect("Two-factor code: ")
        child.sendline(CODE)
        shown, code = end(child)
        assert code == 0
        assert "web.1" in shown
        assert shown.count("Two-factor code") == 1
        assert CODE not in shown
        assert someone.server.state.pre_authorized == {"example-app"}


def test_b49_leaving_at_the_prompt_is_130_on_a_line_of_its_own_and_a_wrong_code_is_called_so(tmp_path: Path) -> None:
    with person(tmp_path, two_factor=CODE) as someone:
        for key in "cd":
            child = someone.types("ps", "-a", "example-app", environ={"HEROKU_API_KEY": "x"})
            child.expect("Two-factor code: ")
            child.sendcontrol(key)
            shown, code = end(child)
            assert (code, shown) == (130, "Two-factor code: \r\n")
        child = someone.types("ps", "-a", "example-app", environ={"HEROKU_API_KEY": "x"})
        child.expect("Two-factor code: ")
        child.sendline("654321")
        shown, code = end(child)
        assert code == 4
        assert "does not take this second-factor code" in shown


def test_a_token_that_wants_a_second_factor_is_not_said_to_fail(tmp_path: Path) -> None:
    with person(tmp_path, two_factor=CODE) as someone:
        done = herodyno(someone.environ, "auth", "status", "--no-input")
    assert done.returncode == 4
    assert b"does not work" not in done.stdout
    assert b"is taken at" in done.stdout
    assert b"--otp-stdin" in done.stderr


def herodyno(someone_environ: dict[str, str], *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environ = {**someone_environ, "HEROKU_API_KEY": "x"}
    argv = [sys.executable, "-m", "herodyno", *words]
    return subprocess.run(argv, env=environ, input=stdin, capture_output=True, timeout=30)


def test_24_in_a_pipe_otp_stdin_carries_the_code_and_without_it_the_refusal_is_clear(tmp_path: Path) -> None:
    with person(tmp_path, two_factor=CODE) as someone:
        refused = herodyno(someone.environ, "ps", "-a", "example-app")
        assert refused.returncode == 4
        assert b"second factor" in refused.stderr
        assert b"--otp-stdin" in refused.stderr
        assert someone.server.state.pre_authorized == set()
        given = herodyno(someone.environ, "ps", "-a", "example-app", "--otp-stdin", stdin=b"123456\n")
        assert given.returncode == 0
        assert b"web.1" in given.stdout
        assert CODE.encode() not in given.stdout + given.stderr
