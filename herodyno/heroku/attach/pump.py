"""Bytes both ways between this process and an attached dyno, in one thread, until one side ends it."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herodyno.heroku.attach.rendezvous import Pipe

IDLE_SECONDS = 3600.0
# The platform hangs up when the command has ended. A connection that stays silent behind the
# command's status is not waited for longer than this.
SETTLED_SECONDS = 10.0

# What tells a terminal's program that the input has ended. TLS cannot close one direction alone.
END_OF_INPUT = b"\x04"

_CHUNK = 65_536
_RECORD = 16_384
_ENOUGH = 262_144


class OutputClosed(Exception):
    """stdout takes no more bytes: closed, or its disk is full."""


class Ending(Enum):
    """Why the pump stopped."""

    CLOSED = "the server closed the connection"
    LOST = "the connection was lost"
    LET_GO = "three times Ctrl-C"
    UNHEARD = "stdout was closed"
    SILENT = "nothing came for too long"
    OVERTIME = "the time allowed was used up"


def pump(
    pipe: Pipe,
    *,
    stdin: int | None,
    show: Callable[[bytes], bool],
    let_go: Callable[[bytes, float], bool] = lambda typed, at: False,
    idle_seconds: float | None = None,
    total_seconds: float | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Ending:
    """Carry bytes until the connection ends, exactly as they are.

    `stdin` is a file descriptor to read from, or None. `show` takes the dyno's output and answers
    whether the command's status has been seen; it raises Unheard when nobody takes it. `let_go` is
    told what is typed, and when, and answers whether to give up.
    """
    outgoing = bytearray()
    begun = heard_at = now()
    overtime_at = None if total_seconds is None else begun + total_seconds
    try:
        settled = show(pipe.early)
        while True:
            silent_at = heard_at + (SETTLED_SECONDS if settled else idle_seconds or IDLE_SECONDS)
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
                if let_go(typed, at):
                    return Ending.LET_GO
                outgoing += typed or END_OF_INPUT
                stdin = stdin if typed else None
            if writable:
                del outgoing[: pipe.send(bytes(outgoing[:_RECORD]))]
            if readable or typed_ready or writable:
                heard_at = at
            if at >= stop_at:
                return Ending.SILENT if stop_at == silent_at else Ending.OVERTIME
    except OutputClosed:
        return Ending.UNHEARD
    except OSError:
        return Ending.LOST


def _wait(pipe: Pipe, stdin: int | None, outgoing: bytearray, seconds: float) -> tuple[bool, bool, bool]:
    """Whether the dyno's bytes can be read, ours can be read, and the dyno's side takes some."""
    reading: list[Pipe | int] = [pipe]
    if stdin is not None and len(outgoing) < _ENOUGH:
        reading.append(stdin)
    waiting = pipe.has_bytes()
    seconds = 0.0 if waiting else max(0.0, seconds)
    readable, writable, _ = select.select(reading, [pipe] if outgoing else [], [], seconds)
    return waiting or pipe in readable, stdin in readable, bool(writable)


def _read(stdin: int) -> bytes:
    """What stands in stdin; nothing at its end, and nothing when its terminal is gone."""
    try:
        return os.read(stdin, _CHUNK)
    except OSError:
        return b""
