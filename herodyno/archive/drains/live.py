"""The drains of an archive that is being written to: a running receiver sees a changed file."""

from __future__ import annotations

from pathlib import Path

from herodyno.archive.drains.known import FILE, read_drains
from herodyno.errors import Refused


class LiveDrains:
    """The drains of an archive while their file may change. Raises Refused, OSError for a file that cannot be read."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._read = self._state()
        self.now = read_drains(archive)

    def refresh(self) -> str:
        """Read a changed file. One that is gone or broken changes nothing: the answer says why, else it is ""."""
        state = self._state()
        if state is None and self._read is not None:  # one that is being replaced by hand comes back
            return f"{self._archive / FILE} is gone; what it said still holds"
        if state != self._read:
            try:
                found = read_drains(self._archive)
            except (Refused, OSError) as error:
                return str(error)
            if self._state() == state:  # else the next look reads it
                self.now, self._read = found, state
        return ""

    def _state(self) -> tuple[int, int] | None:
        try:
            status = (self._archive / FILE).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino
