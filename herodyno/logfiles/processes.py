"""Reads the parts of a log side by side: some in this process, the rest in processes that are started for them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from multiprocessing import get_context
from typing import Any

from herodyno.diagnosis.counting.merging import split
from herodyno.diagnosis.counting.one_pass import Part, Spread
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.errors import HerodynoError, Refused
from herodyno.logs.scan.blocks import Batch, Blocks

MOST_PROCESSES = 8


def processes() -> int:
    """How many processes this machine runs at once."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_PROCESSES)


def side_by_side(
    read_so_far: Callable[[int], None] | None = None, meanwhile: Callable[[], object] | None = None
) -> Spread:
    """Read logs in as many processes. `read_so_far` is called with the number of bytes that all of them have read.

    `meanwhile` is called in this process once the others read.
    Reading raises what reading one log raises, and Refused when another process is killed.
    """

    def spread(work: Callable[[Blocks], Part], logs: Sequence[Blocks]) -> Iterable[Part]:
        count = min(processes(), len(logs))
        others: list[tuple[Any, Any]] = []
        try:
            read = _begin(others, work, logs, count)
            count = len(others) + 1
            (meanwhile or _nothing)()
            parts: list[Part | None] = [None] * len(logs)
            parts[::count] = [work(partial(_counted, log, read, read_so_far or _nothing)) for log in logs[::count]]
            for place, other in enumerate(others, start=1):
                parts[place::count] = _received(*other)
        except BaseException:
            _end(others)
            raise
        return [part for part in parts if part is not None]

    return spread


def _start_method() -> str:
    """A fork is fast, but copies the locks of other threads, and is safe on Linux only."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


class _ReadHere:
    """Bytes that were read, where no other process reads any."""

    value = 0

    def get_lock(self) -> nullcontext[None]:
        return nullcontext()


def _begin(others: list[tuple[Any, Any]], work: Callable[[Blocks], Part], logs: Sequence[Blocks], count: int) -> Any:
    """Start the other processes, each of which goes into `others`. Returns where all count the bytes that they read.

    None is started where the system has no room for one, or for what processes share.
    """
    try:
        context: Any = get_context(_start_method())
        read = context.Value("q", 0)
        for place in range(1, count):
            task = partial(_read, work, logs[place::count], read)
            others.append(_started(context, task, [receiver for _, receiver in others]))
    except (OSError, ImportError):  # ImportError: no semaphores on this system
        _end(others)
        return _ReadHere()
    return read


def _started(context: Any, task: Callable[[], list[Part]], earlier: list[Any]) -> tuple[Any, Any]:
    receiver, sender = context.Pipe(duplex=False)
    not_its = [*earlier, receiver] if context.get_start_method() == "fork" else []
    # A daemon ends when this process ends.
    process = context.Process(target=_send, args=(sender, task, not_its), daemon=True)
    try:
        process.start()
    finally:
        sender.close()
    return process, receiver


def _end(others: list[tuple[Any, Any]]) -> None:
    """End other processes: nobody reads what they find."""
    for process, receiver in others:
        process.terminate()
        receiver.close()
        process.join()
    others.clear()


def _send(sender: Any, task: Callable[[], list[Part]], not_its: Sequence[Any] = ()) -> None:
    """Send the parts without counts, then the counts of each part piece by piece, with None after each part.

    `not_its` are ends of pipes that came with the fork. Were they open here, too, no pipe would break when the parent
    is killed, and this process would wait for ever to be read.
    """
    for end in not_its:
        end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends this process
    with suppress(BrokenPipeError):  # the parent has stopped reading
        try:
            parts = task()
        except HerodynoError as error:
            sender.send(error)
            return
        sender.send([part._replace(pieces=()) for part in parts])
        for part in parts:
            for unassigned in part.pieces:
                for piece in split(unassigned):
                    sender.send(piece)
            sender.send(None)


def _received(process: Any, receiver: Any) -> list[Part]:
    answer: list[Part] | HerodynoError = _next(receiver)
    if isinstance(answer, HerodynoError):
        process.join()
        raise answer
    ends: list[Callable[[], None]] = [_nothing] * (len(answer) - 1) + [process.join]
    return [part._replace(pieces=_received_pieces(receiver, end)) for part, end in zip(answer, ends, strict=True)]


def _received_pieces(receiver: Any, end: Callable[[], None]) -> Iterator[Unassigned]:
    while (piece := _next(receiver)) is not None:
        yield piece
    end()


def _next(receiver: Any) -> Any:
    try:
        return receiver.recv()
    except EOFError:
        raise Refused("a process that read a part of the log was killed: the machine may be out of memory") from None


def _read(work: Callable[[Blocks], Part], logs: Sequence[Blocks], read: Any) -> list[Part]:
    return [work(partial(_counted, log, read, _nothing)) for log in logs]


def _counted(log: Blocks, read: Any, read_so_far: Callable[[int], None]) -> Iterator[Batch]:
    for block in log():
        with read.get_lock():
            read.value += len(block)
        read_so_far(read.value)
        yield block


def _nothing(done: int = 0) -> None:
    pass
