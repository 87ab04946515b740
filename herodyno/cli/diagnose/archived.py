"""The inputs of a verdict from an archive: the days that the filter asks for, and no connection."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from herodyno.archive.folder import ArchiveFolder, microseconds
from herodyno.archive.history import history
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.scope import Filter
from herodyno.diagnosis.timeline.ids import LONGEST_LIFE
from herodyno.dynos import App

# Lines before --since tell which dyno ran then.
_BEFORE = timedelta(seconds=LONGEST_LIFE)


def archive_inputs(session: Session, folder: str, app: str, log_filter: Filter) -> Inputs:
    """Read an archive. Its last line's time counts as now, as in a file, so --since 24h is its last day."""
    found = history(ArchiveFolder(Path(folder)), app)
    if log_filter.since:
        found = found.between(microseconds(log_filter.since(found.last) - _BEFORE), None)
    return Inputs(
        log=Log(logs=[found], year=session.now()),
        app=App(name=found.app),
        at=session.now(),
        source=Source(kind="archive"),
        year=session.now(),
        at_log_end=True,
    )
