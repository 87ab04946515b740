"""`logs --archive`: the filters and formats of `logs` over days, no socket. Rows that cannot fit are not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from herodyno.archive.boundaries_of import boundaries_of
from herodyno.archive.engines.engine import Archive
from herodyno.archive.folder import microseconds
from herodyno.archive.history import History, history
from herodyno.archive.selected_rows import RELEASES, rows_for
from herodyno.cli.logs.formats import choose_format
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import make_reading, make_sink, read_into
from herodyno.cli.session import Session
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.logs.events import LogLine
from herodyno.logs.query.reading import LogSummary


def archived(session: Session, query: LogQuery, archive: Archive) -> None:
    """Show lines of an archive. Times are before now, as they are with files."""
    whole = history(archive, query.options.app or "")
    times = _incarnations(whole) if query.ids or query.options.previous else None
    if query.ids and times:
        from herodyno.cli.logs.dynos import spans_of_ids

        query = query.within(spans_of_ids(query.ids, times, ()))
    if query.patterns and query.patterns.wants_release:
        from herodyno.cli.logs.pattern_query import release_in_log

        moment = release_in_log(chain.from_iterable(whole.only(RELEASES).log_lines()), query.patterns.version)
        query = query._replace(patterns=query.patterns._replace(moment=moment))
    window = _window(session, whole, query)
    if session.output.shows_progress and (query.question or query.patterns):
        window.told = session.output.progress_bar("reading the archive", unit="seconds")
    if query.options.previous and times:
        from herodyno.cli.logs.dynos import incarnations_that_ended
        from herodyno.cli.logs.previous import show_last_lines

        ended = incarnations_that_ended(query.selection.targets, times)
        show_last_lines(session, query, window.log_lines(), ended)
        return
    reading, sink = make_reading(session, query), make_sink(session, query)
    if query.question and query.question.seconds:  # what is not counted says how far the log reaches
        sink.see(LogLine(at, "", "", "", "", 0) for at in window.seconds())
    read_into(_counted(window, reading.summary), reading, sink)
    if not (reading.summary.selected or query.selection.is_everything):
        from herodyno.cli.logs.nothing import note_nothing_fits

        every = _between(whole, query) if reading.summary.lines else whole
        note_nothing_fits(session, query, chain.from_iterable(every.log_lines()))


def _incarnations(whole: History) -> Timeline:
    with whole.archive.over() as found:
        return timeline(boundaries_of(found, whole.app), None, (), whole.listed())


def _window(session: Session, whole: History, query: LogQuery) -> History:
    """The lines that must be read. A comparison and what a day brings are told over the whole log."""
    window = _between(whole, query)
    if query.patterns and (query.patterns.moment or query.patterns.by == "bytes"):
        return window
    marks = not query.question and choose_format(session, query).shows_marks
    return window.only(rows_for(query.selection, with_marks=marks))


def _between(whole: History, query: LogQuery) -> History:
    bounds = query.selection.since, query.selection.until
    return whole.between(*(microseconds(at) if at else None for at in bounds))


def _counted(window: History, summary: LogSummary) -> Iterator[Sequence[LogLine]]:
    """The lines. At their end the summary tells of those too that were not read."""
    yield from window.log_lines()
    summary.lines, summary.first, summary.last = window.extent()
