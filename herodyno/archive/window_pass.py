"""The facts of a stretch of an archive: its lines are counted as those of any log, the engine tells of all others.

A verdict on the last day needs to know which dynos ran before, and when each began. For that the other days are not
read line by line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from herodyno.archive.boundaries_of import boundaries_of
from herodyno.archive.history import History
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.timeline.timeline import Timeline

_BEFORE = "SELECT count(*) FROM events WHERE app = $app AND ts_us < $first_us"


class WindowPass:
    """The pass over the lines of a window of a history: `boundaries` of the whole history, `facts` of the window."""

    def __init__(self, whole: History, window: History, *, year: datetime) -> None:
        with whole.archive.over() as found:
            ((before,),) = found.rows(_BEFORE, app=whole.app, first_us=window.first_us)
            self.boundaries = boundaries_of(found, whole.app, (window.first_us, window.last_us))
        self._pass = OnePass(Log(logs=[window], year=year, lines_before=before))
        self.boundaries.update(self._pass.boundaries)

    def facts(self, times: Timeline, selection: Any = None) -> Facts:
        """The facts of the window, for the process types of a Scope, over a timeline built from `boundaries`."""
        return self._pass.facts(times, selection and replace(selection, start=None, end=None))
