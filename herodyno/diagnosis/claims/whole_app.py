"""The whole app: errors spread over its dynos, none standing out; or its single dyno, which cannot be told from it."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, on_app, suggestion
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import clock, codes_in_words, count, duration, interval, listed, named, percent
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.dynos import Release

MIN_EVENTS = 20
MIN_EVENTS_SINGLE = 5
MIN_RATE = 0.01
CRITICAL_RATE = 0.02
# A release this long before the errors began is worth naming.
RELEASE_REACH = 900.0


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type."""
    found = []
    for kind in analysis.types.values():
        if kind.outliers or not kind.requests:
            continue
        if _is_single(kind, analysis):
            if (kind.events >= MIN_EVENTS_SINGLE or _mostly_fails(kind)) and _is_much(kind):
                found.append(_single(kind, analysis))
        elif _is_whole(kind.without(kind.acquitted_by_episodes)):
            found.append(_whole(kind, analysis))
    return found


def _is_single(kind: TypeAnalysis, analysis: Analysis) -> bool:
    wanted = next((row.quantity for row in analysis.observations.formation or () if row.type == kind.name), None)
    return len(kind.names) == 1 and wanted in (None, 0, 1)


def _is_whole(rest: TypeAnalysis) -> bool:
    """Whether so many dynos fail so much, those left out that only failed at a few moments of their own."""
    enough = rest.events >= MIN_EVENTS or _mostly_fails(rest)
    return bool(rest.requests) and enough and _is_much(rest) and _is_spread(rest)


def _mostly_fails(kind: TypeAnalysis) -> bool:
    """At least half of every dyno's requests fail. Bursts make 6,000 of 6,000 failures in a minute fewer than
    20 events: too few to accuse a dyno by, but no reason to call an outage too little data."""
    served = [dyno.facts for dyno in kind.dynos if dyno.facts.requests]
    return kind.errors >= MIN_EVENTS and all(facts.errors.n * 2 >= facts.requests for facts in served)


def _is_much(kind: TypeAnalysis) -> bool:
    return kind.errors / kind.requests >= MIN_RATE or kind.onset is not None


def _is_spread(kind: TypeAnalysis) -> bool:
    """On at least half of the dynos that served, of those judged as well, never on fewer than two, and most errors
    with a dyno."""
    touched = {dyno.incarnation.dyno for dyno in kind.dynos if dyno.facts.errors.n}
    judged = {dyno.incarnation.dyno for dyno in kind.assessed}
    is_wide = len(touched) >= max(2, len(kind.served) / 2) and len(touched & judged) >= len(judged) / 2
    return is_wide and kind.unplaced * 2 <= kind.errors


def _severity(kind: TypeAnalysis) -> Severity:
    rate = kind.onset.after[0] / kind.onset.after[1] if kind.onset else kind.errors / kind.requests
    return "critical" if rate >= CRITICAL_RATE else "warning"


def _began(kind: TypeAnalysis, analysis: Analysis) -> tuple[list[str], Release | None]:
    """When the errors began, and the release just before, as sentences of the clock only."""
    cut, began = kind.onset, kind.errors_began
    if cut is None or began is None:
        return _began_unseen(kind, analysis)
    zone, near = analysis.observations.zone, analysis.observations.at.timestamp()
    before, after = percent(cut.before[0] / cut.before[1]), percent(cut.after[0] / cut.after[1])
    # Rates are counted in cells, so the cut may stand one cell before what happened inside it.
    release = _release_before(began, analysis)
    when = f"They began about {clock(began, zone, near=near)}"
    numbers = (
        f"{before} before ({cut.before[0]} of {cut.before[1]:,}), {after} after ({cut.after[0]} of {cut.after[1]:,})"
    )
    if release is None or release.created_at is None:
        return ([f"{when}: {numbers}. No release came shortly before."], None)
    gap = began - release.created_at.timestamp()
    relation = f"{duration(gap)} after" if gap >= 30 else "at about the time of"
    return ([f"{when}, {relation} release v{release.version}: {numbers}. The order in time is no proof."], release)


def _release_before(began: float, analysis: Analysis) -> Release | None:
    """The newest release of the quarter of an hour before. A cut may stand a cell before what happened inside it."""
    near = [
        r
        for r in analysis.observations.releases
        if r.created_at is not None and -60.0 <= began - r.created_at.timestamp() <= RELEASE_REACH
    ]
    return max(near, key=lambda r: r.version, default=None)


def _began_unseen(kind: TypeAnalysis, analysis: Analysis) -> tuple[list[str], Release | None]:
    first = _first_error(kind, analysis)
    told = [f"When they began cannot be told: {_first_seen(first, analysis)}."]
    release = _release_before(first, analysis)
    if release is not None and release.created_at is not None:
        at = clock(
            release.created_at.timestamp(), analysis.observations.zone, near=analysis.observations.at.timestamp()
        )
        told.append(f"Release v{release.version} came at {at}; whether they began with it is not shown.")
    return (told, release)


