"""An archive that a server reads: `events` in front of each query, a limit on time, and clear words for each failure.

Nothing is made on the server: `events` is a WITH of the query itself.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, NamedTuple, Protocol, TypeVar

from herodyno.archive.engines.engine import Relation, with_values
from herodyno.archive.engines.shape import require_columns, require_versions
from herodyno.archive.engines.url import PASSWORD
from herodyno.archive.parquet.tables import Batch
from herodyno.errors import HerodynoError, NotAuthenticated, NotFound, Refused, Unreachable
from herodyno.units import US_PER_DAY, days_to, iso_day

_T = TypeVar("_T")
_WITH = re.compile(r"\s*WITH\b\s*", re.IGNORECASE)

_LEAVE_SECONDS = 3.0  # ours: for a query to end once it was told to
_TOLD_SECONDS = 1.0
_DAYS = """
SELECT DISTINCT CAST(floor(ts_us / 8.64e10) AS BIGINT) AS day FROM events
WHERE ts_us >= $first_us AND ts_us <= $last_us ORDER BY day
"""

# What to do about what failed, where it is a server's own.
NEXT_STEPS = {"password": f"put it into {PASSWORD}", "events": "--archive is a path on the server"}


class Limits(NamedTuple):
    """How long a query may keep its asker waiting, and who is told each second how long one has done so."""

    seconds: float = 600.0
    told: Callable[[float], object] = lambda _: None
    clock: Callable[[], float] = time.monotonic


class Client(Protocol):
    """A connection to a server. `name` is the server for people, `path` that of an archive's folder, or "". `table` is
    what `events` is there."""

    name: str
    path: str
    table: str
    has_escapes: bool  # a backslash in a literal begins an escape
    events: str  # "events AS", as WITH says it
    next_steps: Mapping[str, str]  # for "password" and "events" of `kind_of`
    versions: str  # a query for the versions of a folder's files, or "" where that costs too much

    @property
    def relation(self) -> Callable[[Relation], str] | None:
        """How `(VALUES $name)` is written where there is a faster way."""

    def columns(self, text: str) -> dict[str, str]:
        """The columns of an answer, each with its type as the server says it."""

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""

    def batches(self, text: str) -> Iterator[Batch]:
        """An answer some rows at a time."""

    def cancel(self) -> None:
        """End what runs, from another thread, where the server can."""

    def kind_of(self, error: BaseException) -> str:
        """What failed: "down", "slow", "password", "events", "column", "memory", or "" for anything else."""

    def close(self) -> None:
        """Leave."""


class Server:
    """The port's engine over a client."""

    most_values = 20_000  # they are part of the text

    def __init__(self, client: Client, limits: Limits, bounds: str) -> None:
        self._client, self._limits, self._bounds = client, limits, bounds

    def columns(self) -> dict[str, str]:
        """The columns of `events`, each with its type as the server says it."""
        text = self._text("SELECT * FROM events LIMIT 0", {})
        return self._asked(lambda: self._client.columns(text))

    def versions(self) -> list[str]:
        """The versions that files of a folder say they are of, where it is cheap to ask."""
        text = self._client.versions
        return [version for (version,) in self._asked(lambda: self._client.rows(text))] if text else []

    def rows(self, text: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of an answer that is small."""
        whole = self._text(text, values)
        return self._asked(lambda: [tuple(row) for row in self._client.rows(whole)])

    def batches(self, text: str, **values: Any) -> Iterator[Batch]:
        """An answer of any size, some rows at a time. What is done between them does not count for the limit."""
        whole, waited = self._text(text, values), 0.0

        def timed(ask: Callable[[], _T]) -> _T:
            nonlocal waited
            began = self._limits.clock()
            answer = self._asked(ask, waited)
            waited += self._limits.clock() - began
            return answer

        found = timed(lambda: iter(self._client.batches(whole)))
        while (batch := timed(lambda: next(found, None))) is not None:
            yield batch

    def _text(self, text: str, values: dict[str, Any]) -> str:
        client = self._client
        rest = with_values(text, values, has_escapes=client.has_escapes, relation=client.relation)
        found = _WITH.match(rest)
        view = f"WITH {client.events} (SELECT * FROM {client.table}{self._bounds})"  # noqa: S608
        return f"{view}, {rest[found.end() :]}" if found else f"{view} {rest}"

    def _asked(self, ask: Callable[[], _T], waited: float = 0.0) -> _T:
        return asked(ask, self._client, self._limits, waited)


class ServerArchive:
    """The archive that a client's `events` is."""

    def __init__(self, client: Client, limits: Limits) -> None:
        self.root = client.path or client.name
        self._client, self._limits = client, limits

    def require(self) -> None:
        """Raise Refused when `events` is not of a shape that is known, and what a server that is not there is."""
        with self.over() as found:
            require_versions(self._client.name, self._client.path, found.versions())
            require_columns(self._client.name, self._client.path, found.columns())

    def over(self, first: str = "", last: str = "~") -> AbstractContextManager[Server]:
        """The engine. The days choose files of a folder, and times of a table."""
        if not first:
            bounds = ""
        elif self._client.path:
            bounds = f" WHERE day >= '{first}' AND day <= '{last}'"
        else:
            begin, end = days_to(first) * US_PER_DAY, (days_to(last) + 1) * US_PER_DAY
            bounds = f" WHERE ts_us >= {begin} AND ts_us < {end}"
        return nullcontext(Server(self._client, self._limits, bounds))

    def each_day(self, first_us: int, last_us: int) -> Iterator[tuple[str, Server]]:
        """The days from one time to another that have lines, oldest first, and an engine over each."""
        with self.over() as found:
            days = [iso_day(day) for (day,) in found.rows(_DAYS, first_us=first_us, last_us=last_us)]
        for day in days:
            with self.over(day, day) as found:
                yield day, found

    def listed(self, app: str, *, until_us: int) -> tuple[()]:
        """A server keeps no lists."""
        return ()

    def version(self, day: str) -> None:
        """Nobody can tell."""


def asked(ask: Callable[[], _T], client: Client, limits: Limits, waited: float) -> _T:
    """The answer, from a thread that is left behind if it does not end. Ctrl-C and the limit end the query.

    `waited` is how many seconds went by for earlier parts of the same answer.
    """
    outcome: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put((ask(), None))
        except BaseException as error:  # a library that ends the process would end this thread, and nobody would hear
            outcome.put((None, error))

    began = limits.clock() - waited
    try:
        threading.Thread(target=work, name=client.name, daemon=True).start()
        while True:
            try:
                answer, error = outcome.get(timeout=max(0.0, min(_TOLD_SECONDS, limits.seconds - waited)))
                break
            except queue.Empty:
                waited = limits.clock() - began
                if waited >= limits.seconds:
                    raise Unreachable(
                        f"{client.name} did not answer within {limits.seconds:g} s",
                        next_step="ask for less with --since, or wait longer: --engine-timeout 30m",
                    ) from None
                limits.told(waited)
    except BaseException:
        threading.Thread(target=_quietly, args=(client.cancel,), daemon=True).start()
        with suppress(queue.Empty):
            outcome.get(timeout=_LEAVE_SECONDS)
        raise
    if error is not None:
        raise failure(client, error) from None
    return answer  # type: ignore[return-value] # one of the two is there


def _quietly(cancel: Callable[[], None]) -> None:
    with suppress(Exception):
        cancel()


def failure(client: Client, error: BaseException) -> HerodynoError:
    """An error of a client's library as one line."""
    if isinstance(error, HerodynoError):
        return error
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    match client.kind_of(error):
        case "down":
            return Unreachable(
                f"{client.name} is not there: {said}", next_step="does it run, and does it listen there?"
            )
        case "slow":
            return Unreachable(f"{client.name} gave up: {said}", next_step="wait longer: --engine-timeout 30m")
        case "password":
            return NotAuthenticated(
                f"{client.name} refused the password or token", next_step=client.next_steps["password"]
            )
        case "events":
            return NotFound(f"{client.name} finds no `events`: {said}", next_step=client.next_steps["events"])
        case "column":
            return Refused(f"{client.name}: {said}", next_step='the columns stand in the README, "Other engines"')
        case "memory":
            return Refused(f"{client.name} has too little memory: {said}", next_step="ask for less with --since")
    return Refused(f"{client.name} refused the query: {said}")
