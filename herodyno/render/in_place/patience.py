"""A slow call says what it waits for; the words go when the answer is there."""

from __future__ import annotations

import threading
from collections.abc import Callable

A_BLINK = 0.1


class Patience:
    """Entered around each call, in whichever thread. Calls that run side by side are one wait.

    `show` and `erase` are never called at the same time. `show` returns whether it showed anything: another line
    may stand in its place. Until it returns True it is called again.
    """

    def __init__(self, show: Callable[[], bool], erase: Callable[[], None], *, after: float = A_BLINK) -> None:
        self._show, self._erase, self._after = show, erase, after
        self._lock = threading.Lock()
        self._calls = 0
        self._wait = 0
        self._is_shown = False

    def __enter__(self) -> None:
        with self._lock:
            self._calls += 1
            if self._calls == 1:
                self._wait += 1
                self._say_after(self._after)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._calls -= 1
            if self._calls == 0:
                self._timer.cancel()
                if self._is_shown:
                    self._erase()
                self._is_shown = False

    def _say_after(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._say, (self._wait,))
        self._timer.daemon = True
        self._timer.start()

    def _say(self, wait: int) -> None:
        with self._lock:
            if self._calls and wait == self._wait:
                self._is_shown = self._show()
                if not self._is_shown:
                    self._say_after(A_BLINK)
