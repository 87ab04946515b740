"""Every number of a diagnosis, computed once: each dyno against its peers, its memory, its daily cycle."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.statistics.growth.by_age import GrowthByAge, growth_by_age
from herodyno.diagnosis.statistics.growth.forecast import forecast
from herodyno.diagnosis.statistics.latency.slowness import Slowness, slowness
from herodyno.diagnosis.statistics.memory import quota_from_mark
from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.outliers import Assessment, assess
from herodyno.diagnosis.statistics.own_tense import tense_at, tense_before_all_failed
from herodyno.diagnosis.statistics.peers import Subject, all_peers
from herodyno.diagnosis.statistics.raising import as_raising, assess_raising
from herodyno.diagnosis.statistics.starting import tense_of
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense, after_its_end, seen_at, tense
from herodyno.diagnosis.statistics.trend import trend
from herodyno.diagnosis.statistics.two_troubles import judged_in_parts, two_troubles
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.dynos import ONE_OFF_TYPES, memory_mb_in_name, natural_order
from herodyno.heroku_facts import CYCLE_INTERVAL_SECONDS, CYCLE_SPREAD_SECONDS

_NO_PEERS = "one-off dynos have no peers"


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
        by_age=_by_age(dynos),
    )


def _by_age(dynos: list[IncarnationAnalysis]) -> tuple[GrowthByAge, ...]:
    """The names whose dynos grew one after the other."""
    names: dict[str, list[IncarnationAnalysis]] = {}
    for dyno in dynos:
        if dyno.in_focus:
            names.setdefault(dyno.name, []).append(dyno)
    found = (growth_by_age(name, names[name]) for name in sorted(names, key=natural_order))
    return tuple(growth for growth in found if growth)


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
