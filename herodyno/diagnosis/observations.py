"""What a diagnosis is made from: the facts counted in the log, the timeline, and what the API said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from herodyno.diagnosis.counting.facts import Facts, IncarnationFacts
from herodyno.diagnosis.quantity import Quantity, Seen, quantity_before_zero, quantity_of
from herodyno.diagnosis.releases import CELLS_BEFORE, known_releases, release_before, were_asked
from herodyno.diagnosis.scope import EVERYTHING, Scope
from herodyno.diagnosis.statistics.over_quota import FRESH_SECONDS
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.timeline.incarnations import Incarnation, moment
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.diagnosis.used import TypeUse
from herodyno.dynos import CLOCKS_DIFFER, ONE_OFF_TYPES, App, Dyno, DynoSize, Formation, Release
from herodyno.logs.events import ApiAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the log came from. `kind` is "log-session", "file", "stdin", "archive" or "bundle".

    `cap` is the most lines that such a source can hold, None for a file. `complete` is False when the stream
    broke off. `failure` says why there is no log at all, "" for a log that could be had; `next_step` what to type then.
    `of` is the kind that a bundle was made of: it says what was said then.
    """

    kind: str
    cap: int | None = None
    complete: bool = True
    failure: str = ""
    next_step: str = ""
    of: str = ""


# What a sentence calls the log of a source.
_LOGS = {"file": "this file", "stdin": "this file", "archive": "this archive", "log-session": "this log session"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """The input of the verdict.

    `at` is when the diagnosis is made (aware UTC). `zone` is the reader's, for times inside sentences. `dynos`
    and `formation` are None when the API was not asked. `remarks` are sentences about how the log was read
    ("the log was interrupted once"). The report lists them among its limits. `size_told` is the advice on the
    size of a type that used so much, "" where there is none.
    """

    app: App
    at: datetime
    source: Source
    times: Timeline
    facts: Facts
    dynos: Sequence[Dyno] | None = None
    formation: Sequence[Formation] | None = None
    releases: Sequence[Release] = ()
    sizes: Sequence[DynoSize] = ()
    actions: Sequence[ApiAction] = ()
    zone: tzinfo = UTC
    api_calls: int = 0
    rate_limit_remaining: int | None = None
    scope: Scope = EVERYTHING
    remarks: Sequence[str] = ()
    size_told: Callable[[TypeUse], str] | None = None

    @property
    def start(self) -> float:
        """The time of the first line in seconds since 1970. Without a line, the time of the diagnosis."""
        return self.facts.first if self.facts.first is not None else self.now

    @property
    def end(self) -> float:
        """The time of the last line in seconds since 1970. Without a line, the time of the diagnosis."""
        return self.facts.last if self.facts.last is not None else self.now

    @property
    def seconds(self) -> float:
        """The length of the window."""
        return self.end - self.start

    @property
    def this_log(self) -> str:
        """What was judged, in a sentence: "this archive"; "this window" where only a span of it counts."""
        return (
            "this window"
            if self.scope.start or self.scope.end
            else _LOGS.get(self.source.of or self.source.kind, "this log")
        )

    @property
    def known_releases(self) -> list[Release]:
        """The releases that API and log tell of, newest first."""
        # A file is judged at its end, though the API may be asked long after. A live log may lag behind the API.
        until = (
            max(self.at, moment(self.end)) + CLOCKS_DIFFER if self.source.kind in ("file", "stdin", "archive") else None
        )
        return known_releases(self.releases, self.actions, until=until)

    @property
    def releases_were_asked(self) -> bool:
        """Whether the API's list of releases was fetched. Without it nobody can deny a release."""
        return were_asked(self.releases)

    def release_before(self, began: float, *, late: float = CELLS_BEFORE) -> Release | None:
        """The newest known release of the quarter of an hour before a time, or up to `late` seconds after it."""
        return release_before(began, self.known_releases, late=late)

    @property
    def now(self) -> float:
        """`at` in seconds since 1970."""
        return self.at.timestamp()

    @property
    def present(self) -> float:
        """The time of which a report says "is": the end of the window, or the time of asking when that is much later.

        A younger log tells of now. Its last line is some seconds old, and the reader's clock may differ from Heroku's.
        """
        is_young = self.now - self.end <= FRESH_SECONDS
        return self.end if is_young or self.scope.end is not None else self.now

    def facts_of(self, incarnation: Incarnation) -> IncarnationFacts:
        """What was counted for an incarnation. Empty facts for one without a line."""
        return self.facts.incarnations.get(incarnation.key) or IncarnationFacts()

    def incarnations(self) -> list[Incarnation]:
        """Every incarnation inside the scope, in natural order of names."""
        return [incarnation for incarnation in self.times.all_incarnations() if self.scope.has(incarnation)]

    def subjects(self, type_name: str) -> list[Subject]:
        """The incarnations of a process type, each with its span cut to the window."""
        subjects = []
        for incarnation in self.times.of_type(type_name):
            if self.scope.has(incarnation):
                born, died = incarnation.start, incarnation.end
                start = self.start if born is None else min(max(self.start, born), self.end)
                end = self.end if died is None else max(start, min(self.end, died))
                subjects.append(Subject(incarnation, self.facts_of(incarnation), start, end))
        return subjects

    def formation_types(self) -> list[str]:
        """The process types that API or log show. One-off types are left out."""
        types = {incarnation.type for incarnation in self.incarnations()} | {row.type for row in self.formation or ()}
        return sorted(types - ONE_OFF_TYPES)

    def quantity(self, type_name: str) -> Quantity:
        """How many dynos of a process type are wanted, and how that is known."""
        return quantity_of(
            type_name, self._seen(type_name), formation=self.formation, dynos=self.dynos, actions=self.actions
        )

    def quantity_before_zero(self, type_name: str) -> int | None:
        """How many dynos stood before the last scaling to zero. None when this log does not show it."""
        return quantity_before_zero(type_name, self._seen(type_name), self.actions)

    def _seen(self, type_name: str) -> list[Seen]:
        return [
            Seen(own, self.facts_of(own).last, self.is_over(own))
            for own in self.times.of_type(type_name)
            if self.scope.has(own)
        ]

    def is_over(self, incarnation: Incarnation) -> bool:
        """Whether an incarnation had ended by the end of the window, or a successor has its name by now."""
        if incarnation.end is None:
            return False
        return incarnation.end <= self.end or (self.scope.end is None and self.successor(incarnation) is not None)

    def is_replaced(self, incarnation: Incarnation) -> bool:
        """Whether a restart by name would hit another incarnation. With preboot the successor may already run."""
        return self.is_over(incarnation) or self.successor(incarnation) is not None

    def successor(self, incarnation: Incarnation) -> Incarnation | None:
        """The next incarnation under the same name, if any."""
        own = self.times.incarnations.get(incarnation.dyno, ())
        return own[incarnation.number + 1] if incarnation.number + 1 < len(own) else None
