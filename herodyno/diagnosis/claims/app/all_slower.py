"""All dynos of a type became slow at one time: what they share is slow, and H12 comes next."""

from __future__ import annotations

from collections import Counter

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, suggestion
from herodyno.diagnosis.claims.ending import change_before
from herodyno.diagnosis.counting.cells import median_ms
from herodyno.diagnosis.report.phrases import all_of
from herodyno.diagnosis.statistics.latency.slowing import SLOW_MS, Slowed, slowed
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.heroku_facts import REQUEST_TIMEOUT_SECONDS
from herodyno.units import milliseconds

_FEW_REQUESTS = 10


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type."""
    found = []
    for process_type in analysis.types.values():
        slow = slowed([dyno.facts.grid for dyno in process_type.dynos])
        if slow and (names := _names(process_type, slow)):
            found.append(_claim(process_type, slow, names, analysis))
    return found


def _names(process_type: TypeAnalysis, slow: Slowed) -> list[str]:
    """The dynos that served since. Empty where one of them is fast: then it is no matter of all."""
    served: dict[str, Counter[int]] = {}
    for dyno in process_type.dynos:
        for at, cell in dyno.facts.grid.in_order():
            if at >= slow.seconds:
                served.setdefault(dyno.name, Counter()).update(cell.service)
    medians = {name: median_ms(service) for name, service in served.items() if service.total() >= _FEW_REQUESTS}
    return list(medians) if all(median and median >= SLOW_MS / 2 for median in medians.values()) else []


def _claim(process_type: TypeAnalysis, slow: Slowed, names: list[str], analysis: Analysis) -> Claim:
    release = analysis.observations.release_before(slow.seconds)
    change = f"release v{release.version}" if release else change_before(slow.seconds, analysis, process_type.name)
    who = f"{all_of(len(names))} {process_type.name} dynos are" if len(names) > 1 else f"{names[0]} is"
    return Claim(
        kind="all_slower",
        severity="warning",
        confidence="medium",
        label="SLOWER",
        summary=f"{who} slow since about {at_clock(slow.seconds, analysis)}: median {milliseconds(slow.after_ms)}, "
        f"{milliseconds(slow.before_ms)} before",
        details=(
            f"The router gives up after {REQUEST_TIMEOUT_SECONDS} s (H12).",
            *((f"Shortly before: {change}. The order in time is no proof.",) if change else ()),
        ),
        not_claimed=("what they wait for",),
        actions=(suggestion("look at what all dynos share: database, upstream services, config"),),
        tense=Tense(True, analysis.observations.end),
    )
