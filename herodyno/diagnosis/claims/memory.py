"""Memory: dynos over their quota, forced restarts, steady growth. Level and trend in numbers, never the cause.

Each level carries the time it was read. A dyno that was over its quota and is not, or is gone, "was" over it.
"""

from __future__ import annotations

from statistics import median

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, on_app, suggestion
from herodyno.diagnosis.claims.ending import ended_with, left_at
from herodyno.diagnosis.claims.over import together
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.report.phrases import level, listed, named
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.crash_tense import crash_tense
from herodyno.diagnosis.statistics.memory import MIN_LEVEL_SAMPLES, swap_in_rate
from herodyno.diagnosis.statistics.over_quota import is_fresh, quota_tense, times_over
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.dynos import DynoSize
from herodyno.units import count, megabytes, spoken_duration

# So many R14 lines of a dyno whose requests are slow are an emergency.
CRITICAL_R14 = 3


def claims(analysis: Analysis) -> list[Claim]:
    """For each process type a claim for forced restarts, for dynos over quota, for those that were, and for growth."""
    found = []
    for process_type in analysis.types.values():
        killed = [dyno for dyno in process_type.dynos if dyno.facts.memory.r15 and dyno.in_focus]
        over = [dyno for dyno in process_type.running if _has_been_over(dyno) and dyno.in_focus]
        now = [dyno for dyno in over if _tense(dyno, analysis).ongoing]
        growing = [
            dyno for dyno in process_type.running if dyno.trend.kind == "growing" and dyno not in now and dyno.in_focus
        ]
        if killed:
            found.append(_killed(killed, process_type, analysis))
        if now:
            found.append(_over(now, process_type, analysis))
        if was := [dyno for dyno in over if dyno not in now]:
            found.append(_was_over(was, process_type, analysis))
        if growing:
            found.append(_growing(growing, process_type, analysis))
    return found


def _has_been_over(dyno: IncarnationAnalysis) -> bool:
    """Whether R14 lines say so, or the last of some samples."""
    memory = dyno.facts.memory
    if memory.r14:
        return True
    enough = memory.n >= MIN_LEVEL_SAMPLES and memory.last is not None and dyno.quota_mb is not None
    return enough and memory.last is not None and dyno.quota_mb is not None and memory.last[1] > dyno.quota_mb


def _tense(dyno: IncarnationAnalysis, analysis: Analysis) -> Tense:
    """Whether the dyno is over its quota. One that is gone, or about to be, is not."""
    observations = analysis.observations
    tense = quota_tense(dyno.facts.memory, dyno.quota_mb, observations.present)
    if not observations.is_replaced(dyno.incarnation):
        return tense
    return Tense(False, tense.newest, left_at(dyno.incarnation, analysis))


def _names(dynos: list[IncarnationAnalysis]) -> str:
    return listed([named(dyno.incarnation) for dyno in dynos])


