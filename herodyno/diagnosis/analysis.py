"""The numbers of a diagnosis as claims and sections read them: of a dyno, of a process type, of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.quantity import Quantity
from herodyno.diagnosis.statistics.growth.by_age import GrowthByAge
from herodyno.diagnosis.statistics.latency.slowness import Slowness
from herodyno.diagnosis.statistics.memory import Level, newest_level
from herodyno.diagnosis.statistics.onset import Onset
from herodyno.diagnosis.statistics.outliers import Assessment
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense
from herodyno.diagnosis.statistics.trend import TrendFacts
from herodyno.diagnosis.statistics.two_troubles import TwoTroubles
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.logs.codes.table import CODES


class Asked(NamedTuple):
    """The requests, and the server errors among them. `without_dyno` are the errors whose lines name no dyno."""

    requests: int
    errors: int
    without_dyno: int
    by_code: Counter[str]


class IncarnationAnalysis(NamedTuple):
    """One dyno, from its start to its end, with every number computed for it.

    A dyno of a type without requests is assessed by its exceptions, where the type has any (statistics/raising.py).

    `cycle` is when Heroku restarts the dyno for its age, `eta` when it passes its quota: (earliest, latest)
    in seconds since 1970, or None. `over`: it had ended by the end of the window. A dyno out of focus serves
    as a peer. It is neither accused nor shown. `tense` is whether its errors go on.
    """

    incarnation: Incarnation
    facts: IncarnationFacts
    subject: Subject
    assessment: Assessment
    slowness: Slowness
    quota_mb: float | None
    quota_source: str
    trend: TrendFacts
    cycle: tuple[float, float] | None
    eta: tuple[float, float] | None
    over: bool
    in_focus: bool = True
    tense: Tense = NEVER_FAILED

    @property
    def name(self) -> str:
        """The dyno's name, which its successor takes over: "web.2"."""
        return self.incarnation.dyno

    @property
    def id(self) -> str | None:
        """The dyno's own id, None when neither API nor log gives one."""
        return self.incarnation.id

    @property
    def level(self) -> Level | None:
        """The newest memory level, None when no line tells it."""
        return newest_level(self.facts, self.quota_mb)

    @property
    def key(self) -> IncarnationKey:
        """(name, number of the incarnation under that name)."""
        return self.incarnation.key


