"""Every number of a diagnosis, computed once: each dyno against its peers, its memory, its daily cycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.quantity import Quantity
from herodyno.diagnosis.statistics.forecast import forecast
from herodyno.diagnosis.statistics.latency import Slowness, slowness
from herodyno.diagnosis.statistics.memory import Level, newest_level, quota_from_mark
from herodyno.diagnosis.statistics.onset import Onset, onset
from herodyno.diagnosis.statistics.outliers import Assessment, assess
from herodyno.diagnosis.statistics.own_tense import tense_at, tense_before_all_failed
from herodyno.diagnosis.statistics.peers import Subject, all_peers
from herodyno.diagnosis.statistics.raising import as_raising, assess_raising
from herodyno.diagnosis.statistics.starting import tense_of
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense, after_its_end, seen_at, tense
from herodyno.diagnosis.statistics.trend import TrendFacts, trend
from herodyno.diagnosis.statistics.two_troubles import TwoTroubles, judged_in_parts, two_troubles
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.dynos import ONE_OFF_TYPES, memory_mb_in_name
from herodyno.heroku_facts import CYCLE_INTERVAL_SECONDS, CYCLE_SPREAD_SECONDS
from herodyno.logs.codes.table import CODES

_NO_PEERS = "one-off dynos have no peers"


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
    which the second came after the first was over.
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
    def state_codes(self) -> dict[str, int]:
        """The requests that the router answered in place of the app, by code of kind "state"."""
        found: dict[str, int] = {}
        for codes in (self.observations.facts.no_dyno_codes, *(dyno.facts.codes for dyno in self.dynos())):
            for code, n in codes.items():
                if code in CODES and CODES[code].kind == "state":
                    found[code] = found.get(code, 0) + n
        return found


def analyse(observations: Observations) -> Analysis:
    """Compute every number. The same observations give the same analysis."""
    types = {name: _analyse_type(observations, name) for name in observations.formation_types()}
    one_offs = [
        _analyse_incarnation(observations, subject, {}, {}, subject)
        for name in sorted(ONE_OFF_TYPES)
        for subject in observations.subjects(name)
    ]
    return Analysis(observations, types, one_offs)


def _analyse_type(observations: Observations, name: str) -> TypeAnalysis:
    facts = observations.facts
    subjects = observations.subjects(name)
    raising = as_raising(subjects)
    peers = all_peers(subjects)
    assessments, slow = assess_raising(raising) if raising else assess(subjects, peers), slowness(subjects, peers)
    ambiguous, grid = facts.ambiguous_errors.get(name), facts.types.get(name)
    failed = [subject.facts.errors for subject in subjects] + ([ambiguous] if ambiguous else [])
    episodes = [spans for errors in failed for spans in errors.episodes.values()]
    events = sum(errors.events() for errors in failed)
    troubles = two_troubles(grid, episodes, events) if grid else None
    if troubles and not raising:
        assessments = judged_in_parts(assessments, subjects, troubles.second)
    dynos = [
        _analyse_incarnation(observations, subject, assessments, slow, judged)
        for subject, judged in zip(subjects, raising or subjects, strict=True)
    ]
    dynos = _with_own_tense(dynos, raising or subjects)
    by_code: dict[str, int] = {}
    for errors in failed:
        for code, n in errors.by_code.items():
            by_code[code] = by_code.get(code, 0) + n
    began = onset(grid) if grid else None
    told = tense(grid, episodes, observations.end, began.seconds if began else -inf) if grid else NEVER_FAILED
    if grid and began is None and told.ended_at is not None:
        began = onset(grid.before(told.ended_at))
    return TypeAnalysis(
        name=name,
        dynos=dynos,
        requests=sum(dyno.facts.requests for dyno in dynos) + facts.ambiguous_requests.get(name, 0),
        errors=sum(by_code.values()),
        events=events,
        by_code=by_code,
        onset=began,
        names=sorted({dyno.name for dyno in dynos}),
        quantity=observations.quantity(name),
        tense=seen_at(told, observations.present),
        troubles=troubles,
    )


def _analyse_incarnation(
    observations: Observations,
    subject: Subject,
    assessments: dict[IncarnationKey, Assessment],
    slow: dict[IncarnationKey, Slowness],
    judged: Subject,
) -> IncarnationAnalysis:
    """`judged` is the subject with what it was judged by: requests, or a worker's time and exceptions."""
    incarnation, facts = subject.incarnation, subject.facts
    quota, source = _quota(observations, incarnation, facts)
    memory_trend = trend(facts.memory, quota)
    over = observations.is_over(incarnation)
    cycle = None if over else _daily_cycle(observations, incarnation)
    return IncarnationAnalysis(
        incarnation=incarnation,
        facts=facts,
        subject=subject,
        assessment=assessments.get(incarnation.key, Assessment("not_assessed", _NO_PEERS)),
        slowness=slow.get(incarnation.key, Slowness(False, False, None, None, None, _NO_PEERS)),
        quota_mb=quota,
        quota_source=source,
        trend=memory_trend,
        cycle=cycle,
        eta=None if over else forecast(memory_trend, facts.memory, quota, cycle),
        over=over,
        in_focus=observations.scope.shows(incarnation),
        tense=_tense(judged, observations, over=over),
    )


