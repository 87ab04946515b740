"""The logs of several apps as they grow: a thread for each app, one bounded queue for all."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from queue import Empty, Full, Queue
from typing import NamedTuple, TypeAlias

from herodyno.cli.logs.follow import after_history, tail_batches
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import make_reading
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.heroku.api.call_budget import CallBudget
from herodyno.heroku.api.side_by_side import CALLS_AT_ONCE
from herodyno.heroku.which_apps import SelectedApp
from herodyno.logs.events import LogLine
from herodyno.logs.query.interleaving import last_lines
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary, Reading

# Batches in the queue. When the reader of stdout stops, the queue fills, the tails stop reading and TCP slows Heroku.
_MOST_BATCHES = 64
_STOP_CHECK = 0.2  # seconds between two checks whether the reader of a full queue has gone


class HistoryOver(NamedTuple):
    """All that Heroku had kept of the app's log has come: the last lines of it that are wanted."""

    items: Sequence[LogLine | Mark]


class Over(NamedTuple):
    """The app is not followed any longer: what was read of it, and the error for which; None at --until."""

    summary: LogSummary
    error: HerodynoError | None


# Selected lines and marks, a sentence for a person, or one of the turns of a tail. An exception is a fault of herodyno.
News: TypeAlias = list[LogLine | Mark] | str | HistoryOver | Over | BaseException


def of_app(name: str, items: Iterable[LogLine | Mark]) -> list[LogLine | Mark]:
    """The lines and marks with the app's name."""
    return [item._replace(app=name) for item in items]


class Tails(AbstractContextManager["Tails"]):
    """Follows each app from when it is entered until it is left. `query` is that of `logs`, for each app anew."""

    def __init__(self, session: Session, query: LogQuery, apps: Sequence[SelectedApp], budget: CallBudget) -> None:
        self._session = session
        self._query = query
        self._apps = apps
        self._calls = _Calls(budget)
        self._box: Queue[tuple[int, News]] = Queue(_MOST_BATCHES)
        self._stopped = threading.Event()

    def __enter__(self) -> Tails:
        _ = self._session.platform, self._session.log_hosts  # made here, not by several threads at once
        for place in range(len(self._apps)):
            threading.Thread(target=self._follow, args=(place,), name="herodyno-tail", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()

    def news(self, patience: float) -> Iterator[tuple[int, News]]:
        """What there is now, by the app's place; waits for the first of it, at most so many seconds."""
        ends_at = time.monotonic() + patience
        for _ in range(_MOST_BATCHES):
            try:
                yield self._box.get(timeout=max(0.0, ends_at - time.monotonic()))
            except Empty:
                return
            ends_at = 0.0

    def _follow(self, place: int) -> None:
        reading = make_reading(self._session, self._query)
        try:
            self._read(place, reading)
        except HerodynoError as error:
            self._put(place, Over(reading.summary, error))
        except BaseException as error:
            self._put(place, error)
        else:
            self._put(place, Over(reading.summary, None))

    def _read(self, place: int, reading: Reading) -> None:
        session, query = self._session, self._query
        name, known = self._apps[place]
        with self._calls:
            generation = (known or session.platform.app(name)).generation
        if generation == "fir":
            self._put(place, "is on Fir, which keeps no log: only new lines are shown")
        held: list[LogLine | Mark] | None = []

        def end_history() -> None:
            nonlocal held
            self._put(place, HistoryOver(held or ()))
            held = None

        def note(text: str) -> None:
            self._put(place, text)

        with session.tail(name, generation=generation, note=note, calls=self._calls) as tail:
            batches = tail_batches(tail, until=query.selection.until, session=session)
            try:
                for batch in after_history(batches, deque(maxlen=0), end_history, session.now()):
                    shown = of_app(name, reading.take(batch))
                    if held is not None:
                        held = list(last_lines([*held, *shown], query.max_lines))
                    elif shown:
                        self._put(place, shown)
                    if self._stopped.is_set():
                        return
            finally:
                if held is not None:
                    end_history()
                self._put(place, of_app(name, reading.rest()))

    def _put(self, place: int, news: News) -> None:
        while not self._stopped.is_set():
            try:
                self._box.put((place, news), timeout=_STOP_CHECK)
            except Full:
                continue
            return


class _Calls(AbstractContextManager[None]):
    """Entered around each API call: only some at a time, and within what the account has left."""

    def __init__(self, budget: CallBudget) -> None:
        self._budget = budget
        self._slots = threading.BoundedSemaphore(CALLS_AT_ONCE)

    def __enter__(self) -> None:
        self._slots.acquire()
        self._budget.take(1)

    def __exit__(self, *_: object) -> None:
        self._budget.give_back(1)
        self._slots.release()