class TypeAnalysis(NamedTuple):
    """One process type. `requests` and `errors` include those that two dynos of one name could have served.

    `events` are the errors with each burst counted once. `names` are the names of all its dynos. `quantity` is how many
    of them are wanted, as far as that is known. `tense` is whether the errors of the type go on. `troubles` are two, of
    which the second came after the first was over. `by_age` are the names whose dynos grew one after the other.
    """

    name: str
    dynos: list[IncarnationAnalysis]
    requests: int
    errors: int
    events: int
    by_code: dict[str, int]
    onset: Onset | None
    names: list[str]
    quantity: Quantity
    tense: Tense = NEVER_FAILED
    troubles: TwoTroubles | None = None
    by_age: tuple[GrowthByAge, ...] = ()

    @property
    def served(self) -> set[str]:
        """The names of the dynos that were sent requests. A dyno without requests says nothing about failing."""
        return {dyno.name for dyno in self.dynos if dyno.facts.requests}

    @property
    def unplaced(self) -> int:
        """Errors of requests that two dynos of one name could have served."""
        return self.errors - sum(dyno.facts.errors.n for dyno in self.dynos)

    @property
    def errors_began(self) -> float | None:
        """When more requests began to fail: the first error in the half minute that `onset` found."""
        if self.onset is None:
            return None
        starts = (start for dyno in self.dynos for spans in dyno.facts.errors.episodes.values() for start, _ in spans)
        return min((start for start in starts if start >= self.onset.seconds), default=self.onset.seconds)

    @property
    def outliers(self) -> list[IncarnationAnalysis]:
        """The dynos whose errors stand out by all rules, worst first."""
        outliers = [dyno for dyno in self.dynos if dyno.assessment.standing == "outlier"]
        return sorted(outliers, key=lambda dyno: (-dyno.facts.errors.n, dyno.key))

    @property
    def failing(self) -> tuple[float, float]:
        """From when to when it failed, in seconds since 1970, without odd errors before its onset or after its end."""
        firsts = [dyno.facts.errors.first for dyno in self.dynos]
        began = self.errors_began or min((first for first in firsts if first is not None), default=-inf)
        return (began, inf if self.tense.ended_at is None else self.tense.ended_at)

    @property
    def touched(self) -> list[IncarnationAnalysis]:
        """The dynos that failed then."""
        began, ended = self.failing
        return [dyno for dyno in self.dynos if dyno.facts.errors.touches(began, ended)]

    @property
    def exposed(self) -> list[IncarnationAnalysis]:
        """The dynos that failed then, or served while others failed: if all were alike, these would have failed too."""
        touched = {dyno.key for dyno in self.touched}
        return [dyno for dyno in self.dynos if dyno.key in touched or dyno.assessment.evenness.due >= 1]

    @property
    def apart(self) -> list[IncarnationAnalysis]:
        """The dynos that fail three times as often as their peers, accused or not."""
        return [dyno for dyno in self.dynos if dyno.assessment.evenness.apart]

    @property
    def uneven(self) -> list[IncarnationAnalysis]:
        """The dynos that fail more often than their peers, beyond chance."""
        return [dyno for dyno in self.dynos if dyno.assessment.evenness.uneven]

    @property
    def spared(self) -> list[IncarnationAnalysis]:
        """The dynos that hardly fail while their peers do."""
        return [dyno for dyno in self.exposed if dyno.assessment.evenness.spared]

    def without(self, dynos: Sequence[IncarnationAnalysis]) -> TypeAnalysis:
        """The type without some dynos. `onset` holds for the whole type, so a part of it has none."""
        left_out = {dyno.key for dyno in dynos}
        return self._replace(
            dynos=[dyno for dyno in self.dynos if dyno.key not in left_out],
            requests=self.requests - sum(dyno.facts.requests for dyno in dynos),
            errors=self.errors - sum(dyno.facts.errors.n for dyno in dynos),
            events=self.events - sum(dyno.facts.errors.events() for dyno in dynos),
            by_code=self._codes_without(dynos),
            onset=None if dynos else self.onset,
        )

    def _codes_without(self, dynos: Sequence[IncarnationAnalysis]) -> dict[str, int]:
        codes = Counter(self.by_code)
        for dyno in dynos:
            codes.subtract(dyno.facts.errors.by_code)
        return {code: n for code, n in codes.items() if n > 0}

    @property
    def assessed(self) -> list[IncarnationAnalysis]:
        """The dynos with enough requests, and enough of their peers', to be judged."""
        return [dyno for dyno in self.dynos if dyno.assessment.standing != "not_assessed"]

    @property
    def running(self) -> list[IncarnationAnalysis]:
        """The dynos that had not ended by the end of the window."""
        return [dyno for dyno in self.dynos if not dyno.over]


class Analysis(NamedTuple):
    """The observations and every number computed from them. `types` is by process type, one-off types left out."""

    observations: Observations
    types: dict[str, TypeAnalysis]
    one_offs: list[IncarnationAnalysis]

    def dynos(self) -> list[IncarnationAnalysis]:
        """Every dyno of every process type of the formation."""
        return [dyno for name in self.types for dyno in self.types[name].dynos]

    def every_dyno(self) -> list[IncarnationAnalysis]:
        """Those, and the one-off dynos."""
        return [*self.dynos(), *self.one_offs]

    @property
    def asked(self) -> Asked:
        """All requests of the log that counts, those that name no dyno too. Of dynos in focus: theirs alone."""
        facts = self.observations.facts
        if self.observations.scope.focus:
            own = [dyno.facts for dyno in self.dynos() if dyno.in_focus]
            codes = sum((Counter(each.errors.by_code) for each in own), Counter[str]())
            return Asked(sum(each.requests for each in own), codes.total(), 0, codes)
        codes = Counter(facts.no_dyno.by_code)
        for process_type in self.types.values():
            codes.update(process_type.by_code)
        return Asked(facts.router_lines, codes.total(), facts.no_dyno.n, codes)

    @property
    def state_codes(self) -> dict[str, int]:
        """The requests that the router answered in place of the app, by code of kind "state"."""
        found: dict[str, int] = {}
        for codes in (self.observations.facts.no_dyno_codes, *(dyno.facts.codes for dyno in self.dynos())):
            for code, n in codes.items():
                if code in CODES and CODES[code].kind == "state":
                    found[code] = found.get(code, 0) + n
        return found
