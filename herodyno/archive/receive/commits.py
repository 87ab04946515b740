"""Group commit: frames that come while the disk is at work are written together, with one sync, when it is done.

Every sender waits until its own frame is on the disk. A frame that comes again meanwhile waits for the first. What
waits for a disk that hangs is bounded: a sender that gives up leaves its frame here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from herodyno.archive.receive.remembered import Key, Remembered, key_of
from herodyno.archive.records import Frame

MOST_WAITING_BYTES = 128 << 20  # ours: of bodies that are not on the disk yet

_Outcome = asyncio.Future[Exception | None]


class NotKept(Exception):
    """The frame is not on the disk."""


class Commits:
    """Frames on their way to the disk. `write` returns when all of its frames are there, and runs in one thread.

    `failed` is told each failure of the disk.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Frame]], None],
        remembered: Remembered,
        failed: Callable[[Exception], None],
    ) -> None:
        self._write = write
        self._remembered = remembered
        self._failed = failed
        self._waiting: list[tuple[Frame, _Outcome]] = []
        self._bytes = 0  # of the frames that wait or are being written
        self._began: float | None = None
        self._by_key: dict[Key, _Outcome] = {}
        self._work: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def keep(self, frame: Frame) -> bool:
        """Return when the frame is on the disk: True, or False when the journal has it from before.

        Raises NotKept when the disk did not take it, or when too much waits for the disk.
        """
        key = key_of(frame)
        if key in self._remembered:
            return False
        outcome = self._by_key.get(key) if key else None
        is_new = outcome is None
        if outcome is None:
            if self.is_full:
                full = NotKept("the disk hangs")
                self._failed(full)
                raise full
            outcome = self._enqueue(frame, key)
        # A sender that hangs up must not take the frame from another that waits for the same.
        if error := await asyncio.shield(outcome):
            raise NotKept from error
        return is_new

    @property
    def is_full(self) -> bool:
        """Whether so much waits for the disk that no more is taken."""
        return self._bytes >= MOST_WAITING_BYTES

    @property
    def waiting_bytes(self) -> int:
        """The bytes of frames that wait or are being written."""
        return self._bytes

    def seconds_at_work(self) -> float:
        """How long the disk has been at its present write, 0.0 without one."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    def after(self, work: Callable[[], None]) -> None:
        """Do this in the thread of the journal, once what waits is written."""
        self._thread.submit(work)

    def close(self) -> None:
        """Wait for the disk."""
        self._thread.shutdown()

    def _enqueue(self, frame: Frame, key: Key | None) -> _Outcome:
        outcome: _Outcome = asyncio.get_running_loop().create_future()
        self._waiting.append((frame, outcome))
        self._bytes += len(frame.body)
        if key:
            self._by_key[key] = outcome
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._commit())
        return outcome

    async def _commit(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            frames = [frame for frame, _ in group]
            error: Exception | None = None
            self._began = time.monotonic()
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._write, frames)
            except Exception as caught:  # whatever it is: no sender may wait for nothing
                error = caught
                self._failed(caught)
            else:
                self._remembered.add(map(key_of, frames))
            self._began = None
            for frame, outcome in group:
                self._bytes -= len(frame.body)
                if key := key_of(frame):
                    self._by_key.pop(key, None)
                outcome.set_result(error)
