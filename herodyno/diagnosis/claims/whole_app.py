"""The whole app: errors on many dynos, none standing out. With a single dyno, app and dyno cannot be told apart.

The app is accused by four rules, which must all hold: enough separate errors (or half of all requests), a rate of
at least 1 % (or a sudden rise), at least half of the dynos touched, and most errors placed on a dyno.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.beginning import beginning
from herodyno.diagnosis.claims.claim import Claim, error_lines, on_app, rate_of, suggestion, top_code
from herodyno.diagnosis.claims.ending import REACH_SECONDS
from herodyno.diagnosis.claims.no_dyno import platform_errors
from herodyno.diagnosis.claims.over import errors_since, last_seen
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.report.phrases import all_of, codes_in_words, interval, listed, named
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.statistics.tense import seen_at, tense
from herodyno.diagnosis.statistics.two_troubles import two_troubles
from herodyno.dynos import Release, natural_order
from herodyno.units import count, percent

# Separate errors (bursts counted once) that a verdict needs: of many dynos, and of a single one.
MIN_EVENTS = 20
MIN_EVENTS_SINGLE = 5
MIN_RATE = 0.01
CRITICAL_RATE = 0.02
# At this rate few events say enough.
MOSTLY = 0.5
# What to look at as long as nothing is known that the failures have in common.
WHAT_ALL_SHARE = "look at what all dynos share: database, upstream services, config"
# What a single dyno leaves open, as long as nothing else speaks for the app.
UNTOLD = ": dyno and app cannot be told apart"
# A dyno served alone when the others were sent this part of the requests at most.
_HARDLY = 0.1
# Dynos named in a sentence.
_MOST_NAMED = 6


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type. An outlier explains its type's errors, but for those of another time."""
    found = []
    for process_type in analysis.types.values():
        if not process_type.requests or platform_errors(process_type) * 2 > process_type.errors:
            continue
        if process_type.outliers:
            found += _beside_outliers(process_type, analysis)
            continue
        alone = _served_alone(process_type)
        single = alone or (process_type if _is_single(process_type, analysis) else None)
        if single:
            if _is_enough(single, MIN_EVENTS_SINGLE) and _is_much(single):
                only = f"the only {single.name} dyno that served then" if alone else single.quantity.only(single.name)
                found.append(_single(single, only, analysis))
        elif _is_whole(process_type.without(_few_apart(process_type))):
            found.append(_whole(process_type, analysis))
    return found


def _beside_outliers(process_type: TypeAnalysis, analysis: Analysis) -> list[Claim]:
    """The claim of the other dynos of a type with outliers, where their failing is of another time.

    Either the outliers' failing is over and the others fail now, or the others' is over and an outlier fails now.
    """
    outliers = process_type.outliers
    rest = process_type.without(outliers)
    if not _is_whole(rest):
        return []
    requests = Grid()
    for dyno in rest.dynos:
        requests.update(dyno.facts.grid, times=False)
    began = onset(requests)
    episodes = [spans for dyno in rest.dynos for spans in dyno.facts.errors.episodes.values()]
    told = tense(requests, episodes, analysis.observations.end, began.seconds if began else -inf)
    told = seen_at(told, analysis.observations.present)
    troubles = two_troubles(requests, episodes, rest.events)
    rest = rest._replace(onset=began, tense=told, troubles=troubles, names=sorted(_names(rest.dynos)))
    are_past = all(dyno.tense.ongoing is False for dyno in outliers)
    other = "" if _names(outliers) & _names(rest.dynos) else "other "
    return [_whole(rest, analysis, other)] if are_past != (rest.tense.ongoing is False) else []


def _is_single(process_type: TypeAnalysis, analysis: Analysis) -> bool:
    """Whether no other dyno can be compared with: none is wanted, or this file has lines of no other."""
    if analysis.observations.source.kind == "log-session":
        return len(process_type.names) == 1 and process_type.quantity.wanted in (None, 0, 1)
    return len({dyno.name for dyno in process_type.dynos if dyno.facts.lines}) == 1


