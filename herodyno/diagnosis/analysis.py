"""All numbers of a case, reckoned once: every life assessed against its peers, its memory, its place in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import LifeFacts, LifeKey
from herodyno.diagnosis.observations import Case
from herodyno.diagnosis.statistics.latency import Slowness, slowness
from herodyno.diagnosis.statistics.memory import TrendFacts, forecast, quota_from_mark, trend
from herodyno.diagnosis.statistics.onset import Onset, onset
from herodyno.diagnosis.statistics.outliers import Assessment, assess
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.timeline.incarnations import Life
from herodyno.dynos import CYCLE_EARLIEST, CYCLE_LATEST, ONE_OFF_TYPES, memory_mb_in_name


class LifeStudy(NamedTuple):
    """One life with all that was reckoned of it. `cycle` and `eta` are (earliest, latest) in seconds, or None.
    A life out of focus is compared with, and neither accused nor shown."""

    life: Life
    facts: LifeFacts
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


class TypeStudy(NamedTuple):
    """One process type: its lives, its requests and server errors (ambiguous ones too), when errors began."""

    name: str
    lives: list[LifeStudy]
    requests: int
    errors: int
    events: int
    by_code: dict[str, int]
    onset: Onset | None
    names: list[str]

    @property
    def served(self) -> set[str]:
        """The names of the dynos that were sent requests. Others, spares or not yet up, say nothing about failing."""
        return {life.life.dyno for life in self.lives if life.facts.requests}

    @property
    def unplaced(self) -> int:
        """Errors of requests that two dynos of one name could have served."""
        return self.errors - sum(life.facts.errors.n for life in self.lives)

    @property
    def errors_began(self) -> float | None:
        """When more requests began to fail: the first error in the cell (of half a minute) that the cut found."""
        if self.onset is None:
            return None
        starts = (start for life in self.lives for spans in life.facts.errors.bursts.values() for start, _ in spans)
        return min((start for start in starts if start >= self.onset.seconds), default=self.onset.seconds)

    @property
    def outliers(self) -> list[LifeStudy]:
        """The lives that pass all rules, worst first."""
        guilty = [study for study in self.lives if study.assessment.standing == "outlier"]
        return sorted(guilty, key=lambda s: (-s.facts.errors.n, s.life.key))

    @property
    def momentary(self) -> list[LifeStudy]:
        """The lives that only the count of moments acquits: they failed much, and all at one time or a few."""
        return [study for study in self.lives if study.assessment.moments]

    def without(self, lives: Sequence[LifeStudy]) -> TypeStudy:
        """What is left of the type without some lives. When errors began is told of the whole, so not of the rest."""
        left_out = {life.life.key for life in lives}
        return self._replace(
            lives=[life for life in self.lives if life.life.key not in left_out],
            requests=self.requests - sum(life.facts.requests for life in lives),
            errors=self.errors - sum(life.facts.errors.n for life in lives),
            events=self.events - sum(life.facts.errors.events() for life in lives),
            onset=None if lives else self.onset,
        )

    @property
    def assessed(self) -> list[LifeStudy]:
        """The lives that could be judged."""
        return [study for study in self.lives if study.assessment.standing != "not_assessed"]

    @property
    def running(self) -> list[LifeStudy]:
        """The lives that had not ended by the end of the window."""
        return [study for study in self.lives if not study.over]


class Study(NamedTuple):
    """The whole case in numbers."""

    case: Case
    types: dict[str, TypeStudy]
    one_offs: list[LifeStudy]

    def lives(self) -> list[LifeStudy]:
        """Every life of every formation type."""
        return [life for name in self.types for life in self.types[name].lives]


def study(case: Case) -> Study:
    """Reckon everything."""
    types = {name: _study_type(case, name) for name in case.formation_types()}
    one_offs = [_study_life(case, subject, {}, {}) for kind in sorted(ONE_OFF_TYPES) for subject in case.subjects(kind)]
    return Study(case, types, one_offs)


def _study_type(case: Case, name: str) -> TypeStudy:
    subjects = case.subjects(name)
    assessments, slow = assess(subjects), slowness(subjects)
    lives = [_study_life(case, subject, assessments, slow) for subject in subjects]
    by_code: dict[str, int] = {}
    ambiguous = case.facts.ambiguous_errors.get(name)
    for errors in [study.facts.errors for study in lives] + ([ambiguous] if ambiguous else []):
        for code, n in errors.by_code.items():
            by_code[code] = by_code.get(code, 0) + n
    grid = case.facts.types.get(name)
    return TypeStudy(
        name=name,
        lives=lives,
        requests=sum(study.facts.requests for study in lives) + case.facts.ambiguous_requests.get(name, 0),
        errors=sum(by_code.values()),
        events=sum(study.facts.errors.events() for study in lives) + (ambiguous.events() if ambiguous else 0),
        by_code=by_code,
        onset=onset(grid) if grid else None,
        names=sorted({study.life.dyno for study in lives}),
    )


def _study_life(
    case: Case, subject: Subject, assessments: dict[LifeKey, Assessment], slow: dict[LifeKey, Slowness]
) -> LifeStudy:
    life, facts = subject.life, subject.facts
    quota, source = _quota(case, life, facts)
    told = trend(facts.memory, quota)
    over = case.is_over(life)
    cycle = None
    if life.start is not None and not over and case.app.generation == "cedar" and life.type not in ONE_OFF_TYPES:
        cycle = (life.start + CYCLE_EARLIEST.total_seconds(), life.start + CYCLE_LATEST.total_seconds())
    return LifeStudy(
        life=life,
        facts=facts,
        subject=subject,
        assessment=assessments.get(life.key, Assessment("not_assessed", "one-off dynos have no peers")),
        slowness=slow.get(life.key, Slowness(False, False, None, None, None, "one-off dynos have no peers")),
        quota_mb=quota,
        quota_source=source,
        trend=told,
        cycle=cycle,
        eta=None if over else forecast(told, quota, cycle),
        over=over,
        in_focus=case.scope.shows(life),
    )


def _quota(case: Case, life: Life, facts: LifeFacts) -> tuple[float | None, str]:
    """The memory quota in MB and where it is known from, best first."""
    if facts.memory.quota_mb is not None:
        return (facts.memory.quota_mb, "sample")
    for size in case.sizes:
        if life.size and size.name.casefold() == life.size.casefold() and size.memory_mb is not None:
            return (size.memory_mb, "size")
    if (in_name := memory_mb_in_name(life.size)) is not None:
        return (in_name, "size")
    for _, mem_mb, mark in reversed(facts.marks):
        if (quota := quota_from_mark(mem_mb, mark)) is not None:
            return (quota, "mem line")
    return (None, "unknown")
