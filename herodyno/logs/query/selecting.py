"""Which lines are wanted: by source and process, time, text, field, request."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from herodyno.dynos import process_type_of
from herodyno.logs.events import LogLine, RouterRequest

if TYPE_CHECKING:
    from herodyno.logs.query.filters import Condition

SOURCES = frozenset({"app", "heroku"})


class Lifetime(NamedTuple):
    """When one incarnation had the name `dyno`: from `since` to `until`, both included. None is no bound."""

    dyno: str
    since: datetime | None
    until: datetime | None


class Selection(NamedTuple):
    """What is wanted. Without any of these, every line is.

    `targets` are sources ("app", "heroku"), process names ("web.1", "router"), process types ("web") or
    "app[web.1]". One of the sources and one of the processes must fit. `without` takes the same words, and none
    may fit. A name means who speaks or of whom the router speaks; with `speaker_alone`, who speaks. One of `grep` must
    be found in the text, and none of `without_text`. All `conditions` must hold.
    `since` and `until` are bounds of time, both included. `request_id` must stand somewhere in the line.
    `lifetimes` add dynos, each in one incarnation only.
    """

    targets: Sequence[str] = ()
    without: Sequence[str] = ()
    lifetimes: Sequence[Lifetime] = ()
    grep: Sequence[re.Pattern[str]] = ()
    without_text: Sequence[re.Pattern[str]] = ()
    conditions: Sequence[Condition] = ()
    since: datetime | None = None
    until: datetime | None = None
    request_id: str = ""
    speaker_alone: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether no line is left out."""
        return self == Selection()

    @property
    def judges_lines_alone(self) -> bool:
        """Whether each line can be judged without the line before, whose source and time a line without a head has."""
        return not (self.targets or self.without or self.lifetimes or self.since or self.until)

    @property
    def needle(self) -> str:
        """A text that every wanted line holds, "" when none is known or when the line before counts, too."""
        return self.needle_of_text if self.judges_lines_alone else ""

    @property
    def needle_of_text(self) -> str:
        """A text that every wanted line holds, "" when none is known."""
        needles = [self.request_id, *(each.needle for each in self.conditions if not each.negative)]
        if len(self.grep) == 1 and not self.grep[0].flags & re.IGNORECASE:
            from herodyno.logs.query.filters import literal

            needles.append(literal(self.grep[0].pattern))
        return max(needles, key=len)

    def rules_out(self, line: bytes) -> bool:
        """Whether the bytes of a line decide, without parsing, that the line is not wanted."""
        return any(each.rules_out(line) for each in self.conditions)


class Selector:
    """Judges each line of a log, in order.

    A line without a head has the source, the process and the time of the line before. Its text is its own.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self.judges_lines_alone = selection.judges_lines_alone
        self._sources = frozenset(selection.targets) & SOURCES
        self._procs = tuple(word for word in selection.targets if word not in SOURCES)
        self._lifetimes: dict[str, list[Lifetime]] = {}
        for lifetime in selection.lifetimes:
            self._lifetimes.setdefault(lifetime.dyno, []).append(lifetime)
        self._is_narrowed = bool(self._procs or self._lifetimes)
        self._request: Callable[[LogLine], RouterRequest | None] | None = None
        if (self._is_narrowed or selection.without) and not selection.speaker_alone:
            from herodyno.logs.parsing.router_lines import router_request  # a log without filters does not need it

            self._request = router_request
        self._speaks = lru_cache(maxsize=4096)(self.fits)
        self._before = not (self._sources or self._is_narrowed or selection.since)
        if selection.conditions:
            from herodyno.logs.query.filters import (
                fulfils,
            )  # loads the parser, which a log without filters does not need

            self._fulfils = partial(fulfils, selection.conditions)

    def wants(self, line: LogLine) -> bool:
        """Whether the line is wanted."""
        it = self._selection
        if line.at is None and not line.source:
            is_wanted = self._before
        else:
            spoken_of = self._spoken_of(line) if line.proc == "router" else ""
            self._before = is_wanted = self._in_time(line, spoken_of) and self._speaks(
                line.source, line.proc, spoken_of
            )
        if not is_wanted or it.request_id not in line.raw:
            return False
        if it.grep and not any(each.search(line.text) for each in it.grep):
            return False
        if any(each.search(line.text) for each in it.without_text):
            return False
        return not it.conditions or self._fulfils(line)

    def _spoken_of(self, line: LogLine) -> str:
        """The dyno of a router line, "" for no dyno and where the words name who speaks."""
        request = self._request(line) if self._request and line.source == "heroku" else None
        return request.dyno if request else ""

    def _in_time(self, line: LogLine, spoken_of: str) -> bool:
        at, it = line.at, self._selection
        if at is None:
            return True
        if (it.since and at < it.since) or (it.until and at > it.until):
            return False
        lifetimes = self._lifetimes.get(spoken_of or line.proc)
        if lifetimes is None or any(_within(at, lifetime) for lifetime in lifetimes):
            return True
        return _is_named(self._procs, line.source, line.proc, spoken_of)

    @property
    def asks_spoken_of(self) -> bool:
        """Whether it matters of which dyno the router speaks."""
        return self._request is not None

    def fits(self, source: str, proc: str, spoken_of: str) -> bool:
        """Whether lines of a process, or of the router about a dyno, are wanted at any time."""
        if self._sources and source not in self._sources:
            return False
        is_of_id = (spoken_of or proc) in self._lifetimes
        if self._is_narrowed and not is_of_id and not _is_named(self._procs, source, proc, spoken_of):
            return False
        without = self._selection.without
        return source not in without and not _is_named(without, source, proc, spoken_of)


def _within(at: datetime, lifetime: Lifetime) -> bool:
    return (lifetime.since is None or at >= lifetime.since) and (lifetime.until is None or at <= lifetime.until)


def _is_named(words: Sequence[str], source: str, proc: str, spoken_of: str) -> bool:
    names = {proc, f"{source}[{proc}]", process_type_of(proc)}
    if spoken_of:
        names |= {spoken_of, process_type_of(spoken_of)}
    return not names.isdisjoint(words)
