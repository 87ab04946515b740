"""Raw mode is entered, and left on every way out; three times Ctrl-C lets go."""

import contextlib
import fcntl
import os
import signal
import struct
import termios
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.heroku.attach.tty import DetachKeys, RawTerminal, terminal_env


@pytest.fixture
def terminal() -> Iterator[int]:
    """The program's side of a new pseudo-terminal."""
    outside, inside = os.openpty()
    yield inside
    for descriptor in (inside, outside):
        with contextlib.suppress(OSError):
            os.close(descriptor)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """The signals' handlers are afterwards what they were."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    assert [signal.getsignal(number) for number in numbers] == before


def is_raw(terminal: int) -> bool:
    return not termios.tcgetattr(terminal)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)


def test_raw_inside_and_as_before_after_a_return(terminal: int) -> None:
    before = termios.tcgetattr(terminal)
    with RawTerminal(terminal):
        assert is_raw(terminal)
    assert termios.tcgetattr(terminal) == before


def test_left_after_an_exception(terminal: int) -> None:
    before = termios.tcgetattr(terminal)
    with pytest.raises(RuntimeError), RawTerminal(terminal):
        raise RuntimeError
    assert termios.tcgetattr(terminal) == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_d16_d17_a_signal_leaves_raw_mode_and_ends_the_block(terminal: int, number: int, code: int) -> None:
    before = termios.tcgetattr(terminal)
    with pytest.raises(SystemExit) as caught, RawTerminal(terminal):
        signal.raise_signal(number)
    assert caught.value.code == code
    assert termios.tcgetattr(terminal) == before


def test_what_handled_the_signal_before_is_called_with_the_terminal_already_left(terminal: int) -> None:
    before = termios.tcgetattr(terminal)
    seen = []

    def own(number: int, _: object) -> None:
        seen.append(termios.tcgetattr(terminal) == before)
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, own)
    try:
        with pytest.raises(KeyboardInterrupt), RawTerminal(terminal):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert seen == [True]


def test_sigcont_enters_again_what_something_else_left(terminal: int) -> None:
    before = termios.tcgetattr(terminal)
    with RawTerminal(terminal):
        termios.tcsetattr(terminal, termios.TCSANOW, before)
        signal.raise_signal(signal.SIGCONT)
        assert is_raw(terminal)


def test_a_terminal_that_hung_up_is_no_error() -> None:
    outside, inside = os.openpty()
    with RawTerminal(inside):
        os.close(outside)
    os.close(inside)


def test_what_is_no_terminal_is_refused_before_anything_changes() -> None:
    reading, writing = os.pipe()
    with pytest.raises(termios.error), RawTerminal(reading):
        pass
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(
    ("typed", "lets_go"),
    [
        ([(b"\x03", 0.0), (b"\x03", 0.4), (b"\x03", 0.9)], True),
        ([(b"\x03\x03\x03", 5.0)], True),
        ([(b"a\x03b\x03", 0.0), (b"\x03", 0.5)], True),
        ([(b"\x03", 0.0), (b"\x03", 0.6), (b"\x03", 1.2)], False),
        ([(b"\x03\x03", 0.0), (b"abc", 0.1)], False),
        ([(b"\x03\x03", 0.0), (b"\x03", 1.1), (b"\x03", 1.2)], False),
    ],
)
def test_d15_three_presses_within_a_second_detaches(typed: list[tuple[bytes, float]], lets_go: bool) -> None:
    detaches = DetachKeys()
    assert [detaches(*each) for each in typed][-1] is lets_go


@given(st.lists(st.floats(0, 3), max_size=12).map(sorted))
def test_d15_any_three_presses_within_a_second_are_enough(times: list[float]) -> None:
    wanted = any(third - first <= 1 for first, third in zip(times, times[2:], strict=False))
    detaches = DetachKeys()
    answers = [detaches(b"\x03", at) for at in times]
    assert any(answers) is wanted


def test_d20_the_window_is_told_once_by_the_environment(terminal: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 41, 133, 0, 0))
    assert terminal_env(terminal, {"TERM": "tmux-256color", "COLUMNS": "1"}) == {
        "TERM": "tmux-256color",
        "COLUMNS": "133",
        "LINES": "41",
    }


def test_a_window_without_a_size_is_not_told(terminal: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
    assert terminal_env(terminal, {}) == {"TERM": "xterm"}
