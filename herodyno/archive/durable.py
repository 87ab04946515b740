"""What is on the disk, and not only in the memory of the system: bytes of a file, names in a folder.

Every function may raise OSError.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from herodyno.operations.state_files import make_folder


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the data. A disk that takes only a part of it is full."""
    rest = memoryview(data)
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest = rest[written:]


def sync_data(descriptor: int) -> None:
    """Return when what was written to the file is on the disk."""
    try:
        import fcntl

        # On macOS fsync leaves the data in the disk's own memory.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined, unused-ignore]
    except (ImportError, AttributeError):
        getattr(os, "fdatasync", os.fsync)(descriptor)


def sync_folder(folder: Path) -> None:
    """Return when the names in the folder are on the disk."""
    if os.name == "nt":  # Windows opens no folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_folder(folder: Path) -> None:
    """Make the folder and its missing parents for this user only. On return their names are on the disk."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    make_folder(folder)
    for each in made:
        sync_folder(each.parent)
