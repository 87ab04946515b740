"""Memory: dynos over their quota, and forced restarts. Levels in numbers, never the cause.

Each level carries the time it was read. A dyno that was over its quota and is not, or is gone, "was" over it.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock
from herodyno.diagnosis.claims.ending import ended_with, left_at
from herodyno.diagnosis.claims.memory import advice, by_age, growth
from herodyno.diagnosis.claims.memory.levels import level_read, peers_level
from herodyno.diagnosis.claims.over import together
from herodyno.diagnosis.report.phrases import all_named
from herodyno.diagnosis.report.report import Severity
from herodyno.diagnosis.statistics.crash_tense import crash_tense
from herodyno.diagnosis.statistics.memory import MIN_LEVEL_SAMPLES, swap_in_rate, thrashes
from herodyno.diagnosis.statistics.over_quota import is_fresh, quota_tense, times_over
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count, megabytes, spoken_duration

# So many R14 lines of a dyno whose requests are slow, or that thrashes, are an emergency.
CRITICAL_R14 = 3


def claims(analysis: Analysis) -> list[Claim]:
    """For each process type a claim for forced restarts, for dynos over quota, for those that were, for growth."""
    found = []
    for process_type in analysis.types.values():
        killed = [dyno for dyno in process_type.dynos if dyno.facts.memory.r15 and dyno.in_focus]
        over = [dyno for dyno in process_type.running if _has_been_over(dyno) and dyno.in_focus]
        now = [dyno for dyno in over if _tense(dyno, analysis).ongoing]
        if killed:
            found.append(_killed(killed, process_type, analysis))
        if now:
            found.append(_over(now, process_type, analysis))
        if was := [dyno for dyno in over if dyno not in now]:
            found.append(_was_over(was, process_type, analysis))
        found += growth.claims(process_type, now, analysis)
        found += by_age.claims(process_type)
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
    return all_named(dyno.incarnation for dyno in dynos)


def _height(dyno: IncarnationAnalysis) -> tuple[float, float]:
    """(part of the quota, MB) of the level that is shown."""
    return (dyno.level.of_quota or 0.0, dyno.level.mb) if dyno.level else (0.0, 0.0)


def _killed(killed: list[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    n = sum(dyno.facts.memory.r15 for dyno in killed)
    worst = killed[-1]
    return Claim(
        kind="memory",
        severity="critical",
        confidence="high",
        label="MEMORY KILLED",
        summary=f"{_names(killed)}: {count(n, 'forced restart')} (R15) for memory",
        details=tuple(f"{dyno.name} was at {level_read(dyno, analysis)}." for dyno in killed if dyno.level),
        not_claimed=("what takes the memory",),
        actions=(advice.more_room(process_type, analysis),),
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
    worst = max(over, key=_height)
    episodes = sum(len(dyno.facts.memory.r14_spans) for dyno in over)
    lines = sum(dyno.facts.memory.r14 for dyno in over)
    slow = any(dyno.slowness.slower or "H12" in dyno.facts.errors.by_code for dyno in over)
    hurts = slow or any(thrashes(dyno.facts.memory) for dyno in over)
    severity: Severity = "critical" if hurts and lines >= CRITICAL_R14 else "warning"
    many, highest = len(over) > 1, level_read(worst, analysis)
    details = [
        f"{dyno.name} {f'is at {level_read(dyno, analysis)};' if dyno.level else 'has'} "
        f"{count(dyno.facts.memory.r14, 'R14 line')} in "
        f"{count(len(dyno.facts.memory.r14_spans), 'episode')}{_swap(dyno)}."
        for dyno in over[:4]
    ]
    no_restart = () if many else (advice.why_no_restart(worst, process_type, analysis),)
    details += [peers_level(over, process_type), *no_restart]
    return Claim(
        kind="memory",
        severity=severity,
        confidence="high" if worst.facts.memory.n >= MIN_LEVEL_SAMPLES or lines >= CRITICAL_R14 else "medium",
        label="MEMORY OVER",
        summary=f"{_names(over)} {'are' if many else 'is'} over the memory quota"
        + (f"; the highest at {highest}" if many else f" ({highest})")
        + (f", {count(episodes, 'R14 episode')}" if episodes else ""),
        details=tuple(sentence for sentence in details if sentence),
        not_claimed=("what takes the memory", "whether it will grow again after a restart"),
        actions=(
            *(() if many else advice.restart(worst, process_type, analysis)),
            advice.more_room(process_type, analysis),
        ),
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
        actions=() if gone else (advice.more_room(process_type, analysis),),
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
        return f"{often} ({level_read(dyno, analysis)}); {what_then} {at}"
    if is_fresh(memory, observations.present):
        return f"{often}; now {level_read(dyno, analysis)}"
    return f"{often}; the last reading is {level_read(dyno, analysis)}"


def _swap(dyno: IncarnationAnalysis) -> str:
    """What is swapped, and whether it is read back: swap that stays where it is does no harm."""
    rate = swap_in_rate(dyno.facts.memory)
    last = dyno.facts.memory.last
    if last is None or not last[2]:
        return ""
    if rate is None:
        return f"; {megabytes(last[2])} swapped"
    how = "so it thrashes" if thrashes(dyno.facts.memory) else "so most of it stays there"
    return f"; {megabytes(last[2])} swapped, {count(round(rate), 'page')} a second read in, {how}"
