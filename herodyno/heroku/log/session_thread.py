"""One log session read in a thread of its own, into a bounded queue that it shares with its successor."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from herodyno.errors import HerodynoError
from herodyno.heroku.log.log_session import log_bytes
from herodyno.logs.decoding.live import LiveLines
from herodyno.logs.decoding.resume import Resume

if TYPE_CHECKING:
    import httpx

# Chunks of at most 64 KB: a reader that stops for a pager holds no more; then TCP slows the server down.
QUEUE_CHUNKS = 32
_LOOK = 0.2  # seconds between two looks whether a full queue's reader has gone


class Ended(Exception):
    """The server ended the session in good order."""


Arrival = tuple["SessionThread", bytes | Exception]


class SessionThread:
    """A running session: `resume` judges its lines, `lines` makes them. Only `_read` runs in the other thread."""

    def __init__(
        self,
        url: str,
        box: queue.Queue[Arrival],
        resume: Resume,
        lines: Callable[[str], LiveLines],
        *,
        began_at: float,
        idle_seconds: float,
        httpx_transport: httpx.BaseTransport | None,
    ) -> None:
        self.resume = resume
        self.began_at = began_at
        self.last_byte_at = began_at
        self.is_open = False
        self._make_lines = lines
        self._lines: LiveLines | None = None
        self._kind = ""
        self._box = box
        self._cut: Callable[[], object] = lambda: None
        self._stopped = threading.Event()
        self._leaves = False
        options: dict[str, Any] = {"tail": True, "idle_seconds": idle_seconds, "httpx_transport": httpx_transport}
        threading.Thread(target=self._read, args=(url, options), name="herodyno-log", daemon=True).start()

    @property
    def lines(self) -> LiveLines:
        """The bytes' way to lines, known once the session has answered."""
        if self._lines is None:
            self._lines = self._make_lines(self._kind)
        return self._lines

    def stop(self) -> None:
        """End the session; what it still had to say is dropped."""
        self._stopped.set()
        self._cut()

    def leave(self) -> None:
        """End the session after what it has already read."""
        self._leaves = True
        self._cut()

    def _read(self, url: str, options: dict[str, Any]) -> None:
        end: Exception = Ended()
        try:
            for chunk in log_bytes(url, opened=self._opened, **options):
                if not self._put(chunk):
                    return
                if self._leaves:
                    break
        except HerodynoError as error:
            end = error
        except Exception as error:  # whatever it is, the tail's thread must learn of it
            end = error
        self._put(end)

    def _opened(self, kind: str, cut: Callable[[], object]) -> None:
        self._kind, self._cut, self.is_open = kind, cut, True
        if self._stopped.is_set():
            cut()

    def _put(self, what: bytes | Exception) -> bool:
        while not self._stopped.is_set():
            try:
                self._box.put((self, what), timeout=_LOOK)
            except queue.Full:
                continue
            return True
        return False
