"""One log session, read in a thread of its own into a bounded queue that it shares with the next session."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from herodyno.errors import HerodynoError
from herodyno.heroku.log.log_session import log_bytes
from herodyno.heroku.net.hosts import LogHosts
from herodyno.logs.decoding.decoder import Decoder
from herodyno.logs.decoding.resume import Resume

if TYPE_CHECKING:
    import httpx

# Chunks of at most 64 KB in the queue. When the reader stops (for a pager), the queue fills and TCP slows the server.
QUEUE_CHUNKS = 32
_STOP_CHECK = 0.2  # seconds between two checks whether the reader of a full queue has gone


class Ended(Exception):
    """The server ended the session without an error."""


Arrival = tuple["SessionThread", bytes | Exception]


class SessionThread:
    """A running session. `lines` turns its bytes into lines, `resume` says which lines are new.

    The thread puts chunks of bytes into `box`, and in the end the exception that ended the session (Ended for a
    proper end). Only `_read` runs in the thread. `make_lines` gets the content type. `began_at` and `last_byte_at` are
    times of the tail's clock.
    """

    def __init__(
        self,
        url: str,
        box: queue.Queue[Arrival],
        resume: Resume,
        make_lines: Callable[[str], Decoder],
        *,
        began_at: float,
        idle_seconds: float,
        hosts: LogHosts,
        httpx_transport: httpx.BaseTransport | None,
    ) -> None:
        self.resume = resume
        self.began_at = began_at
        self.last_byte_at = began_at
        self.is_open = False
        self._make_lines = make_lines
        self._lines: Decoder | None = None
        self._content_type = ""
        self._box = box
        self._cut: Callable[[], object] = lambda: None
        self._stopped = threading.Event()
        self._leaves = False
        options: dict[str, Any] = {
            "tail": True,
            "idle_seconds": idle_seconds,
            "hosts": hosts,
            "httpx_transport": httpx_transport,
        }
        threading.Thread(target=self._read, args=(url, options), name="herodyno-log", daemon=True).start()

    @property
    def lines(self) -> Decoder:
        """The decoder of this session's bytes. It depends on the content type, so it exists after the first answer."""
        if self._lines is None:
            self._lines = self._make_lines(self._content_type)
        return self._lines

    def stop(self) -> None:
        """End the session and drop the bytes that are not in the queue yet."""
        self._stopped.set()
        self._cut()

    def leave(self) -> None:
        """End the session after the bytes that it has already read."""
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
        except Exception as error:  # the tail must learn of every failure of this thread
            end = error
        self._put(end)

    def _opened(self, content_type: str, cut: Callable[[], object]) -> None:
        self._content_type, self._cut, self.is_open = content_type, cut, True
        if self._stopped.is_set():
            cut()

    def _put(self, what: bytes | Exception) -> bool:
        while not self._stopped.is_set():
            try:
                self._box.put((self, what), timeout=_STOP_CHECK)
            except queue.Full:
                continue
            return True
        return False
