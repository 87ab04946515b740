"""What a one-off dyno's own log tells about its end, where its connection did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError
from herodyno.logs.events import DynoError, Exited, LogLine
from herodyno.logs.parsing.read import read_events

# The line "Process exited with status N" reaches the log a few seconds after the connection ends.
SECONDS_BEFORE_LOOKS = (0.5, 1.0, 2.0, 4.0)

# Logplex's clock and the API's need not agree to the second.
_CLOCKS_DIFFER = timedelta(seconds=5)


class End(NamedTuple):
    """The last words of a dyno: its exit status (0 to 255, or None) and the R codes before it."""

    status: int | None = None
    codes: tuple[str, ...] = ()


def is_about(line: LogLine, dyno: Dyno) -> bool:
    """Whether a line speaks of this dyno, and not of an earlier one that had the same name."""
    if line.proc != dyno.name:
        return False
    return line.at is None or dyno.created_at is None or line.at >= dyno.created_at - _CLOCKS_DIFFER


def end_in(chunks: Iterable[bytes], dyno: Dyno, *, year: int) -> End:
    """The end of the dyno as its log tells it."""
    status, codes = None, []
    for event in read_events(chunks, year=year):
        if is_about(event.line, dyno):
            if isinstance(event, Exited):
                status = exit_status(event)
            elif isinstance(event, DynoError):
                codes.append(event.code)
    return End(status, tuple(dict.fromkeys(codes)))


def look_for_end(log: Callable[[], Iterable[bytes]], dyno: Dyno, *, year: int, sleep: Callable[[float], None]) -> End:
    """Read the dyno's log up to four times, within some eight seconds, until it tells the exit status.

    A log that cannot be had tells nothing; that is no error here.
    """
    end = End()
    for seconds in SECONDS_BEFORE_LOOKS:
        sleep(seconds)
        try:
            end = end_in(log(), dyno, year=year)
        except HerodynoError:
            continue
        if end.status is not None:
            break
    return end


def exit_status(event: Exited) -> int | None:
    """The status as an exit status of ours: one that does not fit is a failure, never 0."""
    return event.status if event.status is None or 0 <= event.status <= 255 else 1
