"""`logs --previous`: for each dyno that ended, how it ended and its last lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from herodyno.cli.logs.formats import choose_format
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import Written
from herodyno.cli.session import Session
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.previous import epitaph, times_of
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import Reading
from herodyno.logs.query.selecting import Selector


def show_last_lines(
    session: Session, query: LogQuery, batches: Iterable[Sequence[LogLine]], incarnations: Sequence[Incarnation]
) -> None:
    """Show, for each dyno that ended, how it ended and its last lines that fit the filters."""
    form = choose_format(session, query)
    reading = Reading(Selector(query.selection), marks=False)
    last = LastLines(incarnations, query.max_lines or 0)
    for batch in batches:
        for item in reading.take(batch):
            if isinstance(item, LogLine):
                last.take(item)
    sink = Written(session, form, most=None, redacted=query.options.redact)
    for mark, lines in last.marks_and_lines():
        if not form.shows_marks:
            session.output.note(mark.text)
        sink.take([mark, *lines])
    sink.end(reading.summary)


class LastLines:
    """Keeps the last `most` lines of each life."""

    def __init__(self, incarnations: Sequence[Incarnation], most: int) -> None:
        self._of_name = {
            incarnation.dyno: (incarnation, *times_of(incarnation), deque[LogLine](maxlen=most))
            for incarnation in incarnations
        }

    def take(self, line: LogLine) -> None:
        """Keep the line if it belongs to one of the lives."""
        if line.at is None or line.proc not in self._of_name:
            return
        _, since, until, kept = self._of_name[line.proc]
        if (since is None or line.at >= since) and (until is None or line.at <= until):
            kept.append(line)

    def marks_and_lines(self) -> Iterable[tuple[Mark, list[LogLine]]]:
        """For each life: a mark that says how it ended, and its last lines."""
        for incarnation, _, until, kept in self._of_name.values():
            yield Mark("incarnation", until, f"{epitaph(incarnation)}; its last lines:", incarnation.dyno), list(kept)
