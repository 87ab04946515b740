"""An attached one-off dyno from its first byte to its last: output written, input sent, exit status read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import NamedTuple

from herodyno.heroku.attach.exit_marker import StatusReader
from herodyno.heroku.attach.pump import Ending, OutputClosed, pump
from herodyno.heroku.attach.rendezvous import Pipe
from herodyno.heroku.attach.tty import DetachKeys, RawTerminal


class AttachedEnd(NamedTuple):
    """How the connection ended, and the exit status that the dyno announced; None when it announced none."""

    ending: Ending
    status: int | None


def carry(
    pipe: Pipe,
    *,
    word: str,
    stdin: int | None,
    write: Callable[[bytes], None],
    is_raw: bool = False,
    total_seconds: float | None = None,
) -> AttachedEnd:
    """Carry an attached dyno's bytes until the connection ends.

    `word` is the run's random word, "" when no status is wanted. `stdin` is a file descriptor, or None without input.
    `write` takes output and raises OSError when it cannot. `is_raw` says that `stdin` is a terminal and that every
    key goes to the dyno. `total_seconds` limits the whole time.
    """
    reader = StatusReader(word) if word else None

    def show(chunk: bytes) -> bool:
        try:
            write(reader.feed(chunk) if reader else chunk)
        except OSError as error:
            raise OutputClosed from error
        return reader is not None and reader.status is not None

    with RawTerminal(stdin) if is_raw and stdin is not None else nullcontext():
        ending = pump(
            pipe,
            stdin=stdin,
            show=show,
            detaches=DetachKeys() if is_raw else lambda typed, at: False,
            total_seconds=total_seconds,
        )
        if reader and ending is not Ending.OUTPUT_CLOSED and (rest := reader.end()):
            try:
                write(rest)
            except OSError:
                ending = Ending.OUTPUT_CLOSED
    return AttachedEnd(ending, reader.status if reader else None)
