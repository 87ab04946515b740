"""A file that a command writes: whole or not at all, for its owner only, and never in the place of a foreign one."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, TypeAlias

from herodyno.errors import NotFound, Refused

# Whether the file that has the name may be replaced.
MayReplace: TypeAlias = Callable[[Path], bool]


def check_free(path: Path, may_replace: MayReplace | None = None) -> None:
    """Raise Refused for a name that is taken, NotFound for a missing folder: before any work is done."""
    if not _is_free(path, may_replace):
        raise _taken(path)
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", next_step=f"mkdir -p {path.parent}")


def write_new(
    path: Path, fill: Callable[[IO[bytes]], object], may_replace: MayReplace | None = None, *, mode: int = 0o600
) -> None:
    """Write the file by `fill`. Raises Refused when the name is taken by now, or the file cannot be written."""
    # Not by the process' number alone: in a container it is the same each time, and a killed one leaves its file.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{token_hex(4)}.part")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
        with os.fdopen(descriptor, "w+b") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        try:
            _put_in_place(temporary, path)
        except FileExistsError:  # from before, or of another process by now
            if not _is_free(path, may_replace):
                raise
            temporary.replace(path)
        _keep_name(path.parent)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def _is_free(path: Path, may_replace: MayReplace | None) -> bool:
    if not (path.exists() or path.is_symlink()):
        return True
    return may_replace is not None and path.is_file() and not path.is_symlink() and may_replace(path)


def _taken(path: Path) -> Refused:
    return Refused(f"there is a {path} already; nothing was written", next_step="choose another name, or remove it")


def _put_in_place(temporary: Path, path: Path) -> None:
    """Give the file its final name. Never replaces a file: raises FileExistsError when the name is taken."""
    try:
        os.link(temporary, path)  # unlike a rename, a link never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        temporary.rename(path)


def _keep_name(parent: Path) -> None:
    """The name lasts too when the machine stops now."""
    with suppress(OSError):  # Windows opens no folders
        folder = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
