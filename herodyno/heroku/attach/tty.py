"""The terminal while a dyno is attached: raw mode, restored whatever ends it. Ctrl-C three times detaches.

In raw mode every key goes to the dyno. SIGKILL and SIGSTOP cannot be caught: after them `stty sane` repairs the
terminal. The protocol carries no window size, so the dyno does not learn of a later change.
"""

from __future__ import annotations

import contextlib
import os
import signal
import termios
import tty
from collections.abc import Mapping
from types import FrameType
from typing import Any, Self

CTRL_C = 3
_DETACH_PRESSES = 3
_DETACH_SECONDS = 1.0
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT)


def terminal_env(stdout: int, environ: Mapping[str, str]) -> dict[str, str]:
    """TERM, COLUMNS and LINES for the dyno. It learns them only from these variables, when it starts.

    `stdout` is the terminal's file descriptor.
    """
    env = {"TERM": environ.get("TERM") or "xterm"}
    with contextlib.suppress(OSError):
        size = os.get_terminal_size(stdout)
        if size.columns and size.lines:
            env |= {"COLUMNS": str(size.columns), "LINES": str(size.lines)}
    return env


class DetachKeys:
    """Notices Ctrl-C three times within a second, in one read or in several."""

    def __init__(self) -> None:
        self._presses: list[float] = []

    def __call__(self, typed: bytes, at: float) -> bool:
        """Take the bytes typed at `at` (monotonic seconds). Returns whether to detach."""
        presses = [*self._presses, *[at] * typed.count(CTRL_C)]
        self._presses = [press for press in presses if at - press <= _DETACH_SECONDS]
        return len(self._presses) >= _DETACH_PRESSES


class RawTerminal:
    """A `with` block in which the terminal is raw: every key arrives as pressed, without echo or interpretation.

    The terminal is restored on return, on an exception, and on SIGTERM and SIGHUP, whose former handlers then run.
    SIGTSTP restores the terminal while the process is stopped; SIGCONT makes it raw again.
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._before: list[Any] = []
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._terminal)
        try:
            for number in _SIGNALS:
                if signal.getsignal(number) is signal.SIG_IGN:  # as under nohup: it stays ignored
                    continue
                self._handlers[number] = signal.signal(number, self._on_signal)
            self._enter()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _enter(self) -> None:
        # In the background tcsetattr() would stop the process. SIGCONT comes again with the foreground.
        if not self._is_in_background():
            # TCSANOW keeps what was typed ahead for the dyno, and does not wait for output that is held up.
            tty.setraw(self._terminal, termios.TCSANOW)

    def _is_in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self._terminal) != os.getpgrp()
        except OSError:
            return False  # not the controlling terminal of this process: there is no job control

    def _leave(self) -> None:
        # A terminal that hung up cannot be restored, and need not be.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGCONT:
            self._enter()
            return
        self._leave()
        if number == signal.SIGTSTP:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            # The process sleeps in the line above until SIGCONT.
            signal.signal(number, self._on_signal)
            self._enter()
            return
        handler = self._handlers[number]
        if callable(handler):
            handler(number, frame)
        raise SystemExit(128 + number)
