"""The journal of raw frames: a frame is on the disk before its sender hears "done", and a kill loses none of those.

Place: the folder `journal` of an archive. `STAMP.open` is being written, by one process, which holds `journal.lock`.
`STAMP.journal` is sealed: whole, never written again, and the input of compaction. STAMP is the time of the first byte
in UTC, so that names sort by time and no name comes twice, also after sealed files were removed.

Order of writes: (1) a new folder, fsync of the folder above; (2) the first bytes of a new file, fsync of the file,
fsync of the folder; (3) the records of a group, one fdatasync, and only then the answer; (4) to seal: rename, fsync of
the folder. A kill in between leaves a `.open` file, perhaps with half a group at its end, which nobody was promised.
The next writer cuts that end off and seals.

Compaction leaves a sealed journal in its place until REMEMBERED_SECONDS after its last frame: a restarted receiver
reads there which frames it has.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from herodyno.archive.durable import keep_folder, sync_data, sync_folder, write_all
from herodyno.archive.records import HEAD_BYTES, Frame, head_of, mapped, new_mark, record, records
from herodyno.errors import Refused
from herodyno.operations.state_files import locked, open_file, read_file, replace_file
from herodyno.units import log_time

SEAL_BYTES = 64 << 20  # ours: a compactor reads a file of this size in seconds
SEAL_SECONDS = 600.0  # ours
REMEMBERED_SECONDS = 900.0  # ours: senders repeat a frame within seconds
_DONE = "compacted"
_SIGNS = re.compile("[-:]")  # not in the name of a file on Windows


class JournalTaken(Refused):
    """Another process writes this journal."""


class JournalDamaged(Refused):
    """A sealed journal holds bytes that cannot be read. Every whole frame was given before."""


class Journal:
    """The journal in one folder. Nothing is made or locked before the first `append`; readers need no lock.

    `append`, `seal`, `seal_old` and `close` belong to one thread. Every method may raise OSError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held = ExitStack()
        self._file = -1
        self._path = folder
        self._mark = b""
        self._size = 0
        self._began = 0.0
        self._is_ours = False

    def take(self) -> None:
        """Become the one writer, and seal what a killed writer left. Raises JournalTaken."""
        if self._is_ours:
            return
        keep_folder(self.folder)
        try:
            self._held.enter_context(locked(self.folder / "journal.lock", waits=False))
        except BlockingIOError:
            raise JournalTaken(
                f"another receiver writes {self.folder}", next_step="stop it, or name another folder"
            ) from None
        self._is_ours = True
        for path in sorted(self.folder.glob("*.open")):
            _recover(path)
        sync_folder(self.folder)

    def append(self, frames: Sequence[Frame]) -> None:
        """Write the frames. On return all of them are on the disk; after an error none is promised."""
        self.take()
        self.seal_old()
        if self._size >= SEAL_BYTES:
            self.seal()
        if self._file < 0:
            self._begin()
        data = b"".join(record(self._mark, frame) for frame in frames)
        try:
            write_all(self._file, data)
            sync_data(self._file)
            if not os.fstat(self._file).st_nlink:  # nobody will find it
                raise FileNotFoundError(errno.ENOENT, "the journal was removed", str(self._path))
        except OSError:
            self._give_up()
            raise
        self._size += len(data)

    def seal(self) -> None:
        """End the open file, if there is one, and give it to compaction."""
        if self._file < 0:
            return
        descriptor, self._file = self._file, -1
        try:
            self._seal()
        finally:
            os.close(descriptor)

    def seal_old(self) -> None:
        """Seal the open file when it is SEAL_SECONDS old, also when no frame comes."""
        if self._file >= 0 and time.monotonic() - self._began > SEAL_SECONDS:
            self.seal()

    def close(self) -> None:
        """Seal, and let another process write."""
        try:
            self.seal()
        finally:
            self._is_ours = False
            self._held.close()

    def sealed(self) -> list[Path]:
        """The sealed files, oldest first."""
        return sorted(self.folder.glob("*.journal"))

    def waiting(self) -> list[Path]:
        """The sealed files that are not compacted yet, oldest first."""
        done = self._done()
        return [path for path in self.sealed() if path.name not in done]

    def waiting_since(self) -> datetime | None:
        """When the oldest file began that is not compacted yet, also the one being written; None without one."""
        for path in sorted([*self.waiting(), *self.folder.glob("*.open")]):
            with suppress(ValueError):
                return datetime.fromisoformat(path.stem)
        return None

    def done(self, compacted: Mapping[Path, int], *, now: datetime) -> None:
        """Note that files are compacted, of which the last frame came at a time in microseconds.

        Those of which a receiver need not know the frames any more are removed. Without the note, which a kill may
        prevent, files are compacted again.
        """
        came = self._done() | {path.name: at_us for path, at_us in compacted.items()}
        oldest_us = round((now.timestamp() - REMEMBERED_SECONDS) * 1e6)
        kept = {path.name: came[path.name] for path in self.sealed() if came.get(path.name, -1) >= oldest_us}
        if came:
            for path in self.sealed():
                if path.name in came and path.name not in kept:
                    path.unlink(missing_ok=True)
            replace_file(self.folder / _DONE, "".join(f"{name} {at_us}\n" for name, at_us in kept.items()).encode())

    def _done(self) -> dict[str, int]:
        with suppress(FileNotFoundError, ValueError):
            return {
                name: int(at_us) for name, at_us in map(str.split, read_file(self.folder / _DONE).decode().splitlines())
            }
        return {}

    def newest(self, since_us: int = 0, *, most: int | None = None) -> Iterator[Frame]:
        """The frames of the files, also of the open one, that were written since a time in microseconds; of the newest
        `most` files. What cannot be read, such as the end of the open file, is left out."""
        files = sorted([*self.sealed(), *self.folder.glob("*.open")], key=lambda path: path.stem)
        for path in files[-most:] if most else files:
            for name in (path, path.with_suffix(".journal")):  # sealed by now
                try:
                    if name.stat().st_mtime * 1e6 >= since_us:
                        yield from self.read(name, damage=lambda lost: None)
                    break
                except FileNotFoundError:
                    continue

    def read(self, path: Path, *, damage: Callable[[int], None] | None = None) -> Iterator[Frame]:
        """The frames of a sealed file, in the order of their arrival; memory holds one at a time.

        Bytes that cannot be read are skipped. `damage` is told how many. Without it JournalDamaged is raised at the
        end.
        """
        with path.open("rb") as file, mapped(file) as data:
            lost = max(len(data) - HEAD_BYTES, 0)
            for start, end, frame in records(data):
                lost -= end - start
                yield frame
        if lost and damage:
            damage(lost)
        elif lost:
            raise JournalDamaged(f"{lost:,} bytes of {path} cannot be read; all others were")

    def _begin(self) -> None:
        stamp = f"{_SIGNS.sub('', log_time(datetime.now(UTC))[:-6])}Z"
        self._path = self.folder / f"{stamp}.open"
        self._mark = new_mark()
        self._file = open_file(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        self._size = 0
        try:
            write_all(self._file, head_of(self._mark))
            os.fsync(self._file)
            sync_folder(self.folder)
        except OSError:
            self._give_up()
            raise
        self._size = HEAD_BYTES
        self._began = time.monotonic()

    def _seal(self) -> None:
        if self._size > HEAD_BYTES:
            self._path.rename(self._path.with_suffix(".journal"))
        else:
            self._path.unlink()
        sync_folder(self.folder)

    def _give_up(self) -> None:
        """Seal the file as it was before a failed write. After a failed sync nobody knows what the disk took later.

        A file that cannot be cut stays open for the next writer to mend.
        """
        descriptor, self._file = self._file, -1
        try:
            with suppress(OSError):
                os.ftruncate(descriptor, self._size)
                self._seal()
        finally:
            os.close(descriptor)


def _recover(path: Path) -> None:
    """Cut off the half group of a killed writer, and seal. What lies before the last whole record is never cut."""
    end = 0
    with path.open("r+b") as file:
        with mapped(file) as data:
            for _, stop, _ in records(data):
                end = stop
        if end:
            file.truncate(end)
            os.fsync(file.fileno())
    if end:
        path.rename(path.with_suffix(".journal"))
    else:
        path.unlink()
