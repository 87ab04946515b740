"""The events of log files, one by one: what the pass over their blocks is compared with."""

from __future__ import annotations

from herodyno.logfiles.opened import Logs
from herodyno.logs.events import Event
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import join_tracebacks


def events_in(logs: Logs) -> list[Event]:
    """All events of the logs, the log that begins earliest first."""
    return list(join_tracebacks(map(event_of, logs.lines())))
