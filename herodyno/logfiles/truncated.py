"""Reads a log that breaks off (a full disk, a copy cut short) or is damaged as far as it goes, and says so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

LONGEST_TAIL = 1 << 12  # bytes in which a last line is judged
_LONGEST_LINE = 1 << 20  # longer lines are not held back until they are whole


def whole_lines(
    chunks: Iterable[bytes],
    on_truncated: Callable[[int, str], object],
    is_damage: Callable[[BaseException], bool] = lambda error: False,
) -> Iterator[bytes]:
    """The chunks of a packed log. Where they end in an error of the data, the unfinished line is left out.

    Such an error is EOFError, and one that `is_damage` knows. `on_truncated` is then called with the number of lines
    that came out, and with how the log ends. Raises the error if there was no line.
    """
    lines, held = 0, b""
    try:
        for chunk in chunks:
            end = chunk.rfind(b"\n") + 1
            lines += chunk.count(b"\n")
            if end:
                yield held + memoryview(chunk)[:end]
                held = chunk[end:]
            elif len(held) < _LONGEST_LINE:
                held += chunk
            else:
                yield held
                held = chunk
    except Exception as error:
        if not lines or not (isinstance(error, EOFError) or is_damage(error)):
            raise
        on_truncated(lines, "ends early" if isinstance(error, EOFError) else "is damaged, perhaps in these lines too")
    else:
        if held:
            yield held


def with_end_judged(chunks: Iterable[bytes], on_torn: Callable[[], object]) -> Iterator[bytes]:
    """The chunks of a log that is not packed. `on_torn` is called where they end within a line of the platform."""
    tail = b""
    for chunk in chunks:
        yield chunk
        tail = chunk[-LONGEST_TAIL:] if len(chunk) >= LONGEST_TAIL else (tail + chunk)[-LONGEST_TAIL:]
    last = tail[tail.rfind(b"\n") + 1 :]
    if last:
        from herodyno.logs.decoding.mending import may_go_on  # few logs end so, and start-up counts

        if may_go_on(last):
            on_torn()


def say(text: str) -> None:
    """Write a line to stderr: a process that reads a part has no Output."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