def _served_alone(process_type: TypeAnalysis) -> TypeAnalysis | None:
    """The type without the dynos that hardly served while it failed, if that leaves one of several.

    Requests that two dynos of one name could have served may be of others.
    """
    names = _names(process_type.exposed)
    if len(names) != 1 or len(_names(process_type.dynos)) == 1:
        return None
    first, last = process_type.failing
    others = [dyno for dyno in process_type.dynos if dyno.name not in names]
    served, beside = (
        sum(dyno.facts.grid.between(first, last)[0] for dyno in dynos) for dynos in (process_type.dynos, others)
    )
    either = process_type.requests - sum(dyno.facts.requests for dyno in process_type.dynos)
    if beside + either > _HARDLY * (served + either):
        return None
    return process_type.without(others)._replace(onset=process_type.onset)


def _few_apart(process_type: TypeAnalysis) -> list[IncarnationAnalysis]:
    """The dynos that fail far more than the others, unless they are most."""
    names = {dyno.name for dyno in process_type.apart}
    return process_type.apart if len(names) * 2 <= len(_names(process_type.exposed)) else []


def _names(dynos: Iterable[IncarnationAnalysis]) -> set[str]:
    return {dyno.name for dyno in dynos}


def _is_whole(rest: TypeAnalysis) -> bool:
    """The four rules. They must hold without the few dynos that fail far more: `rest` leaves these out."""
    return bool(rest.requests) and _is_enough(rest, MIN_EVENTS) and _is_much(rest) and _is_spread(rest)


def _is_enough(process_type: TypeAnalysis, min_events: int) -> bool:
    return process_type.events >= min_events or _mostly_fails(process_type)


def _mostly_fails(process_type: TypeAnalysis) -> bool:
    """Whether half of the requests fail since the errors began, and no dyno surely fails less.

    Counted by bursts, 6,000 failures of 6,000 requests in one minute are fewer than 20 events. That is too few to
    accuse one dyno, but an outage must not be called too little data.
    """
    began = process_type.onset.seconds if process_type.onset else -inf
    served = [dyno.facts.grid.between(began, inf) for dyno in process_type.dynos]
    requests, errors = (sum(numbers) for numbers in zip(*served, strict=True)) if served else (0, 0)
    is_most = errors >= max(MIN_EVENTS, MOSTLY * requests)
    return is_most and all(wilson(failed, of)[1] >= MOSTLY for of, failed in served if of)


def _is_much(process_type: TypeAnalysis) -> bool:
    return process_type.errors / process_type.requests >= MIN_RATE or process_type.onset is not None


def _is_spread(process_type: TypeAnalysis) -> bool:
    """Whether the errors touch many dynos, and most errors are placed on a dyno.

    Many means at least two, half of the dynos that served while others failed, and half of those of them that could be
    judged.
    """
    exposed = _names(process_type.exposed)
    touched = _names(process_type.touched)
    judged = _names(process_type.assessed) & exposed
    is_wide = len(touched) >= max(2, len(exposed) / 2) and len(touched & judged) >= len(judged) / 2
    return is_wide and process_type.unplaced * 2 <= process_type.errors


def _severity(process_type: TypeAnalysis) -> Severity:
    """By the rate since the errors began. When no beginning is known, by the rate of the whole window."""
    errors, requests = process_type.onset.after if process_type.onset else (process_type.errors, process_type.requests)
    return "critical" if errors / requests >= CRITICAL_RATE else "warning"


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
        severity=_severity(process_type),
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
            *_scale_back(process_type, analysis),
            *_actions(begun.release, analysis, restarts_useless=is_even),
        ),
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
        tense=process_type.tense,
    )


def _spread(process_type: TypeAnalysis, other: str) -> str:
    """Which dynos fail, and whether alike: over dynos that served then, with their rates while it failed."""
    exposed, name = _names(process_type.exposed), process_type.name
    touched = sorted(_names(process_type.touched), key=natural_order)
    are = "were" if process_type.tense.ongoing is False else "are"
    spared = sorted(_names(process_type.spared) - _names(process_type.uneven), key=natural_order)
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


