"""What the accusation of a dyno rests on: its share of requests and errors, the time shared with peers, its memory.

What each has of all requests and errors is told first. Beside it stand the numbers of the time that it shared with
peers, where these differ: the rules ask for no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import at_clock
from herodyno.diagnosis.claims.memory.levels import level_read
from herodyno.diagnosis.report.phrases import UNCOMPARED, fails, interval, listed
from herodyno.diagnosis.statistics.over_quota import is_fresh
from herodyno.diagnosis.statistics.peer_sums import ALL
from herodyno.units import count, share


def names_once(dynos: Sequence[IncarnationAnalysis]) -> list[str]:
    """The names, each once: several dynos may have had one name."""
    return list(dict.fromkeys(dyno.name for dyno in dynos))


def shares(
    guilty: Sequence[IncarnationAnalysis],
    accused: Sequence[IncarnationAnalysis],
    process_type: TypeAnalysis,
    *,
    is_over: bool,
) -> str:
    """What they have of all requests and errors, and how the dynos do that are not `accused`."""
    errors = sum(dyno.facts.errors.n for dyno in guilty)
    requests = sum(dyno.facts.requests for dyno in guilty)
    own, rest = listed(names_once(guilty)), process_type.without(accused)
    elsewhere = "elsewhere" if len(guilty) == len(accused) else "on the dynos not accused"
    has = "had" if is_over else "has" if len(guilty) == 1 else "have"
    return (
        f"{'It' if len(guilty) == 1 else 'They'} {has} {share(requests, process_type.requests)} of the requests and "
        f"{share(errors, process_type.errors)} of the errors: "
        f"{fails(errors / requests, f'on {own} ', is_over=is_over)} ({interval(errors, requests)}); "
        f"{elsewhere} {rest.errors} in {count(rest.requests)} ({interval(rest.errors, rest.requests)})."
    )


def in_its_part(guilty: Sequence[IncarnationAnalysis], analysis: Analysis) -> list[str]:
    """What the accusation rests on, for a dyno that stands out in one part of the window only."""
    sentences = []
    for dyno in guilty:
        judged = dyno.assessment
        if judged.part is not None:
            start, end = judged.part
            when = f"Before {at_clock(end, analysis)}" if end < inf else f"Since {at_clock(start, analysis)}"
            sentences.append(
                f"{when}, beside its peers, {count(judged.errors)} of {count(judged.requests)} requests on {dyno.name} "
                f"failed, of theirs {count(judged.peer_errors)} of {count(judged.peer_requests)}: another trouble than "
                f"the one {'after' if end < inf else 'before'}."
            )
    return sentences


def in_shared_time(guilty: Sequence[IncarnationAnalysis]) -> list[str]:
    """What the accusation rests on, for a dyno some of whose errors say nothing."""
    sentences = []
    for dyno in guilty:
        judged, (silent, shared) = dyno.assessment, (dyno.assessment.evenness.unshared, dyno.assessment.evenness.shared)
        if silent > 0 and judged.part is None:
            failed = "failed" if judged.family == ALL or judged.errors == shared else f"failed with {judged.family}"
            sentences.append(
                f"{count(silent)} of the {count(silent + shared, 'error')} of {dyno.name} {UNCOMPARED}; beside its "
                f"peers {count(judged.errors)} of {count(judged.requests)} {failed}, of theirs "
                f"{count(judged.peer_errors)} of {count(judged.peer_requests)}."
            )
    return sentences


def memory_too(guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> list[str]:
    """Sentences of dynos that are over their memory quota as well, or were."""
    over = [dyno for dyno in process_type.dynos if _is_over_quota(dyno)]
    sentences = []
    for dyno in guilty:
        if _is_over_quota(dyno):
            is_now = is_fresh(dyno.facts.memory, analysis.observations.present)
            is_past = analysis.observations.is_replaced(dyno.incarnation) or not is_now
            is_, it = ("was", "It was") if is_past else ("is", "It is")
            all_known = all(other.level is not None for other in process_type.running)
            only = (
                f"{it} also the only dyno" if len(over) == len(guilty) == 1 and all_known else f"{dyno.name} {is_} also"
            )
            sentences.append(f"{only} over its memory quota ({level_read(dyno, analysis)}).")
    return sentences


def _is_over_quota(dyno: IncarnationAnalysis) -> bool:
    last = dyno.facts.memory.last
    return last is not None and dyno.quota_mb is not None and last[1] > dyno.quota_mb
