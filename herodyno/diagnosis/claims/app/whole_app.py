"""The whole app: errors on many dynos, none standing out. With a single dyno, app and dyno cannot be told apart."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.app.advice import actions_for, scale_back
from herodyno.diagnosis.claims.app.rules import MIN_EVENTS, is_enough, is_much, is_whole, names_of, severity_of
from herodyno.diagnosis.claims.app.since_onset import since_onset
from herodyno.diagnosis.claims.app.single_dyno import MIN_EVENTS_SINGLE, is_single, served_alone, single_dyno
from herodyno.diagnosis.claims.beginning import beginning
from herodyno.diagnosis.claims.claim import Claim, error_lines, rate_of, top_code
from herodyno.diagnosis.claims.no_dyno import platform_errors
from herodyno.diagnosis.claims.over import errors_since, last_seen
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.pages import PathTally
from herodyno.diagnosis.report.phrases import all_of, codes_in_words, listed, named
from herodyno.diagnosis.report.redaction import redact_path
from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.tense import seen_at, tense
from herodyno.diagnosis.statistics.two_troubles import two_troubles
from herodyno.dynos import natural_order
from herodyno.units import count, percent

# Dynos named in a sentence.
_MOST_NAMED = 6
_NEARLY_ALL = 0.9


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type. An outlier explains its type's errors, but for those of another time."""
    found = []
    for process_type in analysis.types.values():
        if not process_type.requests or platform_errors(process_type) * 2 > process_type.errors:
            continue
        if process_type.outliers:
            found += _beside_outliers(process_type, analysis)
            continue
        alone = served_alone(process_type)
        single = alone or (process_type if is_single(process_type, analysis) else None)
        if single:
            if is_enough(single, MIN_EVENTS_SINGLE) and is_much(single):
                this_log = analysis.observations.this_log
                only = (
                    f"the only {single.name} dyno that served then"
                    if alone
                    else single.quantity.only(single.name, this_log)
                )
                found.append(single_dyno(single, only, analysis))
        elif is_whole(process_type.without(_few_apart(process_type))):
            found.append(_whole(process_type, analysis))
    return found


def _beside_outliers(process_type: TypeAnalysis, analysis: Analysis) -> list[Claim]:
    """The claim of the other dynos of a type with outliers, where their failing is of another time.

    Either the outliers' failing is over and the others fail now, or the others' is over and an outlier fails now.
    """
    outliers = process_type.outliers
    rest = process_type.without(outliers)
    if not is_whole(rest):
        return []
    requests = Grid()
    for dyno in rest.dynos:
        requests.update(dyno.facts.grid, times=False)
    began = onset(requests)
    episodes = [spans for dyno in rest.dynos for spans in dyno.facts.errors.episodes.values()]
    told = tense(requests, episodes, analysis.observations.end, began.seconds if began else -inf)
    told = seen_at(told, analysis.observations.present)
    troubles = two_troubles(requests, episodes, rest.events)
    rest = rest._replace(onset=began, tense=told, troubles=troubles, names=sorted(names_of(rest.dynos)))
    are_past = all(dyno.tense.ongoing is False for dyno in outliers)
    other = "" if names_of(outliers) & names_of(rest.dynos) else "other "
    if are_past == (rest.tense.ongoing is False):
        return []
    claim = _whole(rest, analysis, other)
    return [replace(claim, details=(*claim.details, *_mostly_on_a_path(rest)))]


def _mostly_on_a_path(rest: TypeAnalysis) -> list[str]:
    """The path of nearly all errors, which those of the outliers would hide."""
    paths = PathTally()
    for dyno in rest.dynos:
        paths.update(dyno.facts.errors.paths)
    return [
        f"{count(n)} of their {count(rest.errors, 'error')} {'were' if rest.tense.ongoing is False else 'are'} on "
        f"{redact_path(path)}."
        for path, n in paths.top_whole(1)
        if path and n >= _NEARLY_ALL * rest.errors
    ]


def _few_apart(process_type: TypeAnalysis) -> list[IncarnationAnalysis]:
    """The dynos that fail far more than the others, unless they are most."""
    names = {dyno.name for dyno in process_type.apart}
    return process_type.apart if len(names) * 2 <= len(names_of(process_type.exposed)) else []