def _single(process_type: TypeAnalysis, only: str, analysis: Analysis) -> Claim:
    errors, requests = process_type.errors, process_type.requests
    begun = beginning(process_type, analysis)
    dyno = [dyno for dyno in process_type.dynos if dyno.facts.lines][-1]
    is_one_life = sum(bool(each.facts.requests) for each in process_type.dynos) == 1
    is_alone = process_type.quantity.wanted == 1
    is_over = process_type.tense.ongoing is False
    return Claim(
        kind="single_dyno",
        severity=_severity(process_type),
        confidence="medium" if wilson(errors, requests)[0] >= MIN_RATE else "low",
        label="SINGLE DYNO" if is_alone else "NO PEERS",
        summary=f"{count(errors)} of {count(requests)} requests {'failed' if is_over else 'fail'} on "
        f"{named(dyno.incarnation) if is_one_life else dyno.name}, {only}"
        f"{UNTOLD}{last_seen(process_type.tense, analysis)}",
        details=(
            *begun.beside(
                f"That is {percent(errors / requests)} ({interval(errors, requests)}): "
                f"{codes_in_words(process_type.by_code)}."
            ),
            *errors_since(process_type.tense, analysis),
            *_peers_elsewhere(process_type),
        ),
        not_claimed=(f"whether the dyno or the app {'was' if is_over else 'is'} at fault",),
        actions=_single_actions(process_type, begun.release, analysis),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
        tense=process_type.tense,
    )


def _peers_elsewhere(process_type: TypeAnalysis) -> list[str]:
    """What is known of the dynos that this file says nothing of."""
    name, (least, wanted, source, _) = process_type.name, process_type.quantity
    if wanted is not None and wanted > 1:
        return [f"{count(wanted, f'{name} dyno')} are wanted ({source}); this file has no line of the others."]
    if least > 1:
        return [f"Its number proves at least {least} {name} dynos; this file has no line of the others."]
    return []


def _scale_back(process_type: TypeAnalysis, analysis: Analysis) -> tuple[Action, ...]:
    """As many dynos as before, where the errors began when dynos were scaled away."""
    began, wanted, app = process_type.errors_began, process_type.quantity.wanted, on_app(analysis)
    everyone = analysis.types[process_type.name].dynos  # those scaled away may have no part in the claim
    if began is None or not wanted:
        return ()
    away = {
        dyno.name
        for dyno in everyone
        if dyno.incarnation.end_reason == "scaled_down"
        and dyno.incarnation.end is not None
        and abs(began - dyno.incarnation.end) <= REACH_SECONDS
        and not process_type.quantity.wants(dyno.name)
    }
    if not away:
        return ()
    name, before = process_type.name, wanted + len(away)
    return (
        Action(
            rank=0,
            argv=("herodyno", "scale", f"{name}={before}", *app),
            text=f"as many {name} dynos as before: {before}",
            effect="the load is shared by as many dynos as before the errors",
            risk="billed by the second",
            undo=f"herodyno scale {name}={wanted} {' '.join(app)}".rstrip(),
            mutates=True,
        ),
    )


def _single_actions(process_type: TypeAnalysis, release: Release | None, analysis: Analysis) -> tuple[Action, ...]:
    app = on_app(analysis)
    if process_type.quantity.wanted == 1:
        if back := _scale_back(process_type, analysis):
            return (*back, *_actions(release, analysis, restarts_useless=False))
        second = suggestion(
            "a second dyno would give something to compare with",
            "herodyno", "scale", f"{process_type.name}+1", *app,
            effect="one more dyno, billed by the second",
        )  # fmt: skip
        return (*_actions(release, analysis, restarts_useless=False), second)
    beside = suggestion(
        "judge it beside its peers: a log of the whole app, not of one dyno",
        "herodyno", "diagnose", *app,
        effect="asks the API how many dynos there are, and reads the lines of all",
    )  # fmt: skip
    return (beside, *(_actions(release, analysis, restarts_useless=False) if release else ()))


def _actions(release: Release | None, analysis: Analysis, *, restarts_useless: bool = True) -> tuple[Action, ...]:
    actions: list[Action] = []
    if release is not None:
        info = ("heroku", "releases:info", f"v{release.version}", *on_app(analysis))
        actions += [suggestion("look first", *info), *rollback(release.version, analysis)]
    else:
        actions.append(suggestion(WHAT_ALL_SHARE))
    if restarts_useless:
        actions.append(suggestion("not useful: restarting dynos (all are affected alike)"))
    return tuple(actions)
