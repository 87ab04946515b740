"""`logs --tail`, and `logs` on Fir, which keeps no log: lines are shown as they arrive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from datetime import datetime
from math import inf

from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import make_reading, make_sink, read_into
from herodyno.cli.logs.targets import unknown_words
from herodyno.cli.session import Session
from herodyno.dynos import Dyno, Generation
from herodyno.heroku.log.tail import Gap, Tail
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import Reading
from herodyno.units import count, spoken_duration

HISTORY_SECONDS = 1.0
FIR_SECONDS = 60.0  # as long as `diagnose` listens there


def follow(session: Session, query: LogQuery, app: str, generation: Generation, dynos: Sequence[Dyno]) -> None:
    """Show the log of an app as it grows."""
    if query.ids:
        from herodyno.cli.logs.dynos import spans_of_ids

        query = query.within(spans_of_ids(query.ids, None, dynos))
    if unknown := unknown_words(session, app, query.selection, ()):
        if not query.options.tail:
            raise unknown
        session.output.note(f"{unknown.message} now: its lines are waited for. {unknown.next_step}")
    if generation == "fir":
        if not query.options.tail:
            _listen(session, query, app)
            return
        session.output.note(f"{app} is on Fir, which keeps no log: only new lines are shown; Ctrl-C ends it")
        query = query._replace(options=query.options._replace(num=None))
    reading = make_reading(session, query)
    sink = make_sink(session, query)
    with session.tail(app, generation=generation) as tail:
        batches = tail_batches(tail, until=query.selection.until, session=session)
        history: list[LogLine] = []

        def end_history() -> None:
            sink.end_history()
            if history and not reading.summary.selected:
                from herodyno.cli.logs.nothing import note_nothing_fits

                note_nothing_fits(session, query, history)
            history.clear()

        read_into(after_history(batches, history, end_history, session.now()), reading, sink)


def _listen(session: Session, query: LogQuery, app: str) -> None:
    """Show new lines on Fir, which keeps no log: for FIR_SECONDS, or until -n lines were shown."""
    most = None if query.patterns else query.options.num
    lines = "" if most is None else f", until {count(most)} fit"
    session.output.note(
        f"{app} is on Fir, which keeps no log: new lines are shown for {spoken_duration(FIR_SECONDS)}{lines}; "
        "Ctrl-C ends it, --tail goes on"
    )
    reading, sink = make_reading(session, query), make_sink(session, query)
    if most is None:
        sink.end_history()
    with session.tail(app, generation="fir") as tail:
        batches = tail_batches(tail, until=query.selection.until, session=session, seconds=FIR_SECONDS)
        read_into(_until_enough(batches, reading, most), reading, sink)


def _until_enough(
    batches: Iterator[list[LogLine | Mark]], reading: Reading, most: int | None
) -> Iterator[list[LogLine | Mark]]:
    for batch in batches:
        if most is None:
            yield batch
            continue
        for item in batch:
            if reading.summary.selected >= most:
                return
            yield [item]


def after_history(
    batches: Iterator[list[LogLine | Mark]],
    history: MutableSequence[LogLine],
    end_history: Callable[[], None],
    began_at: datetime,
) -> Iterator[Sequence[LogLine | Mark]]:
    """The batches. Fills `history` with the lines that Heroku had kept, and calls `end_history` where they end.

    Those lines end at the first line younger than the tail, at the first pause, after as many lines as a session
    keeps, or a second after the first line. The second is for clocks that differ: new lines must not wait.
    """
    ends_at, messages = 0.0, 0
    for batch in batches:
        young = 0
        while young < len(batch) and messages < LOG_BUFFER_LINES and not _is_younger(batch[young], began_at):
            item = batch[young]
            messages += isinstance(item, LogLine) and bool(item.source)  # a message may have several lines
            young += 1
        history.extend(item for item in batch[:young] if isinstance(item, LogLine))
        yield batch[:young]
        ends_at = ends_at or (time.monotonic() + HISTORY_SECONDS if batch else 0.0)
        is_late = ends_at and time.monotonic() > ends_at
        if young < len(batch) or (not batch and ends_at) or is_late or messages >= LOG_BUFFER_LINES:
            end_history()
            yield batch[young:]
            break
    yield from batches


def _is_younger(item: LogLine | Mark, began_at: datetime) -> bool:
    return item.at is not None and item.at > began_at


def tail_batches(
    tail: Tail, *, until: datetime | None, session: Session, seconds: float = inf
) -> Iterator[list[LogLine | Mark]]:
    """The tail's batches, gaps as marks. A batch may be empty. Ends at `until`, or after `seconds`."""
    ends_at = time.monotonic() + seconds
    for batch in tail:
        yield [_gap_mark(item) if isinstance(item, Gap) else item for item in batch]
        if (until and session.now() >= until) or time.monotonic() >= ends_at:
            return


def _gap_mark(gap: Gap) -> Mark:
    length = f" for {spoken_duration(gap.seconds)}" if gap.seconds >= 1 else ""
    return Mark("gap", gap.since, f"the connection was lost{length}: lines may be missing here", seconds=gap.seconds)
