"""`logs` over the network: the window that Heroku keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.cli.logs.query import Wishes
from herodyno.cli.logs.sink import pour, reading_of, sink_of
from herodyno.cli.logs.sources import CAP, in_batches, open_log, window
from herodyno.cli.session import Session
from herodyno.dynos import Dyno
from herodyno.logs.events import LogLine
from herodyno.logs.query.reading import Seen
from herodyno.render.units import clock, count, spoken_duration, zone_name, zone_of


def live(session: Session, wishes: Wishes, app: str) -> None:
    """Show the log of an app. What the network cuts off is shown as far as it came, then Unreachable is raised.

    What only some runs need (following, dynos by id, words to be looked up) is imported where it is needed.
    """
    with_dynos = bool(wishes.ids) or wishes.typed.previous
    generation, url, dynos = open_log(session, app, tail=wishes.typed.tail, with_dynos=with_dynos)
    if not url:
        from herodyno.cli.logs.follow import follow

        follow(session, wishes, app, generation, dynos)
        return
    lines, error = window(session, url)
    if wishes.selection.targets and not error:
        from herodyno.cli.logs.targets import unknown_words

        if unknown := unknown_words(session, app, wishes.selection, lines):
            raise unknown
    if with_dynos:
        _show_incarnations(session, wishes, lines, dynos)
    else:
        _show(session, wishes, lines)
    if error:
        raise error


def _show(session: Session, wishes: Wishes, lines: Sequence[LogLine]) -> None:
    reading = reading_of(session, wishes)
    pour(in_batches(lines), reading, sink_of(session, wishes))
    session.output.note(covered(reading.seen, wishes, utc=session.output.utc, now=session.now()))


def _show_incarnations(session: Session, wishes: Wishes, lines: Sequence[LogLine], dynos: Sequence[Dyno]) -> None:
    from herodyno.cli.logs.dynos import incarnations_in, incarnations_that_ended, spans_of_ids

    times = incarnations_in(lines, dynos)
    if wishes.ids:
        wishes = wishes.within(spans_of_ids(wishes.ids, times, dynos))
    if not wishes.typed.previous:
        _show(session, wishes, lines)
        return
    from herodyno.cli.logs.previous import show_last_words

    show_last_words(session, wishes, [lines], incarnations_that_ended(wishes.selection.targets, times))


# The L codes that tell of something else than lines missing here.
_NOT_OF_THIS_LOG = {
    "L10": "{} of a drain dropped",
    "L14": "a drain gets no lines",
    "L15": "the recent lines could not be had",
}


def covered(seen: Seen, wishes: Wishes, *, utc: bool, now: datetime) -> str:
    """What window the log covered, how much of it was wanted, and what could not be had."""
    if seen.first is None or seen.last is None:
        return "Heroku has no lines of this app's log"
    zone = zone_of(now, utc=utc)
    since, until = (clock(at, zone, today=now) for at in (seen.first, seen.last))
    length = spoken_duration((seen.last - seen.first).total_seconds())
    said = f"{count(seen.lines)} lines from {since} to {until} {zone_name(seen.last, zone)} ({length})"
    if seen.lines >= CAP:
        said += ", the most that Heroku keeps"
    if not wishes.selection.is_everything:
        said += f"; {count(seen.selected)} of them fit"
    if wishes.selection.since and wishes.selection.since < seen.first and seen.lines >= CAP:
        said += f"; older lines than {since} are gone"
    for code, lost in sorted(seen.lost.items()):
        lines = f"{count(lost)} lines" if lost else "lines"
        said += f"; {code}: {_NOT_OF_THIS_LOG.get(code, '{} dropped').format(lines)}"
    return said
