"""`diagnose --listen`: follows the live log for a while, through breaks and renewed sessions."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from herodyno.cli.diagnose.inputs import Heard
from herodyno.cli.session import Session
from herodyno.dynos import Generation
from herodyno.errors import Unreachable
from herodyno.heroku.log.tail import Gap
from herodyno.logs.events import LogLine
from herodyno.units import clock, count, spoken_duration, zone_name, zone_of

# Lines arrive a second or two late. Wait at most so many seconds for the last ones.
OVERTIME = 5.0


def listen(session: Session, app: str, seconds: float, *, generation: Generation) -> Heard:
    """Follow the log for `seconds`, or until Ctrl-C. Without any line, raises the error of the session or Ctrl-C."""
    lines: list[LogLine] = []
    gaps: list[Gap] = []
    complete = True
    try:
        for item in _gaps(session, app, seconds, generation, lines):
            gaps.append(item)
    except Unreachable as error:
        if not lines:
            raise
        session.output.note(error.message)
        complete = False
    except KeyboardInterrupt:
        if not lines:
            raise
        session.output.note(f"ended by Ctrl-C: judging the {count(len(lines))} lines heard so far; again: leave (130)")
    return Heard(lines, complete, remarks_of(gaps))


def _gaps(session: Session, app: str, seconds: float, generation: Generation, lines: list[LogLine]) -> Iterator[Gap]:
    """Add the lines to `lines`, and yield the gaps."""
    output, began, began_at = session.output, session.now(), time.monotonic()
    end = began + timedelta(seconds=seconds)
    zone = zone_of(began, utc=output.utc)
    until = f"until {clock(end, zone, today=end)} {zone_name(end, zone)}"
    output.progress(f"listening for {spoken_duration(seconds)}, {until}")
    bar = output.progress_bar(f"listening {until}", unit="seconds")
    with session.tail(app, generation=generation) as tail:
        for batch in tail:
            for item in batch:
                if isinstance(item, Gap):
                    yield item
                else:
                    lines.append(item)
            now, passed = session.now(), time.monotonic() - began_at
            listened = max((now - began).total_seconds(), passed)
            if listened >= seconds and (passed > seconds + OVERTIME or _has_caught_up(batch, end)):
                return
            # The bar stays until the last lines have come.
            bar(min(listened, 0.99 * seconds), seconds, count(len(lines), "line"))


def _has_caught_up(batch: list[LogLine | Gap], end: datetime) -> bool:
    """Whether no line waits to be read, or a line is younger than the end."""
    times = [item.at for item in batch if isinstance(item, LogLine) and item.at is not None]
    return not batch or any(at >= end for at in times)


def remarks_of(gaps: Collection[Gap]) -> tuple[str, ...]:
    """How often lines may be missing, for the limits of the report."""
    if not gaps:
        return ()
    seconds = spoken_duration(sum(gap.seconds for gap in gaps))
    times = "once" if len(gaps) == 1 else f"{len(gaps)} times"
    return (f"the log was interrupted {times} ({seconds} in all): lines may be missing",)