def _whole(process_type: TypeAnalysis, analysis: Analysis, other: str = "") -> Claim:
    """`other` is "other " for the dynos beside those that stand out."""
    errors, requests = process_type.errors, process_type.requests
    begun = beginning(process_type, analysis)
    is_sure = len(process_type.assessed) >= 2 and process_type.events >= MIN_EVENTS
    is_even = not process_type.uneven and not process_type.spared
    is_over = process_type.tense.ongoing is False
    fail = "failed" if is_over else "fails" if is_even else "fail"
    return Claim(
        kind="whole_app",
        severity=severity_of(process_type),
        confidence="high" if is_sure else "medium",
        label="WHOLE APP",
        summary=_spread(process_type, other) + last_seen(process_type.tense, analysis),
        details=(
            *begun.beside(
                f"{count(errors)} of {count(requests)} requests {'failed' if is_over else 'fail'} "
                f"({rate_of(errors, requests)}): {codes_in_words(process_type.by_code)}."
            ),
            *_uneven(process_type),
            *errors_since(process_type.tense, analysis),
        ),
        not_claimed=(f"what {'all dynos' if is_even else 'the dynos'} share that {fail}",),
        actions=(
            *scale_back(process_type, analysis),
            *actions_for(begun.release, analysis, restarts_useless=is_even),
        ),
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
        tense=process_type.tense,
        sides=since_onset(process_type, begun.release, analysis),
    )


def _spread(process_type: TypeAnalysis, other: str) -> str:
    """Which dynos fail, and whether alike: over dynos that served then, with their rates while it failed."""
    exposed, name = names_of(process_type.exposed), process_type.name
    touched = sorted(names_of(process_type.touched), key=natural_order)
    are = "were" if process_type.tense.ongoing is False else "are"
    spared = sorted(names_of(process_type.spared) - names_of(process_type.uneven), key=natural_order)
    failing = [dyno for dyno in touched if dyno not in spared]
    if spared and len(failing) + len(spared) == len(exposed) and len(exposed) <= _MOST_NAMED:
        fail, do = ("failed", "did") if are == "were" else ("fail", "do" if len(spared) > 1 else "does")
        verb = fail if len(failing) > 1 or are == "were" else f"{fail}s"
        return f"{listed(failing)} {verb}, {listed(spared)} {do} not ({_range_of_rates(process_type)})"
    over = all_of(len(touched)) if len(touched) == len(exposed) else f"{len(touched)} of {len(exposed)}"
    that = "" if len(exposed) == len(process_type.names) else " that served then"
    more, less = process_type.uneven, process_type.spared
    even = f"more on {listed([named(dyno.incarnation) for dyno in more])}" if more else ""
    hardly = f"hardly on {listed([named(dyno.incarnation) for dyno in less])}" if less else ""
    how = ", ".join(part for part in (even, hardly) if part) or f"none {'stood' if are == 'were' else 'stands'} out"
    return f"errors {are} spread over {over} {other}{name} dynos{that} ({_range_of_rates(process_type)}); {how}"


def _range_of_rates(process_type: TypeAnalysis) -> str:
    """The lowest and highest error rate of a name, from the first error to the last: "3-5.2 %"."""
    first, last = process_type.failing
    counts: dict[str, tuple[int, int]] = {}
    for dyno in process_type.exposed:
        requests, errors = dyno.facts.grid.between(first - dyno.facts.grid.width / 2, last + dyno.facts.grid.width / 2)
        before = counts.get(dyno.name, (0, 0))
        counts[dyno.name] = (before[0] + requests, before[1] + errors)
    rates = sorted(errors / requests for requests, errors in counts.values() if requests)
    low, high = percent(rates[0]), percent(rates[-1])
    return low if low == high else f"{low.removesuffix(' %')}-{high}"


def _uneven(process_type: TypeAnalysis) -> list[str]:
    """The dynos that fail more than their share, each with its numbers and why it is not accused."""
    return [
        f"{named(dyno.incarnation)} has {count(dyno.facts.errors.n)} of the errors with "
        f"{count(dyno.facts.requests)} of the requests; not accused: {dyno.assessment.reason}."
        for dyno in process_type.uneven[:_MOST_NAMED]
        if dyno.assessment.reason
    ]
