"""The end of a one-off dyno as its log shows it, for when its connection announced no exit status."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from herodyno.dynos import CLOCKS_DIFFER, Dyno
from herodyno.errors import HerodynoError
from herodyno.logs.codes.exits import exit_gloss
from herodyno.logs.decoding.lines import Year
from herodyno.logs.events import DynoError, Exited, LogLine
from herodyno.logs.parsing.read import read_events

# The line "Process exited with status N" reaches the log a few seconds after the connection has ended. Ours.
SECONDS_BEFORE_READS = (0.5, 1.0, 2.0, 4.0)


class LoggedExit(NamedTuple):
    """A dyno's end in its log: its exit status (0 to 255, None when not logged), and its R codes, oldest first."""

    status: int | None = None
    codes: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Both in words: "exit status 128 (R13: could not attach to its terminal)", "" when nothing is known."""
        gloss = exit_gloss(self.status, codes=self.codes)
        if self.status is None:
            return gloss or ", ".join(self.codes)
        return f"exit status {self.status}" + (f" ({gloss})" if gloss else "")


def is_about(line: LogLine, dyno: Dyno) -> bool:
    """Whether a line is of this dyno, not of an earlier incarnation with the same name."""
    if line.proc != dyno.name:
        return False
    return line.at is None or dyno.created_at is None or line.at >= dyno.created_at - CLOCKS_DIFFER


def logged_exit(chunks: Iterable[bytes], dyno: Dyno, *, year: Year) -> LoggedExit:
    """The end of the dyno in the bytes of its log; `year` completes times without one."""
    status, codes = None, []
    for event in read_events(chunks, year=year):
        if is_about(event.line, dyno):
            if isinstance(event, Exited):
                status = exit_status(event)
            elif isinstance(event, DynoError):
                codes.append(event.code)
    return LoggedExit(status, tuple(dict.fromkeys(codes)))


def find_logged_exit(
    log: Callable[[], Iterable[bytes]], dyno: Dyno, *, year: Year, sleep: Callable[[float], None]
) -> LoggedExit:
    """Read the dyno's log up to four times within 7.5 seconds, until it holds the exit status.

    `log` opens the log anew for each read. A log that cannot be read is no error: the status stays None.
    """
    end = LoggedExit()
    for seconds in SECONDS_BEFORE_READS:
        sleep(seconds)
        try:
            end = logged_exit(log(), dyno, year=year)
        except HerodynoError:
            continue
        if end.status is not None:
            break
    return end


def exit_status(event: Exited) -> int | None:
    """The logged status as a process's exit status: a number outside 0 to 255 becomes 1, never 0."""
    return event.status if event.status is None or 0 <= event.status <= 255 else 1
