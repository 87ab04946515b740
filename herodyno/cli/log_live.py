"""`logs` over the network: the window that Heroku keeps, or the log as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from herodyno.cli.following import tail_of
from herodyno.cli.log_dynos import lives_in, lives_that_ended, spans_of_ids
from herodyno.cli.log_sink import pour, reading_of, show_last_words, sink_of
from herodyno.cli.log_sources import CAP, in_batches, open_log, tailed, window
from herodyno.cli.log_targets import unknown_words
from herodyno.cli.log_wishes import Wishes
from herodyno.cli.session import Session
from herodyno.dynos import Generation
from herodyno.logs.events import LogLine
from herodyno.logs.marks import Mark
from herodyno.logs.reading import Reading, Seen
from herodyno.render.words import clock, count, spoken_duration, zone_name, zone_of

HISTORY_SECONDS = 1.0
FIR_SECONDS = 60.0  # as diagnose listens there


def live(session: Session, wishes: Wishes, app: str) -> None:
    """Show the log of an app. What the network cuts off is shown as far as it came, then Unreachable is raised."""
    with_dynos = bool(wishes.ids) or wishes.typed.previous
    generation, url, dynos = open_log(session, app, tail=wishes.typed.tail, with_dynos=with_dynos)
    if not url:
        if wishes.ids:
            wishes = wishes.within(spans_of_ids(wishes.ids, None, dynos))
        if unknown := unknown_words(session, app, wishes.selection, ()):
            if not wishes.typed.tail:
                raise unknown
            session.output.note(f"{unknown.message} now: its lines are waited for. {unknown.next_step}")
        _follow(session, wishes, app, generation)
        return
    lines, error = window(session, url)
    if not error and (unknown := unknown_words(session, app, wishes.selection, lines)):
        raise unknown
    times = lives_in(lines, dynos) if with_dynos else None
    if wishes.ids:
        wishes = wishes.within(spans_of_ids(wishes.ids, times, dynos))
    if wishes.typed.previous and times:
        show_last_words(session, wishes, [lines], lives_that_ended(wishes.selection.targets, times))
    else:
        reading = reading_of(session, wishes)
        pour(in_batches(lines), reading, sink_of(session, wishes))
        session.output.note(covered(reading.seen, wishes, utc=session.output.utc, now=session.now()))
    if error:
        raise error


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
        said += f"; {code}: {f'{count(lost)} lines' if lost else 'lines'} dropped"
    return said


def _follow(session: Session, wishes: Wishes, app: str, generation: Generation) -> None:
    if generation == "fir":
        if not wishes.typed.tail:
            _listen(session, wishes, app)
            return
        session.output.note(f"{app} is on Fir, which keeps no log: only new lines are shown; Ctrl-C ends it")
        wishes = replace(wishes, typed=replace(wishes.typed, num=None))
    reading = reading_of(session, wishes)
    sink = sink_of(session, wishes)
    with tail_of(session, app, generation=generation) as tail:
        batches = tailed(tail, until=wishes.selection.until, session=session)
        pour(_after_history(batches, reading, sink.let_go, session.now()), reading, sink)


def _listen(session: Session, wishes: Wishes, app: str) -> None:
    """Where no log is kept: what comes within a time, or until there are as many lines as were wanted."""
    most = wishes.typed.num
    lines = "" if most is None else f", until {count(most)} fit"
    session.output.note(
        f"{app} is on Fir, which keeps no log: new lines are shown for {spoken_duration(FIR_SECONDS)}{lines}; "
        "Ctrl-C ends it, --tail goes on"
    )
    reading, sink = reading_of(session, wishes), sink_of(session, wishes)
    if most is None:
        sink.let_go()
    with tail_of(session, app, generation="fir") as tail:
        batches = tailed(tail, until=wishes.selection.until, session=session, seconds=FIR_SECONDS)
        pour(_until_enough(batches, reading, most), reading, sink)


def _until_enough(
    batches: Iterator[list[LogLine | Mark]], reading: Reading, most: int | None
) -> Iterator[list[LogLine | Mark]]:
    for batch in batches:
        if most is None:
            yield batch
            continue
        for item in batch:
            if reading.seen.selected >= most:
                return
            yield [item]


def _after_history(
    batches: Iterator[list[LogLine | Mark]], reading: Reading, let_go: Callable[[], None], began_at: datetime
) -> Iterator[Sequence[LogLine | Mark]]:
    """The batches; `let_go` is called where the lines that Heroku had kept end.

    That is at the first line younger than the tail, at the first pause, after as many lines as a session
    keeps, or a second after the first line: clocks differ, and new lines must not wait.
    """
    ends_at = 0.0
    for batch in batches:
        young = next((at for at, item in enumerate(batch) if item.at and item.at > began_at), len(batch))
        yield batch[:young]
        ends_at = ends_at or (time.monotonic() + HISTORY_SECONDS if batch else 0.0)
        is_late = ends_at and time.monotonic() > ends_at
        if young < len(batch) or (not batch and ends_at) or is_late or reading.seen.lines >= CAP:
            let_go()
            yield batch[young:]
            break
    yield from batches
