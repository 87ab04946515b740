"""All numbers of a case, reckoned once: every life assessed against its peers, its memory, its place in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.statistics.latency import Slowness, slowness
from herodyno.diagnosis.statistics.memory import TrendFacts, forecast, quota_from_mark, trend
from herodyno.diagnosis.statistics.onset import Onset, onset
from herodyno.diagnosis.statistics.outliers import Assessment, assess
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.dynos import CYCLE_EARLIEST, CYCLE_LATEST, ONE_OFF_TYPES, memory_mb_in_name


class IncarnationAnalysis(NamedTuple):
    """One life with all that was reckoned of it. `cycle` and `eta` are (earliest, latest) in seconds, or None.
    A life out of focus is compared with, and neither accused nor shown."""

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


class TypeAnalysis(NamedTuple):
    """One process type: its lives, its requests and server errors (ambiguous ones too), when errors began."""

    name: str
    dynos: list[IncarnationAnalysis]
    requests: int
    errors: int
    events: int
    by_code: dict[str, int]
    onset: Onset | None
    names: list[str]

    @property
    def served(self) -> set[str]:
        """The names of the dynos that were sent requests. Others, spares or not yet up, say nothing about failing."""
        return {dyno.incarnation.dyno for dyno in self.dynos if dyno.facts.requests}

    @property
    def unplaced(self) -> int:
        """Errors of requests that two dynos of one name could have served."""
        return self.errors - sum(dyno.facts.errors.n for dyno in self.dynos)

    @property
    def errors_began(self) -> float | None:
        """When more requests began to fail: the first error in the cell (of half a minute) that the cut found."""
        if self.onset is None:
            return None
        starts = (start for dyno in self.dynos for spans in dyno.facts.errors.bursts.values() for start, _ in spans)
        return min((start for start in starts if start >= self.onset.seconds), default=self.onset.seconds)

    @property
    def outliers(self) -> list[IncarnationAnalysis]:
        """The lives that pass all rules, worst first."""
        guilty = [dyno for dyno in self.dynos if dyno.assessment.standing == "outlier"]
        return sorted(guilty, key=lambda s: (-s.facts.errors.n, s.incarnation.key))

    @property
    def acquitted_by_episodes(self) -> list[IncarnationAnalysis]:
        """The lives that only the count of moments acquits: they failed much, and all at one time or a few."""
        return [dyno for dyno in self.dynos if dyno.assessment.episodes]

    def without(self, dynos: Sequence[IncarnationAnalysis]) -> TypeAnalysis:
        """What is left of the type without some lives. When errors began is told of the whole, so not of the rest."""
        left_out = {dyno.incarnation.key for dyno in dynos}
        return self._replace(
            dynos=[dyno for dyno in self.dynos if dyno.incarnation.key not in left_out],
            requests=self.requests - sum(dyno.facts.requests for dyno in dynos),
            errors=self.errors - sum(dyno.facts.errors.n for dyno in dynos),
            events=self.events - sum(dyno.facts.errors.events() for dyno in dynos),
            onset=None if dynos else self.onset,
        )

    @property
    def assessed(self) -> list[IncarnationAnalysis]:
        """The lives that could be judged."""
        return [dyno for dyno in self.dynos if dyno.assessment.standing != "not_assessed"]

    @property
    def running(self) -> list[IncarnationAnalysis]:
        """The lives that had not ended by the end of the window."""
        return [dyno for dyno in self.dynos if not dyno.over]


class Analysis(NamedTuple):
    """The whole case in numbers."""

    observations: Observations
    types: dict[str, TypeAnalysis]
    one_offs: list[IncarnationAnalysis]

    def dynos(self) -> list[IncarnationAnalysis]:
        """Every life of every formation type."""
        return [dyno for name in self.types for dyno in self.types[name].dynos]


def analyse(observations: Observations) -> Analysis:
    """Reckon everything."""
    types = {name: _analyse_type(observations, name) for name in observations.formation_types()}
    one_offs = [
        _analyse_incarnation(observations, subject, {}, {})
        for kind in sorted(ONE_OFF_TYPES)
        for subject in observations.subjects(kind)
    ]
    return Analysis(observations, types, one_offs)


def _analyse_type(observations: Observations, name: str) -> TypeAnalysis:
    subjects = observations.subjects(name)
    assessments, slow = assess(subjects), slowness(subjects)
    dynos = [_analyse_incarnation(observations, subject, assessments, slow) for subject in subjects]
    by_code: dict[str, int] = {}
    ambiguous = observations.facts.ambiguous_errors.get(name)
    for errors in [dyno.facts.errors for dyno in dynos] + ([ambiguous] if ambiguous else []):
        for code, n in errors.by_code.items():
            by_code[code] = by_code.get(code, 0) + n
    grid = observations.facts.types.get(name)
    return TypeAnalysis(
        name=name,
        dynos=dynos,
        requests=sum(dyno.facts.requests for dyno in dynos) + observations.facts.ambiguous_requests.get(name, 0),
        errors=sum(by_code.values()),
        events=sum(dyno.facts.errors.events() for dyno in dynos) + (ambiguous.events() if ambiguous else 0),
        by_code=by_code,
        onset=onset(grid) if grid else None,
        names=sorted({dyno.incarnation.dyno for dyno in dynos}),
    )


def _analyse_incarnation(
    observations: Observations,
    subject: Subject,
    assessments: dict[IncarnationKey, Assessment],
    slow: dict[IncarnationKey, Slowness],
) -> IncarnationAnalysis:
    dyno, facts = subject.incarnation, subject.facts
    quota, source = _quota(observations, dyno, facts)
    told = trend(facts.memory, quota)
    over = observations.is_over(dyno)
    cycle = None
    if (
        dyno.start is not None
        and not over
        and observations.app.generation == "cedar"
        and dyno.type not in ONE_OFF_TYPES
    ):
        cycle = (dyno.start + CYCLE_EARLIEST.total_seconds(), dyno.start + CYCLE_LATEST.total_seconds())
    return IncarnationAnalysis(
        incarnation=dyno,
        facts=facts,
        subject=subject,
        assessment=assessments.get(dyno.key, Assessment("not_assessed", "one-off dynos have no peers")),
        slowness=slow.get(dyno.key, Slowness(False, False, None, None, None, "one-off dynos have no peers")),
        quota_mb=quota,
        quota_source=source,
        trend=told,
        cycle=cycle,
        eta=None if over else forecast(told, quota, cycle),
        over=over,
        in_focus=observations.scope.shows(dyno),
    )


def _quota(observations: Observations, dyno: Incarnation, facts: IncarnationFacts) -> tuple[float | None, str]:
    """The memory quota in MB and where it is known from, best first."""
    if facts.memory.quota_mb is not None:
        return (facts.memory.quota_mb, "sample")
    for size in observations.sizes:
        if dyno.size and size.name.casefold() == dyno.size.casefold() and size.memory_mb is not None:
            return (size.memory_mb, "size")
    if (in_name := memory_mb_in_name(dyno.size)) is not None:
        return (in_name, "size")
    for _, mem_mb, mark in reversed(facts.marks):
        if (quota := quota_from_mark(mem_mb, mark)) is not None:
            return (quota, "mem line")
    return (None, "unknown")