def _level(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """The newest level with the time it was read: "781 of 512 MB, 152 %, at 12:05"."""
    memory = dyno.facts.memory
    # Without samples the level stands beside an R14 line.
    read = memory.last[0] if memory.last else max((end for _, end in memory.r14_spans), default=None)
    return level(dyno.facts, dyno.quota_mb) + (f", at {at_clock(read, analysis)}" if read is not None else "")


def _killed(killed: list[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    n = sum(dyno.facts.memory.r15 for dyno in killed)
    worst = killed[-1]
    return Claim(
        kind="memory",
        severity="critical",
        confidence="high",
        label="MEMORY KILLED",
        summary=f"{_names(killed)}: {count(n, 'forced restart')} (R15) for memory",
        details=tuple(f"{dyno.name} was at {_level(dyno, analysis)}." for dyno in killed),
        not_claimed=("what takes the memory",),
        actions=(_bigger(process_type, analysis),),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(worst.facts.evidence.of("R15", "memory")[:3]),
        runbook="R15",
        tense=together([_tense_of_kills(dyno, analysis) for dyno in killed]),
    )


def _tense_of_kills(dyno: IncarnationAnalysis, analysis: Analysis) -> Tense:
    observations = analysis.observations
    incarnations = observations.times.incarnations.get(dyno.name, ())
    return crash_tense(incarnations, observations.start, observations.present, is_down=False)


def _over(over: list[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    worst = max(over, key=lambda dyno: (dyno.facts.memory.last or (0, 0.0, 0))[1])
    episodes = sum(len(dyno.facts.memory.r14_spans) for dyno in over)
    lines = sum(dyno.facts.memory.r14 for dyno in over)
    slow = any(dyno.slowness.slower or "H12" in dyno.facts.errors.by_code for dyno in over)
    severity: Severity = "critical" if slow and lines >= CRITICAL_R14 else "warning"
    many = len(over) > 1
    details = [
        f"{dyno.name} is at {_level(dyno, analysis)}; {count(dyno.facts.memory.r14, 'R14 line')} in "
        f"{count(len(dyno.facts.memory.r14_spans), 'episode')}{_swap(dyno)}."
        for dyno in over[:4]
    ]
    details.append(_peers(over, process_type))
    return Claim(
        kind="memory",
        severity=severity,
        confidence="high" if worst.facts.memory.n >= MIN_LEVEL_SAMPLES or lines >= CRITICAL_R14 else "medium",
        label="MEMORY OVER",
        summary=f"{_names(over)} {'are' if many else 'is'} over the memory quota"
        + (f" ({_level(worst, analysis)})" if not many else f"; the highest at {_level(worst, analysis)}")
        + (f", {count(episodes, 'R14 episode')}" if episodes else ""),
        details=tuple(sentence for sentence in details if sentence),
        not_claimed=("what takes the memory", "whether it will grow again after a restart"),
        actions=(*(_restart(worst, process_type, analysis) if not many else ()), _bigger(process_type, analysis)),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(worst.facts.evidence.of("R14", "memory")[:3]),
        runbook="R14",
        tense=together([_tense(dyno, analysis) for dyno in over]),
    )


def _was_over(was: list[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    """Dynos that were over their quota, and are not, or may be again: their level swings, or nobody reads it."""
    worst = max(was, key=lambda dyno: (len(times_over(dyno.facts.memory, dyno.quota_mb)), dyno.key))
    tense = together([_tense(dyno, analysis) for dyno in was])
    many = len(was) > 1
    gone = all(analysis.observations.is_replaced(dyno.incarnation) for dyno in was)
    return Claim(
        kind="memory",
        severity="warning",
        confidence="high" if worst.facts.memory.n >= MIN_LEVEL_SAMPLES else "medium",
        label="MEMORY WAS OVER",
        summary=f"{_names(was)} {'were' if many else 'was'} over the memory quota"
        + ("" if many else f" {_how_often(worst, analysis)}"),
        details=tuple(f"{dyno.name} was over it {_how_often(dyno, analysis)}{_swap(dyno)}." for dyno in was[:4])
        if many
        else (),
        not_claimed=("what takes the memory", "whether it will grow again"),
        actions=() if gone else (_bigger(process_type, analysis),),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(worst.facts.evidence.of("R14", "memory")[:3]),
        runbook="R14",
        replaced=gone,
        tense=tense,
        ended_with=ended_with(worst.incarnation) if gone else None,
        since="below it since",
    )


def _how_often(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """ "20 times in 3 h; 97.7 % now (500 of 512 MB, at 16:19)", or what became of the dyno instead of a level now."""
    memory, observations = dyno.facts.memory, analysis.observations
    number = len(times_over(memory, dyno.quota_mb))
    seen = observations.end - max(observations.start, dyno.subject.start)
    often = f"{'once' if number == 1 else f'{number} times'} in {spoken_duration(seen)}"
    if observations.is_replaced(dyno.incarnation):
        at = at_clock(left_at(dyno.incarnation, analysis), analysis)
        what_then = "its successor runs since" if dyno.incarnation.end is None else "replaced at"
        return f"{often} ({_level(dyno, analysis)}); {what_then} {at}"
    if is_fresh(memory, observations.present):
        return f"{often}; now {_level(dyno, analysis)}"
    return f"{often}; the last reading is {_level(dyno, analysis)}"


def _swap(dyno: IncarnationAnalysis) -> str:
    rate = swap_in_rate(dyno.facts.memory)
    last = dyno.facts.memory.last
    if last is None or not last[2]:
        return ""
    return f"; {megabytes(last[2])} swapped" + (f", {rate:,.0f} pages a second read in" if rate is not None else "")


def _peers(chosen: list[IncarnationAnalysis], process_type: TypeAnalysis) -> str:
    names = {dyno.name for dyno in chosen}
    levels = [
        dyno.facts.memory.last[1]
        for dyno in process_type.running
        if dyno.name not in names and dyno.facts.memory.last is not None
    ]
    if not levels:
        return ""
    return (
        f"The other {count(len(levels), f'{process_type.name} dyno')} {'is' if len(levels) == 1 else 'are'} at "
        + (megabytes(levels[0]) if len(levels) == 1 else f"{min(levels):,.0f}-{megabytes(max(levels))}")
        + "."
    )


def _growing(growing: list[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    worst = max(growing, key=lambda dyno: dyno.trend.slope or 0.0)
    soon = [dyno for dyno in growing if dyno.eta is not None]
    trend = worst.trend
    assert trend.slope is not None
    details = []
    for dyno in soon[:3]:
        assert dyno.eta is not None
        early, late = (at_clock(seconds, analysis) for seconds in dyno.eta)
        details.append(
            f"If it goes on like the last {spoken_duration(dyno.trend.minutes * 60)}, {dyno.name} passes its quota "
            f"(R14) between {early} and {late}{_before_cycle(dyno, analysis)}."
        )
    details.append(_peer_slopes(growing, process_type))
    details.append("Growth alone tells no cause: caches and heaps grow as well. Look at it by day.")
    several = len(growing) > 1
    return Claim(
        kind="memory",
        severity="warning" if soon else "info",
        confidence="high" if trend.minutes >= 180 else "medium",
        label="MEMORY GROWING",
        summary=f"{_names(growing)} {'grow' if several else 'grows'} by about "
        f"{trend.slope:.0f} MB/h ({_range(worst)}) over the last {spoken_duration(trend.minutes * 60)}; "
        f"{_level(worst, analysis)}",
        details=tuple(sentence for sentence in details if sentence),
        not_claimed=("what grows",),
        actions=(*(_restart(worst, process_type, analysis) if soon else ()), _bigger(process_type, analysis)),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(worst.facts.evidence.of("memory")[:3]),
        runbook="R14",
        tense=Tense(True if is_fresh(worst.facts.memory, analysis.observations.present) else None),
    )


def _range(dyno: IncarnationAnalysis) -> str:
    return f"{dyno.trend.low or 0:.0f} to {dyno.trend.high or 0:.0f}"


def _before_cycle(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    if dyno.cycle is None:
        return ""
    early, late = (at_clock(seconds, analysis) for seconds in dyno.cycle)
    return f"; Heroku's daily cycle comes between {early} and {late}"


def _peer_slopes(growing: list[IncarnationAnalysis], process_type: TypeAnalysis) -> str:
    names = {dyno.name for dyno in growing}
    slopes = [
        dyno.trend.slope for dyno in process_type.running if dyno.name not in names and dyno.trend.slope is not None
    ]
    if slopes:
        verb = "changes" if len(slopes) == 1 else "change"
        return f"Its {count(len(slopes), 'peer')} {verb} by about {median(slopes):.0f} MB/h (median)."
    if len(growing) == 1:
        return ""
    return f"All {process_type.name} dynos assessed grow: app behaviour or traffic, not one dyno."


def _restart(dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis) -> tuple[Action, ...]:
    """The advice to restart the dyno, unless a successor has its name already."""
    return () if analysis.observations.is_replaced(dyno.incarnation) else (restart_one(dyno, process_type, analysis),)


def _bigger(process_type: TypeAnalysis, analysis: Analysis) -> Action:
    """The next larger size with its price by the API, or the advice in words when prices are not known."""
    current = next((dyno.incarnation.size for dyno in process_type.running if dyno.incarnation.size), "")
    sizes = {size.name.casefold(): size for size in analysis.observations.sizes}
    own = sizes.get(current.casefold())
    running = len({dyno.name for dyno in process_type.running})
    fewer = "fewer processes or threads in a dyno often do it (WEB_CONCURRENCY); else a larger size"
    if own is None or own.memory_mb is None:
        return suggestion(fewer)
    larger = [size for size in analysis.observations.sizes if (size.memory_mb or 0) > own.memory_mb and _kin(size, own)]
    if not larger:
        return suggestion(fewer)
    size = min(larger, key=lambda s: (s.memory_mb or 0, s.cost_cents or 0, s.name))
    return suggestion(
        f"{fewer}, e.g. {size.name} ({megabytes(size.memory_mb or 0)}{_money(size, own, running)})",
        "herodyno", "scale", f"{process_type.name}={size.name.lower()}", "--dry-run", *on_app(analysis),
        effect="shows the plan and its price; sends nothing",
    )  # fmt: skip


def _kin(size: DynoSize, own: DynoSize) -> bool:
    """Whether a dyno may change from one size to the other. Eco, Basic, Standard and Performance are one family."""
    family = own.name.split("-")[0].casefold()
    other = size.name.split("-")[0].casefold()
    return other == family or {family, other} <= {"standard", "performance", "basic", "eco"}


def _money(size: DynoSize, own: DynoSize, running: int) -> str:
    if size.cost_cents is None or own.cost_cents is None or size.cost_unit != own.cost_unit:
        return ""
    more = (size.cost_cents - own.cost_cents) * running / 100
    sign = "-" if more < 0 else "+"
    return f"; {sign}${abs(more):,.0f}/{size.cost_unit or 'month'} for {count(running, 'dyno')}"
