"""The inputs of a verdict from an archive: the lines of the time that the filter asks for, and no connection."""

from __future__ import annotations

from functools import partial

from herodyno.archive.engines.engine import Archive
from herodyno.archive.folder import microseconds
from herodyno.archive.history import history
from herodyno.archive.window_pass import WindowPass
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App


def archive_inputs(session: Session, archive: Archive, app: str, log_filter: Filter) -> Inputs:
    """Read an archive. Its last line's time counts as now, as in a file, so --since 24h is its last day."""
    whole = history(archive, app)
    since, until = (
        microseconds(bound(whole.last)) if bound else None for bound in (log_filter.since, log_filter.until)
    )
    window = whole.between(since, until)
    if session.output.shows_progress:
        window.told = session.output.progress_bar("reading the archive", unit="seconds")
    year = session.now()
    return Inputs(
        log=Log(logs=[window], year=year, counted=partial(WindowPass, whole, window, year=year)),
        app=App(name=whole.app),
        at=session.now(),
        source=Source(kind="archive"),
        year=year,
        at_log_end=True,
    )
