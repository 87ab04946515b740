"""`logs` over the network: the window that Heroku keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import make_reading, make_sink, read_into
from herodyno.cli.logs.sources import in_batches, open_log, window
from herodyno.cli.session import Session
from herodyno.dynos import Dyno
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.events import LogLine
from herodyno.logs.query.reading import LogSummary
from herodyno.units import clocks, count, spoken_duration, zone_name, zone_of


def live(session: Session, query: LogQuery, app: str) -> None:
    """Show the log of an app. When the connection breaks, show the lines that came, then raise Unreachable.

    Modules that only some runs need are imported where they are used.
    """
    with_dynos = bool(query.ids) or query.options.previous
    if query.patterns and query.patterns.wants_release:
        from herodyno.cli.logs.pattern_query import release_of_app

        moment = release_of_app(session, app, query.patterns.version)
        query = query._replace(patterns=query.patterns._replace(moment=moment))
    generation, url, dynos = open_log(session, app, tail=query.options.tail, with_dynos=with_dynos)
    if not url:
        from herodyno.cli.logs.follow import follow

        follow(session, query, app, generation, dynos)
        return
    lines, error = window(session, url)
    if query.selection.targets and not error:
        from herodyno.cli.logs.targets import unknown_words

        if unknown := unknown_words(session, app, query.selection, lines):
            raise unknown
    if with_dynos:
        _show_incarnations(session, query, lines, dynos)
    else:
        _show(session, query, lines)
    if error:
        raise error


def _show(session: Session, query: LogQuery, lines: Sequence[LogLine]) -> None:
    reading = make_reading(session, query)
    read_into(in_batches(lines), reading, make_sink(session, query))
    session.output.note(coverage_note(reading.summary, query, utc=session.output.utc, now=session.now()))
    if not (reading.summary.selected or query.selection.is_everything):
        from herodyno.cli.logs.nothing import note_nothing_fits

        note_nothing_fits(session, query, lines)


def _show_incarnations(session: Session, query: LogQuery, lines: Sequence[LogLine], dynos: Sequence[Dyno]) -> None:
    from herodyno.cli.logs.dynos import incarnations_in, incarnations_that_ended, spans_of_ids

    times = incarnations_in(lines, dynos)
    if query.ids:
        query = query.within(spans_of_ids(query.ids, times, dynos))
    if not query.options.previous:
        _show(session, query, lines)
        return
    from herodyno.cli.logs.previous import show_last_lines

    show_last_lines(session, query, [lines], incarnations_that_ended(query.selection.targets, times))


# L codes of lines that are missing elsewhere, not in this log.
_NOT_OF_THIS_LOG = {
    "L10": "{} of a drain dropped",
    "L14": "a drain gets no lines",
    "L15": "the recent lines could not be had",
}


def coverage_note(seen: LogSummary, query: LogQuery, *, utc: bool, now: datetime) -> str:
    """The note under the lines: the time they cover, how many fit the filters, and which are missing."""
    if seen.first is None or seen.last is None:
        return "Heroku has no lines of this app's log"
    zone = zone_of(now, utc=utc)
    since, until = clocks(seen.first, seen.last, zone, today=now)
    length = spoken_duration((seen.last - seen.first).total_seconds())
    note = f"{count(seen.lines)} lines from {since} to {until} {zone_name(seen.last, zone)} ({length})"
    if seen.lines >= LOG_BUFFER_LINES:
        note += ", the most that Heroku keeps"
    if not query.selection.is_everything:
        note += f"; {count(seen.selected)} of them fit"
    if query.selection.since and query.selection.since < seen.first and seen.lines >= LOG_BUFFER_LINES:
        note += f"; older lines than {since} are gone"
    for code, lost in sorted(seen.lost.items()):
        lines = f"{count(lost)} lines" if lost else "lines"
        note += f"; {code}: {_NOT_OF_THIS_LOG.get(code, '{} dropped').format(lines)}"
    return note
