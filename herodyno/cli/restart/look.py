"""One look at an app's log: up to 1,500 lines of a log session, folded to readings."""

from __future__ import annotations

from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.logs.parsing.read import read_events
from herodyno.operations.restart.measurements import Measurements, measure


def look(session: Session, app: str) -> Measurements:
    """What the log shows now. Raises what the API or the log session raises."""
    url = session.platform.log_session(app)
    return measure(read_events(session.log_bytes(url), year=session.now().year))


def look_if_possible(session: Session, app: str) -> Measurements:
    """The same, or empty readings when the log cannot be had: said once, and never the end of the work."""
    try:
        return look(session, app)
    except HerodynoError as error:
        session.output.note(f"the log could not be read ({error.message}); going on without it")
        return Measurements()
