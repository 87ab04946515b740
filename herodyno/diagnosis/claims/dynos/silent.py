"""A dyno that fell silent: no request and no line of it any more, while the others serve, and nothing ended it."""

from __future__ import annotations

from math import inf

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.report.phrases import named
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count, spoken_duration

# So little by chance that no uneven routing explains it.
_CHANCE = 1e-6
_MIN_SECONDS = 120.0
_MIN_REQUESTS = 50


def claims(analysis: Analysis) -> list[Claim]:
    """One claim for each dyno of the formation that fell silent."""
    return [
        _silent(dyno, process_type, analysis)
        for process_type in analysis.types.values()
        for dyno in process_type.running
        if dyno.in_focus and process_type.quantity.wants(dyno.name) and fell_silent(dyno, analysis)
    ]


def fell_silent(dyno: IncarnationAnalysis, analysis: Analysis) -> bool:
    """Whether requests of its share would have come since its last line, beyond doubt."""
    last, requests = dyno.facts.last, dyno.facts.requests
    if last is None or requests < _MIN_REQUESTS or analysis.observations.end - last < _MIN_SECONDS:
        return False
    until, since = _others(dyno, analysis, dyno.subject.start, last), _others(dyno, analysis, last, inf)
    is_replaced = analysis.observations.is_replaced(dyno.incarnation)
    return not is_replaced and until > 0 and since > 0 and (until / (until + requests)) ** since <= _CHANCE


def _others(dyno: IncarnationAnalysis, analysis: Analysis, start: float, end: float) -> int:
    """The requests of the other dynos of its type between two times."""
    of_type = analysis.observations.facts.types[dyno.incarnation.type]
    return of_type.between(start, end)[0] - dyno.facts.grid.between(start, end)[0]


def _silent(dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    last, end = dyno.facts.last or 0.0, analysis.observations.end
    others = _others(dyno, analysis, last, inf)
    return Claim(
        kind="fell_silent",
        severity="warning",
        confidence="medium",
        label="SILENT",
        summary=f"{named(dyno.incarnation)} has no line since {at_clock(last, analysis)}, "
        f"{spoken_duration(end - last)} before the end; "
        f"the other {process_type.name} dynos served {count(others, 'request')} meanwhile",
        details=("No line says that it was stopped, scaled away or crashed. Its lines may also be missing here.",),
        not_claimed=(f"whether {dyno.name} runs",),
        actions=(restart_one(dyno, process_type, analysis),),
        dyno=dyno.name,
        dyno_id=dyno.id,
        tense=Tense(True, last),
    )
