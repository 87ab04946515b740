"""`logs --tail`, and `logs` on Fir, which keeps no log: lines as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from math import inf

from herodyno.cli.following import tail_of
from herodyno.cli.logs.query import Wishes
from herodyno.cli.logs.sink import pour, reading_of, sink_of
from herodyno.cli.logs.sources import CAP
from herodyno.cli.logs.targets import unknown_words
from herodyno.cli.session import Session
from herodyno.dynos import Dyno, Generation
from herodyno.heroku.log.tail import Gap, Tail
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import Reading
from herodyno.units import count, spoken_duration

HISTORY_SECONDS = 1.0
FIR_SECONDS = 60.0  # as diagnose listens there


def follow(session: Session, wishes: Wishes, app: str, generation: Generation, dynos: Sequence[Dyno]) -> None:
    """Show the log of an app as it grows."""
    if wishes.ids:
        from herodyno.cli.logs.dynos import spans_of_ids

        wishes = wishes.within(spans_of_ids(wishes.ids, None, dynos))
    if unknown := unknown_words(session, app, wishes.selection, ()):
        if not wishes.typed.tail:
            raise unknown
        session.output.note(f"{unknown.message} now: its lines are waited for. {unknown.next_step}")
    if generation == "fir":
        if not wishes.typed.tail:
            _listen(session, wishes, app)
            return
        session.output.note(f"{app} is on Fir, which keeps no log: only new lines are shown; Ctrl-C ends it")
        wishes = wishes._replace(typed=wishes.typed._replace(num=None))
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
            if reading.summary.selected >= most:
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
        if young < len(batch) or (not batch and ends_at) or is_late or reading.summary.lines >= CAP:
            let_go()
            yield batch[young:]
            break
    yield from batches


def tailed(
    tail: Tail, *, until: datetime | None, session: Session, seconds: float = inf
) -> Iterator[list[LogLine | Mark]]:
    """The tail's lists, gaps as marks; an empty list when nothing came. It ends at `until`, or after `seconds`."""
    ends_at = time.monotonic() + seconds
    for batch in tail:
        yield [_gap_mark(item) if isinstance(item, Gap) else item for item in batch]
        if (until and session.now() >= until) or time.monotonic() >= ends_at:
            return


def _gap_mark(gap: Gap) -> Mark:
    length = f" for {spoken_duration(gap.seconds)}" if gap.seconds >= 1 else ""
    return Mark("gap", gap.since, f"the connection was lost{length}: lines may be missing here", seconds=gap.seconds)
