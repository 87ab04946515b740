"""Bytes both ways between this process and an attached dyno, in one thread, until one side ends the connection."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from herodyno.heroku_facts import ATTACH_IDLE_SECONDS

if TYPE_CHECKING:
    from herodyno.heroku.attach.rendezvous import Pipe

# Heroku closes the connection when the command has ended. A connection that stays open and silent after the command's
# exit status is left after this time. Ours.
SETTLED_SECONDS = 10.0

# Ctrl-D: tells a program on a terminal that its input has ended. TLS cannot close one direction alone.
END_OF_INPUT = b"\x04"

_CHUNK = 65_536  # bytes of one read from stdin
_RECORD = 16_384  # bytes of one write: a TLS record
_MOST_WAITING = 262_144  # bytes not yet sent, beyond which stdin is not read


class OutputClosed(Exception):
    """stdout takes no more bytes: it is closed, or its disk is full."""


class Ending(Enum):
    """Why `pump` returned; the value completes an error's sentence."""

    CLOSED = "the server closed the connection"
    LOST = "the connection was lost"
    DETACHED = "three times Ctrl-C"
    OUTPUT_CLOSED = "stdout was closed"
    SILENT = "nothing came for too long"
    OVERTIME = "the time allowed was used up"


def pump(
    pipe: Pipe,
    *,
    stdin: int | None,
    show: Callable[[bytes], bool],
    detaches: Callable[[bytes, float], bool] = lambda typed, at: False,
    idle_seconds: float | None = None,
    total_seconds: float | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Ending:
    """Carry bytes unchanged until the connection ends, and return why it ended. Closes nothing.

    `stdin` is a file descriptor to read from, or None without input. `show` takes the dyno's output and returns
    whether the command's exit status has been seen; it raises OutputClosed when nobody reads the output. `detaches`
    gets the bytes typed and their time, and returns whether to leave the dyno. `idle_seconds` (an hour by default)
    limits a silence in both directions, `total_seconds` the whole time.
    """
    outgoing = bytearray()
    begun = last_byte_at = now()
    overtime_at = None if total_seconds is None else begun + total_seconds
    try:
        settled = show(pipe.early)
        while True:
            silent_at = last_byte_at + (SETTLED_SECONDS if settled else idle_seconds or ATTACH_IDLE_SECONDS)
            stop_at = silent_at if overtime_at is None else min(silent_at, overtime_at)
            readable, typed_ready, writable = _wait(pipe, stdin, outgoing, stop_at - now())
            at = now()
            if readable:
                chunk = pipe.receive()
                if chunk == b"":
                    return Ending.CLOSED
                settled = (show(chunk) if chunk else False) or settled
            if typed_ready:
                assert stdin is not None
                typed = _read(stdin)
                if detaches(typed, at):
                    return Ending.DETACHED
                outgoing += typed or END_OF_INPUT
                stdin = stdin if typed else None
            if writable:
                del outgoing[: pipe.send(bytes(outgoing[:_RECORD]))]
            if readable or typed_ready or writable:
                last_byte_at = at
            if at >= stop_at:
                return Ending.SILENT if stop_at == silent_at else Ending.OVERTIME
    except OutputClosed:
        return Ending.OUTPUT_CLOSED
    except OSError:
        return Ending.LOST


def _wait(pipe: Pipe, stdin: int | None, outgoing: bytearray, seconds: float) -> tuple[bool, bool, bool]:
    """Whether the dyno has output, whether stdin has input, and whether the dyno takes input."""
    reading: list[Pipe | int] = [pipe]
    if stdin is not None and len(outgoing) < _MOST_WAITING:
        reading.append(stdin)
    waiting = pipe.has_bytes()
    seconds = 0.0 if waiting else max(0.0, seconds)
    readable, writable, _ = select.select(reading, [pipe] if outgoing else [], [], seconds)
    return waiting or pipe in readable, stdin in readable, bool(writable)


def _read(stdin: int) -> bytes:
    """The bytes in stdin; none at its end, and none when its terminal is gone."""
    try:
        return os.read(stdin, _CHUNK)
    except OSError:
        return b""
