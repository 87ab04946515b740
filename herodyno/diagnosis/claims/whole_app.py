"""The whole app: errors on many dynos, none standing out. With a single dyno, app and dyno cannot be told apart.

The app is accused by four rules, which must all hold: enough separate errors (or half of all requests), a rate of
at least 1 % (or a sudden rise), at least half of the dynos touched, and most errors placed on a dyno.
"""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, error_lines, on_app, rate_of, suggestion, top_code
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.report.phrases import codes_in_words, interval, listed, named
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.dynos import Release, natural_order
from herodyno.units import count, percent, spoken_duration

# Separate errors (bursts counted once) that a verdict needs: of many dynos, and of a single one.
MIN_EVENTS = 20
MIN_EVENTS_SINGLE = 5
MIN_RATE = 0.01
CRITICAL_RATE = 0.02
# A release at most this long before the errors began is worth naming.
RELEASE_REACH = 900.0
# `onset` counts in cells of half a minute, so the errors may begin up to a minute before the release it finds.
_CELLS_BEFORE = 60.0
# A shorter gap than one cell is no order in time.
_ONE_CELL = 30
# Dynos named in a sentence.
_MOST_NAMED = 6


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type. A type with an outlier has none: the outlier explains its errors."""
    found = []
    for process_type in analysis.types.values():
        if process_type.outliers or not process_type.requests:
            continue
        if _is_single(process_type, analysis):
            if _is_enough(process_type, MIN_EVENTS_SINGLE) and _is_much(process_type):
                found.append(_single(process_type, analysis))
        elif _is_whole(process_type.without(_few_apart(process_type))):
            found.append(_whole(process_type, analysis))
    return found


def _is_single(process_type: TypeAnalysis, analysis: Analysis) -> bool:
    return len(process_type.names) == 1 and analysis.observations.quantity(process_type.name) in (None, 0, 1)


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
    """Whether at least half of every dyno's requests fail.

    Counted by bursts, 6,000 failures of 6,000 requests in one minute are fewer than 20 events. That is too few to
    accuse one dyno, but an outage must not be called too little data.
    """
    served = [dyno.facts for dyno in process_type.dynos if dyno.facts.requests]
    return process_type.errors >= MIN_EVENTS and all(facts.errors.n * 2 >= facts.requests for facts in served)


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


def _began(process_type: TypeAnalysis, analysis: Analysis) -> tuple[list[str], Release | None]:
    """(sentences on when the errors began, the release just before). They state the order in time, never a cause."""
    onset, began = process_type.onset, process_type.errors_began
    if onset is None or began is None:
        return _began_unseen(process_type, analysis)
    release = _release_before(began, analysis)
    when = f"They began about {at_clock(began, analysis)}"
    before, after = percent(onset.before[0] / onset.before[1]), percent(onset.after[0] / onset.after[1])
    rates = (
        f"{before} before ({onset.before[0]} of {count(onset.before[1])}), "
        f"{after} after ({onset.after[0]} of {count(onset.after[1])})"
    )
    if release is None or release.created_at is None:
        return ([f"{when}: {rates}. No release came shortly before."], None)
    gap = began - release.created_at.timestamp()
    relation = f"{spoken_duration(gap)} after" if gap >= _ONE_CELL else "at about the time of"
    return ([f"{when}, {relation} release v{release.version}: {rates}. The order in time is no proof."], release)


def _release_before(began: float, analysis: Analysis) -> Release | None:
    """The newest release of the quarter of an hour before the errors."""
    near = [
        release
        for release in analysis.observations.releases
        if release.created_at is not None and -_CELLS_BEFORE <= began - release.created_at.timestamp() <= RELEASE_REACH
    ]
    return max(near, key=lambda release: release.version, default=None)


def _began_unseen(process_type: TypeAnalysis, analysis: Analysis) -> tuple[list[str], Release | None]:
    """`_began` when no cut through the window parts few errors from many."""
    first = _first_error(process_type, analysis)
    sentences = [f"When they began cannot be told: {_first_seen(first, analysis)}."]
    release = _release_before(first, analysis)
    if release is not None and release.created_at is not None:
        at = at_clock(release.created_at.timestamp(), analysis)
        sentences.append(f"Release v{release.version} came at {at}; whether they began with it is not shown.")
    return (sentences, release)


def _first_error(process_type: TypeAnalysis, analysis: Analysis) -> float:
    firsts = [dyno.facts.errors.first for dyno in process_type.dynos]
    return min((first for first in firsts if first is not None), default=analysis.observations.start)


def _first_seen(first: float, analysis: Analysis) -> str:
    window = analysis.observations
    if first - window.start < (window.end - window.start) / 10:
        return "the window opens with them"
    return f"the first came at {at_clock(first, analysis)}, with too few requests before to compare"


def _whole(process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    errors, requests = process_type.errors, process_type.requests
    began, release = _began(process_type, analysis)
    is_sure = len(process_type.assessed) >= 2 and process_type.events >= MIN_EVENTS
    is_even = not process_type.uneven and not process_type.spared
    return Claim(
        kind="whole_app",
        severity=_severity(process_type),
        confidence="high" if is_sure else "medium",
        label="WHOLE APP",
        summary=_spread(process_type),
        details=(
            f"{count(errors)} of {count(requests)} requests fail ({rate_of(errors, requests)}): "
            f"{codes_in_words(process_type.by_code)}.",
            *began,
            *_uneven(process_type),
        ),
        not_claimed=("what all dynos share that fails" if is_even else "what the dynos share that fail",),
        actions=_actions(release, analysis, restarts_useless=is_even),
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
    )


def _spread(process_type: TypeAnalysis) -> str:
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
    over = f"all {len(touched)}" if len(touched) == len(exposed) else f"{len(touched)} of {len(exposed)}"
    that = "" if len(exposed) == len(process_type.names) else " that served then"
    more, less = process_type.uneven, process_type.spared
    even = f"more on {listed([named(dyno.incarnation) for dyno in more])}" if more else ""
    hardly = f"hardly on {listed([named(dyno.incarnation) for dyno in less])}" if less else ""
    how = ", ".join(part for part in (even, hardly) if part) or "none stands out"
    return f"errors {are} spread over {over} {name} dynos{that} ({_range_of_rates(process_type)}); {how}"


def _range_of_rates(process_type: TypeAnalysis) -> str:
    """The lowest and highest error rate of a name, from the first error to the last: "3-5.2 %"."""
    first, last = process_type.failing
    counts: dict[str, tuple[int, int]] = {}
    for dyno in process_type.exposed:
        requests, errors = dyno.facts.grid.between(first - CELL_SECONDS, last + CELL_SECONDS)
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


def _single(process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    errors, requests = process_type.errors, process_type.requests
    began, release = _began(process_type, analysis)
    dyno = process_type.dynos[-1]
    return Claim(
        kind="single_dyno",
        severity=_severity(process_type),
        confidence="medium" if wilson(errors, requests)[0] >= MIN_RATE else "low",
        label="SINGLE DYNO",
        summary=f"{count(errors)} of {count(requests)} requests fail on {named(dyno.incarnation)}, "
        f"the only {process_type.name} dyno: dyno and app cannot be told apart",
        details=(
            f"That is {percent(errors / requests)} ({interval(errors, requests)}): "
            f"{codes_in_words(process_type.by_code)}.",
            *began,
        ),
        not_claimed=("whether the dyno or the app is at fault",),
        actions=(
            *_actions(release, analysis, restarts_useless=False),
            suggestion(
                "a second dyno would give something to compare with",
                "herodyno", "scale", f"{process_type.name}=2", *on_app(analysis),
                effect="one more dyno, billed by the second",
            ),
        ),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
    )  # fmt: skip


def _actions(release: Release | None, analysis: Analysis, *, restarts_useless: bool = True) -> tuple[Action, ...]:
    actions: list[Action] = []
    if release is not None:
        info = ("heroku", "releases:info", f"v{release.version}", *on_app(analysis))
        actions += [suggestion("look first", *info), *rollback(release.version, analysis)]
    else:
        actions.append(suggestion("look at what all dynos share: database, upstream services, config"))
    if restarts_useless:
        actions.append(suggestion("not useful: restarting dynos (all are affected alike)"))
    return tuple(actions)