def _with_own_tense(dynos: list[IncarnationAnalysis], judged: Sequence[Subject]) -> list[IncarnationAnalysis]:
    """A dyno that stands out may have recovered before all dynos failed."""
    accused = {dyno.key for dyno in dynos if dyno.assessment.standing == "outlier"}
    others = [subject for subject in judged if subject.incarnation.key not in accused]
    return [
        dyno._replace(tense=_own_tense(dyno, subject, others))
        if dyno.key in accused and dyno.tense.ongoing is not False
        else dyno
        for dyno, subject in zip(dynos, judged, strict=True)
    ]


def _own_tense(dyno: IncarnationAnalysis, subject: Subject, others: Sequence[Subject]) -> Tense:
    if dyno.assessment.part is not None and dyno.assessment.part[1] < inf:
        return tense_at(subject.facts.grid, list(subject.facts.errors.episodes.values()), dyno.assessment.part[1])
    return tense_before_all_failed(subject, others) or dyno.tense


def _tense(subject: Subject, observations: Observations, *, over: bool) -> Tense:
    """Whether its errors go on. On a dyno that has ended they do not."""
    told = tense_of(subject)
    return after_its_end(told) if over else seen_at(told, observations.present)


def _daily_cycle(observations: Observations, incarnation: Incarnation) -> tuple[float, float] | None:
    """When Heroku restarts a dyno for its age. Only dynos of Cedar's formation are, not one-off dynos."""
    if incarnation.start is None or observations.app.generation != "cedar" or incarnation.type in ONE_OFF_TYPES:
        return None
    earliest = incarnation.start + CYCLE_INTERVAL_SECONDS
    return (earliest, earliest + CYCLE_SPREAD_SECONDS)


def _quota(observations: Observations, incarnation: Incarnation, facts: IncarnationFacts) -> tuple[float | None, str]:
    """(memory quota in MB, where it is known from). The best source that has it: sample, size, "mem=" line."""
    if facts.memory.quota_mb is not None:
        return (facts.memory.quota_mb, "sample")
    for size in observations.sizes:
        if incarnation.size and size.name.casefold() == incarnation.size.casefold() and size.memory_mb is not None:
            return (size.memory_mb, "size")
    if (in_name := memory_mb_in_name(incarnation.size)) is not None:
        return (in_name, "size")
    for mark in reversed(facts.marks):
        if (quota := quota_from_mark(mark.mem_mb, mark.percent)) is not None:
            return (quota, "mem line")
    return (None, "unknown")
