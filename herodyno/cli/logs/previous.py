"""`logs --previous`: how each dyno that ended did, and its last lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from herodyno.cli.logs.query import Wishes, format_of
from herodyno.cli.logs.sink import Written
from herodyno.cli.session import Session
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.previous import epitaph, times_of
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import Reading
from herodyno.logs.query.selecting import Selector


def show_last_words(
    session: Session, wishes: Wishes, batches: Iterable[Sequence[LogLine]], incarnations: Sequence[Incarnation]
) -> None:
    """For each dyno that ended, how it did and its last lines that fit."""
    form = format_of(session, wishes)
    reading = Reading(Selector(wishes.selection), marks=False)
    words = LastWords(incarnations, wishes.most or 0)
    for batch in batches:
        for item in reading.take(batch):
            if isinstance(item, LogLine):
                words.take(item)
    sink = Written(session, form, most=None, redacted=wishes.typed.redact)
    for mark, lines in words.told():
        if not form.shows_marks:
            session.output.note(mark.text)
        sink.take([mark, *lines])
    sink.end(reading.seen)


class LastWords:
    """Keeps, of all lines that go by, the last `most` of each life."""

    def __init__(self, incarnations: Sequence[Incarnation], most: int) -> None:
        self._of_name = {
            incarnation.dyno: (incarnation, *times_of(incarnation), deque[LogLine](maxlen=most))
            for incarnation in incarnations
        }

    def take(self, line: LogLine) -> None:
        """Keep the line if it is one of theirs."""
        if line.at is None or line.proc not in self._of_name:
            return
        _, since, until, kept = self._of_name[line.proc]
        if (since is None or line.at >= since) and (until is None or line.at <= until):
            kept.append(line)

    def told(self) -> Iterable[tuple[Mark, list[LogLine]]]:
        """For each life: how it ended, and what was kept."""
        for incarnation, _, until, kept in self._of_name.values():
            yield Mark("incarnation", until, f"{epitaph(incarnation)}; its last lines:", incarnation.dyno), list(kept)
