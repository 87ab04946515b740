"""This process's stdin and stdout as bytes: an attached dyno is joined to them."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStreams:
    """`stdin` is a descriptor, None when nothing can be read. `write` takes every byte or raises OSError.

    With `wants_tty` the dyno's command gets a terminal. With `is_raw` each key of this process's terminal is sent.
    """

    stdin: int | None
    write: Callable[[bytes], None]
    wants_tty: bool
    is_raw: bool
    env: Mapping[str, str]


def streams_of_process(tty: bool | None, environ: Mapping[str, str], output: Any = None) -> RunStreams:
    """Join stdin and stdout (or `output`). With `tty` None the command gets a terminal if both of ours are terminals.

    Without a terminal at the dyno bytes are exact. A terminal turns LF into CR LF, and reads bytes such as 03 and 04 as
    keys.
    """
    output = output or sys.stdout
    stdin, stdout = _descriptor(sys.stdin), _descriptor(output)
    is_keyboard = stdin is not None and os.isatty(stdin)
    is_screen = stdout is not None and os.isatty(stdout)
    wants_tty = is_keyboard and is_screen if tty is None else tty
    env: dict[str, str] = {}
    if wants_tty:
        from herodyno.heroku.attach.tty import terminal_env  # Windows has no terminals of this kind

        env = terminal_env(-1 if stdout is None else stdout, environ)
    return RunStreams(
        stdin=stdin, write=_writer(output, stdout), wants_tty=wants_tty, is_raw=wants_tty and is_keyboard, env=env
    )


def _descriptor(stream: Any) -> int | None:
    try:
        return int(stream.fileno())
    except (AttributeError, OSError, ValueError):  # closed, or not a file
        return None


def _writer(stream: Any, descriptor: int | None) -> Callable[[bytes], None]:
    def write_all(data: bytes) -> None:
        assert descriptor is not None
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(descriptor, rest) :]
            except BlockingIOError:  # another program made the shared terminal non-blocking
                select.select([], [descriptor], [])

    def write_buffered(data: bytes) -> None:
        if stream is None:
            raise OSError("stdout is closed")
        stream.buffer.write(data)

    return write_buffered if descriptor is None else write_all
