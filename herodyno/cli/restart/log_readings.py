"""What an app's log shows now: up to 1,500 lines of a log session, and what is measured in them."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import join_tracebacks
from herodyno.operations.restart.measurements import Measurements, measure


def read_log(session: Session, app: str) -> list[LogLine]:
    """The lines of the log. Raises the errors of the API and of the log session."""
    url = session.platform.log_session(app)
    return list(read_lines(session.log_bytes(url), year=session.now()))


def read_log_if_possible(session: Session, app: str) -> list[LogLine]:
    """The lines of the log; none and a note when the log cannot be read."""
    try:
        return read_log(session, app)
    except HerodynoError as error:
        session.output.note(f"the log could not be read ({error.message}); going on without it")
        return []


def measured(lines: Sequence[LogLine]) -> Measurements:
    """The measurements in these lines."""
    return measure(join_tracebacks(map(event_of, lines)))
