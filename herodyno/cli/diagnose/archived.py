"""The inputs of a verdict from an archive: the lines of the time that the filter asks for, and no connection."""

from __future__ import annotations

from functools import partial
from time import monotonic

from herodyno.archive.days.past_days import DAYS, past_days
from herodyno.archive.engines.engine import Archive
from herodyno.archive.folder import ArchiveFolder, microseconds
from herodyno.archive.history import History, history
from herodyno.archive.window.window_pass import WindowPass
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.recurrence import heads_of, recurrence, with_recurrence
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App
from herodyno.logs.decoding.lines import AHEAD
from herodyno.units import count, log_time

# Ours. A person waits so long for days that nobody looked through before.
JUDGING_SECONDS = 10.0


def archive_inputs(session: Session, archive: Archive, app: str, log_filter: Filter) -> Inputs:
    """Read an archive. Its last line's time counts as now, as in a file, so --since 24h is its last day."""
    whole = history(archive, app)
    since, until = (microseconds(bound(whole.now)) if bound else None for bound in (log_filter.since, log_filter.until))
    remarks: tuple[str, ...] = ()
    reach_us = max(whole.now_us, until or 0)
    if reach_us < whole.last_us:
        remarks = (_left_out(whole.between(reach_us + 1, None)),)
        whole = whole.between(None, reach_us)
    if whole.now > session.now() + AHEAD:
        last = log_time(whole.now)
        remarks += (f"The archive's last line is dated {last}, in the future: --since counts from there",)
    window = whole.between(since, until)
    if session.output.shows_progress:
        window.told = session.output.progress_bar("reading the archive", unit="seconds")
    year = session.now()
    return Inputs(
        log=Log(logs=[window], year=year, counted=partial(WindowPass, whole, window, year=year), listed=whole.listed()),
        app=App(name=whole.app),
        at=session.now(),
        source=Source(kind="archive"),
        year=year,
        remarks=remarks,
        at_log_end=True,
        past=partial(_with_past, session, archive, whole.app) if isinstance(archive, ArchiveFolder) else None,
    )


def _left_out(ahead: History) -> str:
    """The sentence about lines that are dated later than they can have been written."""
    lines, _, last = ahead.extent()
    until = log_time(last) if last else "nothing"
    return (
        f"{count(lines, 'line')} dated up to {until}, later than when received: a clock was wrong. They are left out, "
        "and --since counts from the lines before; --until with such a time looks at them."
    )


def _with_past(session: Session, folder: ArchiveFolder, app: str, found: Diagnosis) -> Diagnosis:
    """The diagnosis with what the days before show of its trouble. Days are judged while there is time."""
    if heads_of(found) == []:
        return found
    ends_at = monotonic() + JUDGING_SECONDS
    past = past_days(folder, app, may_judge=lambda: monotonic() < ends_at)
    if past.left:
        session.output.note(
            f"{past.left} of {count(past.left + past.looked, 'past day')} not looked through yet: "
            f"herodyno archive compact --archive {folder.root}"
        )
    again = recurrence(found, past.found, days=DAYS, looked=past.looked)
    return with_recurrence(found, again) if again else found
