"""Everything a verdict is reached from: the facts, the timeline, what the API said, and when it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from herodyno.diagnosis.counting.facts import Facts, IncarnationFacts
from herodyno.diagnosis.scope import EVERYTHING, Scope
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import ONE_OFF_TYPES, App, Dyno, DynoSize, Formation, Release
from herodyno.logs.events import ApiAction

SESSION_CAP = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the log came from: "log-session", "file", "stdin", "archive", "bundle". `cap` is the most lines it can
    hold (1,500 for a log session), None for a file. `complete` is False when the stream broke off."""

    kind: str
    cap: int | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """The input of the verdict. `dynos` and `formation` are None when the API was not asked.

    `at` is when the diagnosis is made (aware UTC), `zone` the reader's time zone for sentences.
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
    """Sentences about how the log was had ("the log was interrupted once"), told among the limits."""

    @property
    def start(self) -> float:
        """The window's first moment, seconds since 1970; the time of asking when there is no line."""
        return self.facts.first if self.facts.first is not None else self.at.timestamp()

    @property
    def end(self) -> float:
        """The window's last moment."""
        return self.facts.last if self.facts.last is not None else self.at.timestamp()

    def facts_of(self, incarnation: Incarnation) -> IncarnationFacts:
        """A life's facts; empty ones for a dyno without a line."""
        return self.facts.incarnations.get(incarnation.key) or IncarnationFacts()

    def incarnations(self) -> list[Incarnation]:
        """Every life inside the scope, in natural order."""
        return [incarnation for incarnation in self.times.all_incarnations() if self.scope.has(incarnation)]

    def subjects(self, process_type: str) -> list[Subject]:
        """The lives of a type with their spans inside the window."""
        found = []
        for incarnation in self.incarnations():
            if incarnation.type == process_type:
                start = self.start if incarnation.start is None else min(max(self.start, incarnation.start), self.end)
                end = self.end if incarnation.end is None else max(start, min(self.end, incarnation.end))
                found.append(Subject(incarnation, self.facts_of(incarnation), start, end))
        return found

    def formation_types(self) -> list[str]:
        """Process types of the formation seen in API or log, one-offs left out."""
        types = {incarnation.type for incarnation in self.incarnations()} | {row.type for row in self.formation or ()}
        return sorted(types - ONE_OFF_TYPES)

    def is_over(self, incarnation: Incarnation) -> bool:
        """Whether a life had ended by the end of the window, or another has taken its name since."""
        if incarnation.end is None:
            return False
        return incarnation.end <= self.end or (self.scope.end is None and self.successor(incarnation) is not None)

    def is_replaced(self, incarnation: Incarnation) -> bool:
        """Whether to touch the name would touch another life: with preboot, one whose successor is up already."""
        return self.is_over(incarnation) or self.successor(incarnation) is not None

    def successor(self, incarnation: Incarnation) -> Incarnation | None:
        """The next life under the same name, if any."""
        own = self.times.incarnations.get(incarnation.dyno, ())
        later = [other for other in own if other.number > incarnation.number]
        return later[0] if later else None
