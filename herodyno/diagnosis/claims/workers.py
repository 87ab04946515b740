"""Workers that raise exceptions which their peers do not: they stand out by time alive, as web dynos do by requests."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock
from herodyno.diagnosis.claims.dynos.beside_peers import beside_peers
from herodyno.diagnosis.claims.ending import ended_with
from herodyno.diagnosis.claims.over import last_seen, together
from herodyno.diagnosis.claims.printed import exception_shown, last_exception
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.report.phrases import listed, named
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count, share, spoken_duration


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type without requests."""
    found = []
    for process_type in analysis.types.values():
        guilty = [dyno for dyno in process_type.outliers if dyno.in_focus]
        if guilty and not process_type.requests:
            ordered = sorted(guilty, key=lambda dyno: (-raised(dyno), dyno.key))
            found.append(_accuse(ordered, process_type, analysis))
    return found


def raised(dyno: IncarnationAnalysis) -> int:
    """The exceptions of a dyno, that of an ordinary stop left out."""
    return sum(n for _, _, n in dyno.facts.raised.times.sized())


def _accuse(guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    own, total = sum(map(raised, guilty)), sum(map(raised, process_type.dynos))
    tense = together([_tense(dyno, analysis) for dyno in guilty])
    replaced = all(analysis.observations.is_replaced(dyno.incarnation) for dyno in guilty)
    single, worst = len(guilty) == 1, guilty[0]
    verb = "raised" if tense.ongoing is False else "raises" if single else "raise"
    last = last_exception(dyno.facts.raised for dyno in guilty)
    return Claim(
        kind="one_dyno" if single else "some_dynos",
        severity="warning",
        confidence="high" if all(dyno.assessment.confidence == "high" for dyno in guilty) else "medium",
        label="ONE DYNO" if single else "SOME DYNOS",
        summary=f"{listed([named(dyno.incarnation) for dyno in guilty])} {verb} {own} of "
        f"{count(total, 'exception')} of the {process_type.name} dynos" + last_seen(tense, analysis, "exception"),
        details=(
            _rates(guilty, process_type, own, total),
            *((f"The last, at {at_clock(last.seconds, analysis)}: {exception_shown(last)}.",) if last else ()),
        ),
        not_claimed=(f"why {listed([dyno.name for dyno in guilty])} {verb} them",),
        actions=tuple(
            restart_one(dyno, process_type, analysis)
            for dyno in guilty
            if dyno.tense.ongoing is not False and not analysis.observations.is_replaced(dyno.incarnation)
        ),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(line for dyno in guilty for line in dyno.facts.evidence.of("exception"))[:4],
        replaced=replaced,
        tense=tense,
        ended_with=ended_with(worst.incarnation) if replaced else None,
        beside_the_web=True,
        sides=beside_peers(guilty, process_type, is_over=replaced or tense.ongoing is False),
    )


def _tense(dyno: IncarnationAnalysis, analysis: Analysis) -> Tense:
    if not analysis.observations.is_replaced(dyno.incarnation):
        return dyno.tense
    return Tense(False, dyno.tense.newest, dyno.incarnation.end)


def _rates(guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, own: int, total: int) -> str:
    alive = sum(map(_alive, guilty))
    others = sum(map(_alive, process_type.dynos)) - alive
    elsewhere = f"one in {spoken_duration(others / (total - own))}" if total > own else "none"
    return (
        f"{'It' if len(guilty) == 1 else 'They'} ran for {share(alive, alive + others)} of the {process_type.name} "
        f"dynos' time: one exception in {spoken_duration(alive / own)}, elsewhere {elsewhere} in "
        f"{spoken_duration(others)}."
    )


def _alive(dyno: IncarnationAnalysis) -> float:
    return dyno.subject.end - dyno.subject.start