def _first_error(kind: TypeAnalysis, analysis: Analysis) -> float:
    starts = (start for dyno in kind.dynos for spans in dyno.facts.errors.bursts.values() for start, _ in spans)
    return min(starts, default=analysis.observations.start)


def _first_seen(first: float, analysis: Analysis) -> str:
    if first - analysis.observations.start < (analysis.observations.end - analysis.observations.start) / 10:
        return "the window opens with them"
    near = analysis.observations.at.timestamp()
    return f"the first came at {clock(first, analysis.observations.zone, near=near)}, with too few requests before to compare"


def _whole(kind: TypeAnalysis, analysis: Analysis) -> Claim:
    rates = sorted(
        dyno.facts.errors.n / dyno.facts.requests
        for dyno in kind.assessed or kind.dynos
        if dyno.facts.requests and not dyno.over
    ) or [kind.errors / kind.requests]
    spread = (
        percent(rates[0])
        if percent(rates[0]) == percent(rates[-1])
        else f"{percent(rates[0])[:-2]}-{percent(rates[-1])}"
    )
    touched, served = len({dyno.incarnation.dyno for dyno in kind.dynos if dyno.facts.errors.n}), len(kind.served)
    over = f"all {served}" if touched == served else f"{touched} of {served}"
    that = "" if served == len(kind.names) else " that served"
    began, release = _began(kind, analysis)
    return Claim(
        kind="whole_app",
        severity=_severity(kind),
        confidence="high" if len(kind.assessed) >= 2 and kind.events >= MIN_EVENTS else "medium",
        label="WHOLE APP",
        summary=f"errors are spread over {over} {kind.name} dynos{that} ({spread}); none stands out",
        details=(
            f"{kind.errors:,} of {kind.requests:,} requests fail ({percent(kind.errors / kind.requests)}; "
            f"{interval(kind.errors, kind.requests)}): {codes_in_words(kind.by_code)}.",
            *began,
            *_uneven(kind),
        ),
        not_claimed=("what all dynos share that fails",),
        actions=_actions(release, analysis),
        evidence=tuple(_latest_lines(kind.dynos)[:3]),
        runbook=max(kind.by_code.items(), key=lambda item: (item[1], item[0]))[0],
    )


def _uneven(kind: TypeAnalysis) -> list[str]:
    names = [named(dyno.incarnation) for dyno in kind.dynos if dyno.assessment.standing == "suspect"]
    if not names:
        return []
    return [f"The rates differ: more on {listed(names)}, though not by all the rules that accuse a dyno."]


def _single(kind: TypeAnalysis, analysis: Analysis) -> Claim:
    began, release = _began(kind, analysis)
    dyno = kind.dynos[-1]
    low = wilson(kind.errors, kind.requests)[0]
    return Claim(
        kind="single_dyno",
        severity=_severity(kind),
        confidence="medium" if low >= MIN_RATE else "low",
        label="SINGLE DYNO",
        summary=f"{kind.errors:,} of {kind.requests:,} requests fail on {named(dyno.incarnation)}, the only {kind.name} dyno: "
        "dyno and app cannot be told apart",
        details=(
            f"That is {percent(kind.errors / kind.requests)} ({interval(kind.errors, kind.requests)}): "
            f"{codes_in_words(kind.by_code)}.",
            *began,
        ),
        not_claimed=("whether the dyno or the app is at fault",),
        actions=(
            *_actions(release, analysis, restarts_useless=False),
            suggestion(
                "a second dyno would give something to compare with",
                "herodyno", "scale", f"{kind.name}=2", *on_app(analysis),
                effect="one more dyno, billed by the second",
            ),
        ),
        dyno=dyno.incarnation.dyno,
        dyno_id=dyno.incarnation.id,
        evidence=tuple(_latest_lines(kind.dynos)[:3]),
        runbook=max(kind.by_code.items(), key=lambda item: (item[1], item[0]))[0],
    )  # fmt: skip


def _actions(release: Release | None, analysis: Analysis, *, restarts_useless: bool = True) -> tuple[Action, ...]:
    app = on_app(analysis)
    advice: list[Action] = []
    if release is not None:
        advice.append(suggestion("look first", "heroku", "releases:info", f"v{release.version}", *app))
        advice += rollback(release.version, analysis)
    else:
        advice.append(suggestion("look at what all dynos share: database, upstream services, config"))
    if restarts_useless:
        advice.append(suggestion("not useful: restarting dynos (all are affected alike)"))
    return tuple(advice)


def _latest_lines(dynos: list[IncarnationAnalysis]) -> list[EvidenceLine]:
    return sorted((line for dyno in dynos for line in dyno.facts.evidence.of(*dyno.facts.errors.by_code)), reverse=True)


def errors_in_words(kind: TypeAnalysis) -> str:
    """ "12 errors in 1,000 requests (1.2 %; 0.7-2.1 %)"."""
    return (
        f"{count(kind.errors, 'server error')} in {kind.requests:,} requests "
        f"({percent(kind.errors / kind.requests)}; {interval(kind.errors, kind.requests)})"
    )
