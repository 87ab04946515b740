"""The ids of the frames that the journal has, so that a repeated frame is stored once.

A sender repeats a frame within seconds. Ids are kept for at least REMEMBERED_SECONDS, or for the last
MOST_IDS frames where more than that came in the time: memory is bounded either way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from herodyno.archive.journal import REMEMBERED_SECONDS, Journal
from herodyno.archive.records import Frame

MOST_IDS = 400_000  # ours; some 30 MB

Key = tuple[str, str]


def key_of(frame: Frame) -> Key | None:
    """What makes a frame the same as another; None where its sender gives no id. A drain has ids of its own."""
    return (frame.drain, frame.frame_id) if frame.frame_id else None


class Remembered:
    """Two generations of ids. When the younger one is full or old, it becomes the older one, which is forgotten.

    Of an id its 64-bit hash is kept, under this process's own random key: a sender cannot aim at another's.
    """

    def __init__(self) -> None:
        self._young: set[int] = set()
        self._old: set[int] = set()
        self._since = time.monotonic()

    def __contains__(self, key: Key | None) -> bool:
        return key is not None and (hash(key) in self._young or hash(key) in self._old)

    def add(self, keys: Iterable[Key | None]) -> None:
        """Remember these ids."""
        now = time.monotonic()
        if len(self._young) >= MOST_IDS // 2 or now - self._since > REMEMBERED_SECONDS:
            self._young, self._old, self._since = set(), self._young, now
        self._young.update(hash(key) for key in keys if key is not None)

    @classmethod
    def of(cls, journal: Journal) -> Remembered:
        """The ids of the frames that came shortly before now. Raises OSError."""
        remembered, now = cls(), time.time()
        for path in journal.sealed():
            if now - path.stat().st_mtime <= REMEMBERED_SECONDS:
                remembered.add(key_of(frame) for frame in journal.read(path, damage=lambda lost: None))
        return remembered
