"""An attached one-off dyno from its first byte to its last: output shown, input sent, exit status learned."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import NamedTuple

from herodyno.heroku.attach.exit_marker import StatusReader
from herodyno.heroku.attach.pump import Ending, Unheard, pump
from herodyno.heroku.attach.rendezvous import Pipe
from herodyno.heroku.attach.tty import LetGo, RawTerminal


class Heard(NamedTuple):
    """How it ended, and the exit status that was announced (None: none was, or none was wanted)."""

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
) -> Heard:
    """Carry an attached dyno's bytes until it ends.

    `word` is the run's random word ("" when no status is wanted); `write` takes output and raises
    OSError when it cannot; `is_raw`: `stdin` is a terminal, and every key is the dyno's.
    """
    reader = StatusReader(word) if word else None

    def show(chunk: bytes) -> bool:
        try:
            write(reader.feed(chunk) if reader else chunk)
        except OSError as error:
            raise Unheard from error
        return reader is not None and reader.status is not None

    with RawTerminal(stdin) if is_raw and stdin is not None else nullcontext():
        ending = pump(
            pipe,
            stdin=stdin,
            show=show,
            let_go=LetGo() if is_raw else lambda typed, at: False,
            total_seconds=total_seconds,
        )
        if reader and ending is not Ending.UNHEARD and (rest := reader.end()):
            try:
                write(rest)
            except OSError:
                ending = Ending.UNHEARD
    return Heard(ending, reader.status if reader else None)
