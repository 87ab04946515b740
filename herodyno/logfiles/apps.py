"""The apps in a log: how many lines each has, and the lines of one app alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from herodyno.diagnosis.counting.one_pass import Log
from herodyno.logs.decoding.apps import app_of, is_drain_token
from herodyno.logs.decoding.lines import Year
from herodyno.logs.events import LogLine
from herodyno.logs.scan.blocks import Batch, batches


class AppsOfLog:
    """Counts the lines of each app while a log is read. A line that names no app is of the app before it."""

    def __init__(
        self,
        lines: Callable[[], Iterable[LogLine]],
        *,
        year: Year,
        remarks: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._lines = lines
        self._year = year
        self._remarks = remarks  # about the lines, once they were read
        self.counts: Counter[str] = Counter()  # of the last complete reading

    @property
    def names(self) -> list[str]:
        """The apps, the one with most lines first."""
        return [name for name, _ in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])) if name]

    def log(self, app: str = "") -> Log:
        """The whole log. Each reading counts anew. A log of one app says so when it is another than `app`."""
        return Log(logs=[self._counted], year=self._year, remarks=partial(self._other_than, app))

    def log_of(self, app: str) -> Log:
        """The lines of one app."""
        return Log(logs=[partial(self._of, app)], year=self._year, remarks=self._remarks)

    def _other_than(self, app: str) -> list[str]:
        remarks = list(self._remarks())
        names = [name for name in self.names if not is_drain_token(name)]
        if not app or len(names) != 1 or names[0].casefold() == app.casefold():
            return remarks
        return [*remarks, f"the log calls its app {names[0]}, not {app}: commands here name {app}"]

    def _counted(self) -> Iterator[Batch]:
        counts: Counter[str] = Counter()
        yield from batches(self._tallied(counts))
        self.counts = counts

    def _tallied(self, counts: Counter[str]) -> Iterator[LogLine]:
        for app, line in self._with_apps():
            counts[app] += 1
            yield line

    def _of(self, wanted: str) -> Iterator[Batch]:
        lines = (line for app, line in self._with_apps() if app == wanted)
        return batches(line._replace(number=number) for number, line in enumerate(lines, start=1))

    def _with_apps(self) -> Iterator[tuple[str, LogLine]]:
        app = ""
        for line in self._lines():
            app = line.app or app_of(line.raw) or app
            yield app, line
