"""Memory that grows with the age of each dyno: how many did of how many, how fast, and after how long they were over.

What grows is not told, and neither is that the next dyno will.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim
from herodyno.diagnosis.statistics.growth.by_age import GrowthByAge, growth_by_age
from herodyno.units import count

# Of more names than that, the type is told as a whole.
_MOST_NAMES = 2


def claims(process_type: TypeAnalysis) -> list[Claim]:
    """A claim for each name whose dynos grew one after the other, or one for the type where those of many names did."""
    found = process_type.by_age
    if len(found) <= _MOST_NAMES:
        return [_claim(growth, growth.name) for growth in found]
    whole = growth_by_age(process_type.name, [dyno for dyno in process_type.dynos if dyno.in_focus])
    return [_claim(whole, f"{process_type.name} ({count(len(found), 'name')})")] if whole else []


def _claim(growth: GrowthByAge, whose: str) -> Claim:
    grew, most = growth.grew, growth.assessed
    lives = f"each of the {grew} dynos assessed" if grew == most else f"{grew} of the {most} dynos assessed"
    met = len(growth.reached)
    how_many = "each" if met == grew else f"{met} of {grew}"
    over = f"; {how_many} met the quota (R14), after {_hours(growth.reached)}" if met else "; none met the quota"
    return Claim(
        kind="memory_by_age",
        severity="info",
        confidence="high" if growth.is_of_age else "medium",
        label="MEMORY BY AGE",
        summary=f"{whose}: {lives} grew, by {_between(growth.slopes)} MB/h{over}",
        details=tuple(filter(None, (*_others(growth), _middle(growth), _wave(growth), _left_out(growth)))),
        not_claimed=("what grows",),
        dyno="" if whose != growth.name else growth.name,
        runbook="R14",
    )


def _others(growth: GrowthByAge) -> list[str]:
    """What became of those that did not meet the quota."""
    told = []
    if growth.ended:
        told.append(f"{count(len(growth.ended), 'dyno')} ended before that, after {_hours(growth.ended)}.")
    if growth.running:
        told.append(f"{count(len(growth.running), 'dyno')} still running below it, after {_hours(growth.running)}.")
    return told


def _middle(growth: GrowthByAge) -> str:
    if growth.median is None or len(growth.reached) == growth.grew:
        return ""
    return (
        f"Half of them met it by {growth.median:.1f} h; "
        "those that had not met it count for as long as they were seen (Kaplan-Meier)."
    )


def _wave(growth: GrowthByAge) -> str:
    return "" if growth.is_of_age else "All began within three hours of the day: a daily wave looks the same."


def _left_out(growth: GrowthByAge) -> str:
    left = growth.dynos - growth.assessed
    return f"{count(left, 'dyno')} not assessed: begun before the log, or with too few samples." if left else ""


def _between(pair: tuple[float, float]) -> str:
    low, high = (f"{value:.0f}" for value in pair)
    return low if low == high else f"{low} to {high}"


def _hours(ages: tuple[float, ...]) -> str:
    low, high = (f"{age:.1f}" for age in (ages[0], ages[-1]))
    return f"{low} h" if low == high else f"{low} to {high} h"
