"""Files of this user's state folder: for their owner only, never through a link, one writer at a time.

Every function may raise OSError.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Windows has none of these. O_NONBLOCK: to open a named pipe must not hang.
_CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(folder: Path) -> None:
    """Make the folder and its missing parents for this user only. A folder that is open to others is closed to them."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "it is no folder", str(folder))
    if folder.stat().st_mode & _OTHERS:
        with suppress(PermissionError):  # another user's folder: what is in it is still checked
            folder.chmod(0o700)


def open_file(path: Path, flags: int) -> int:
    """A descriptor of the file, which is 0600. A link and anything but a regular file are errors."""
    try:
        descriptor = os.open(path, flags | _CAREFULLY, 0o600)
    except OSError as error:
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a link, which is not followed", str(path)) from error
        raise
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        if mode & _OTHERS and hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_file(path: Path) -> bytes:
    """The bytes of the file."""
    with os.fdopen(open_file(path, os.O_RDONLY), "rb") as file:
        return file.read()


def replace_file(path: Path, data: bytes) -> None:
    """Write the file whole, or leave it as it was. Its name is in every error: that of a full disk has none."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)  # of a killed process, or a link
    try:
        with os.fdopen(open_file(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    beside.replace(path)


@contextmanager
def locked(path: Path, *, waits: bool) -> Iterator[None]:
    """Hold the lock file, which ends with the process. Without `waits`, BlockingIOError means that another has it."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    descriptor = open_file(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
