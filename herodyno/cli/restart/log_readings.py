"""What an app's log shows now: up to 1,500 lines of a log session become readings."""

from __future__ import annotations

from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.logs.parsing.read import read_events
from herodyno.operations.restart.measurements import Measurements, measure


def read_log(session: Session, app: str) -> Measurements:
    """The readings of the log. Raises the errors of the API and of the log session."""
    url = session.platform.log_session(app)
    return measure(read_events(session.log_bytes(url), year=session.now()))


def read_log_if_possible(session: Session, app: str) -> Measurements:
    """The readings of the log; empty readings and a note when the log cannot be read."""
    try:
        return read_log(session, app)
    except HerodynoError as error:
        session.output.note(f"the log could not be read ({error.message}); going on without it")
        return Measurements()
