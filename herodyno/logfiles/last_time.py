"""When a log ends, by its last lines: a plain file is not read whole for that."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from herodyno.logfiles.opened import Logs
from herodyno.logs.decoding.decoder import Framing, sniff
from herodyno.logs.decoding.read import read_lines

_TAIL_BYTES = 1 << 16
_HEAD_BYTES = 1 << 12


def end_of(logs: Logs) -> datetime | None:
    """The latest time in the last lines of some logs; None when these have no time. Nothing is noted."""
    files = Logs(logs.names, year=logs.year, note=_silent)
    times = (last_time(files if logs.is_file(name) else logs, name) for name in logs.names)
    return max(filter(None, times), default=None)


def last_time(logs: Logs, name: str) -> datetime | None:
    """The latest time in the last lines of a log; None when these have no time."""
    head, tail = _plain(name) if logs.is_file(name) and not logs.is_packed(name) else _streamed(logs, name)
    framing: Framing | None = sniff(head, is_all=True)
    if framing == "json":  # one document, which a tail does not hold
        lines = read_lines(logs.chunks(name), year=logs.year)
    else:
        lines = read_lines([tail], year=logs.year, framing=framing)
    return max((line.at for line in lines if line.at is not None), default=None)


def _plain(name: str) -> tuple[bytes, bytes]:
    with Path(name).open("rb") as file:
        head = file.read(_HEAD_BYTES)
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        return head, _whole_lines(file.read(), is_cut=size > _TAIL_BYTES)


def _streamed(logs: Logs, name: str) -> tuple[bytes, bytes]:
    head = tail = b""
    is_cut = False
    for chunk in logs.chunks(name):
        head = head if len(head) >= _HEAD_BYTES else head + chunk[:_HEAD_BYTES]
        is_cut = is_cut or len(tail) + len(chunk) > _TAIL_BYTES
        tail = (tail + chunk)[-_TAIL_BYTES:]
    return head, _whole_lines(tail, is_cut=is_cut)


def _whole_lines(tail: bytes, *, is_cut: bool) -> bytes:
    """The tail without its first line where that is cut."""
    return tail.partition(b"\n")[2] or tail if is_cut else tail


def _silent(text: str) -> None:
    pass
