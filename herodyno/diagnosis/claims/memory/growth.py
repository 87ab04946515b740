"""Memory that grows, and memory far above the peers': slopes, levels and times in numbers, never the cause.

A wave of traffic rises for hours as well. So growth is told at high confidence only after a day, or when all dynos of
the type show it by their age.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, at_clocks
from herodyno.diagnosis.claims.memory import advice
from herodyno.diagnosis.claims.memory.levels import level_read, levels_of
from herodyno.diagnosis.report.phrases import late_slope, listed, named
from herodyno.diagnosis.report.report import Confidence
from herodyno.diagnosis.statistics.median import median
from herodyno.diagnosis.statistics.memory_peers import above_peers, grow_by_age
from herodyno.diagnosis.statistics.over_quota import is_fresh
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count, spoken_duration

# Less than a day may be one side of a daily wave. A little less counts as a day, as samples begin after the boot.
DAY_MINUTES = 23.5 * 60


def claims(process_type: TypeAnalysis, over: list[IncarnationAnalysis], analysis: Analysis) -> list[Claim]:
    """A claim for the dynos that grow, and one for each far above its peers; `over` are told already."""
    running = process_type.running
    told = {dyno.key for dyno in over}
    shown = [dyno for dyno in running if dyno.in_focus and dyno.key not in told]
    growing = [dyno for dyno in shown if dyno.trend.kind == "growing"]
    found = [_growing(growing, process_type, analysis)] if growing else []
    found += [_rising(dyno, analysis) for dyno in shown if dyno.trend.kind in ("warming_up", "flat") and _rises(dyno)]
    return found + [claim for dyno in shown if (claim := _above(dyno, running, process_type.name, analysis))]


def _growing(growing: list[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    worst = max(growing, key=lambda dyno: dyno.trend.slope or 0.0)
    soon = sorted((dyno for dyno in growing if dyno.eta is not None), key=lambda dyno: dyno.eta or (0.0, 0.0))
    by_age = grow_by_age(process_type.dynos)
    confidence: Confidence = "high" if by_age or worst.trend.minutes >= DAY_MINUTES else "medium"
    details = [_passes(dyno, analysis) for dyno in soon[:3]]
    details.append(_peer_slopes(growing, process_type))
    details.append("Growth alone tells no cause: caches and heaps grow as well.")
    if confidence == "medium":
        details.append("Less than a day was seen: a daily wave of traffic looks the same.")
    no_restart = advice.why_no_restart(soon[0], process_type, analysis) if soon else ""
    several = len(growing) > 1
    return Claim(
        kind="memory",
        severity="warning" if soon else "info",
        confidence=confidence,
        label="MEMORY GROWING",
        summary=f"{listed([named(dyno.incarnation) for dyno in growing])} {_grow_by(growing, worst)} {_seen(worst)}; "
        f"{f'the fastest, {worst.name}, is at ' if several else ''}{level_read(worst, analysis)}",
        details=tuple(sentence for sentence in (*details, no_restart) if sentence),
        not_claimed=("what grows",),
        actions=(
            *(advice.restart(soon[0], process_type, analysis) if soon else ()),
            advice.more_room(process_type, analysis, _by(soon[0], analysis) if soon else ""),
        ),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(worst.facts.evidence.of("memory")[:3]),
        runbook="R14",
        tense=Tense(True if is_fresh(worst.facts.memory, analysis.observations.present) else None),
    )


def _grow_by(growing: list[IncarnationAnalysis], worst: IncarnationAnalysis) -> str:
    """The slope of one dyno with its interval, or the slowest and the fastest of several."""
    trend = worst.trend
    if len(growing) == 1:
        return f"grows by about {trend.slope or 0:.0f} MB/h ({trend.low or 0:.0f} to {trend.high or 0:.0f})"
    least, most = (f"{slope:.0f}" for slope in (min(dyno.trend.slope or 0.0 for dyno in growing), trend.slope or 0.0))
    return f"grow by about {f'{least} to ' * (least != most)}{most} MB/h"


def _seen(dyno: IncarnationAnalysis) -> str:
    """The time that the slope is of: the later part of what was seen."""
    trend = dyno.trend
    return f"in the last {spoken_duration(round((trend.end - trend.later) / 60) * 60)}"


def _by(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    return at_clock(dyno.eta[0], analysis) if dyno.eta else ""


def _passes(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    early, late = at_clocks(*(dyno.eta or (0.0, 0.0)), analysis)
    cycle = ""
    if dyno.cycle is not None:
        first, last = at_clocks(*dyno.cycle, analysis)
        cycle = f"; Heroku's daily cycle comes between {first} and {last}"
    return f"If it goes on like that, {dyno.name} passes its quota (R14) between {early} and {late}{cycle}."


def _peer_slopes(growing: list[IncarnationAnalysis], process_type: TypeAnalysis) -> str:
    if advice.all_grow(process_type):
        return f"All {process_type.name} dynos assessed grow: app behaviour or traffic, not one dyno."
    names = {dyno.name for dyno in growing}
    slopes = [
        dyno.trend.slope for dyno in process_type.running if dyno.name not in names and dyno.trend.slope is not None
    ]
    if not slopes:
        return ""
    verb = "changes" if len(slopes) == 1 else "change"
    middle = " (median)" if len(slopes) > 1 else ""
    whose = "Its" if len(growing) == 1 else "Their"
    return f"{whose} {count(len(slopes), 'peer')} {verb} by about {median(slopes):.0f} MB/h{middle}."


def _rises(dyno: IncarnationAnalysis) -> bool:
    return dyno.trend.late is not None and dyno.trend.late.rises


def _rising(dyno: IncarnationAnalysis, analysis: Analysis) -> Claim:
    """Memory that rose in its last part, whatever it did before: too little, or too bent, to be called growth."""
    late = dyno.trend.late
    slope = late_slope(late.slope, late.margin, late.hours) if late else ""
    words = "warmed up and still rises" if dyno.trend.kind == "warming_up" else "rises"
    return Claim(
        kind="memory_rising",
        severity="info",
        confidence="medium",
        label="MEMORY RISING",
        summary=f"{named(dyno.incarnation)} {words} by {slope}; {level_read(dyno, analysis)}",
        not_claimed=("whether it goes on",),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of("memory")[:3]),
        runbook="R14",
        tense=Tense(True if is_fresh(dyno.facts.memory, analysis.observations.present) else None),
    )


def _above(
    dyno: IncarnationAnalysis, running: list[IncarnationAnalysis], type_name: str, analysis: Analysis
) -> Claim | None:
    """A level that is far above the peers' at the same times, with or without a trend. It never heads the report."""
    peers = above_peers(dyno, running)
    if not peers or analysis.observations.is_replaced(dyno.incarnation):
        return None
    return Claim(
        kind="memory_above_peers",
        severity="info",
        confidence="high",
        label="MEMORY ABOVE PEERS",
        summary=f"{named(dyno.incarnation)} is far above its peers in memory: {level_read(dyno, analysis)}; "
        f"at the same times the other {levels_of(peers, type_name, 'was', 'were')}",
        not_claimed=("what takes the memory",),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of("memory")[:3]),
        runbook="R14",
        tense=Tense(True if is_fresh(dyno.facts.memory, analysis.observations.present) else None),
    )
