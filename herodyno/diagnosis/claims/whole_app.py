"""The whole app: errors spread over its dynos, none standing out; or its single dyno, which cannot be told from it."""

from __future__ import annotations

from herodyno.diagnosis.analysis import LifeStudy, Study, TypeStudy
from herodyno.diagnosis.claims.claim import Claim, look, on_app
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.counting.facts import Line
from herodyno.diagnosis.report.phrases import clock, codes_in_words, interval, listed, named
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.dynos import Release
from herodyno.units import count, percent, spoken_duration

MIN_EVENTS = 20
MIN_EVENTS_SINGLE = 5
MIN_RATE = 0.01
CRITICAL_RATE = 0.02
# A release this long before the errors began is worth naming.
RELEASE_REACH = 900.0


def claims(study: Study) -> list[Claim]:
    """At most one claim a process type."""
    found = []
    for kind in study.types.values():
        if kind.outliers or not kind.requests:
            continue
        if _is_single(kind, study):
            if (kind.events >= MIN_EVENTS_SINGLE or _mostly_fails(kind)) and _is_much(kind):
                found.append(_single(kind, study))
        elif _is_whole(kind.without(kind.momentary)):
            found.append(_whole(kind, study))
    return found


def _is_single(kind: TypeStudy, study: Study) -> bool:
    wanted = next((row.quantity for row in study.case.formation or () if row.type == kind.name), None)
    return len(kind.names) == 1 and wanted in (None, 0, 1)


def _is_whole(rest: TypeStudy) -> bool:
    """Whether so many dynos fail so much, those left out that only failed at a few moments of their own."""
    enough = rest.events >= MIN_EVENTS or _mostly_fails(rest)
    return bool(rest.requests) and enough and _is_much(rest) and _is_spread(rest)


def _mostly_fails(kind: TypeStudy) -> bool:
    """At least half of every dyno's requests fail. Bursts make 6,000 of 6,000 failures in a minute fewer than
    20 events: too few to accuse a dyno by, but no reason to call an outage too little data."""
    served = [life.facts for life in kind.lives if life.facts.requests]
    return kind.errors >= MIN_EVENTS and all(facts.errors.n * 2 >= facts.requests for facts in served)


def _is_much(kind: TypeStudy) -> bool:
    return kind.errors / kind.requests >= MIN_RATE or kind.onset is not None


def _is_spread(kind: TypeStudy) -> bool:
    """On at least half of the dynos that served, of those judged as well, never on fewer than two, and most errors
    with a dyno."""
    touched = {life.life.dyno for life in kind.lives if life.facts.errors.n}
    judged = {life.life.dyno for life in kind.assessed}
    is_wide = len(touched) >= max(2, len(kind.served) / 2) and len(touched & judged) >= len(judged) / 2
    return is_wide and kind.unplaced * 2 <= kind.errors


def _severity(kind: TypeStudy) -> Severity:
    rate = kind.onset.after[0] / kind.onset.after[1] if kind.onset else kind.errors / kind.requests
    return "critical" if rate >= CRITICAL_RATE else "warning"


def _began(kind: TypeStudy, study: Study) -> tuple[list[str], Release | None]:
    """When the errors began, and the release just before, as sentences of the clock only."""
    cut, began = kind.onset, kind.errors_began
    if cut is None or began is None:
        return _began_unseen(kind, study)
    zone, near = study.case.zone, study.case.at.timestamp()
    before, after = percent(cut.before[0] / cut.before[1]), percent(cut.after[0] / cut.after[1])
    # Rates are counted in cells, so the cut may stand one cell before what happened inside it.
    release = _release_before(began, study)
    when = f"They began about {clock(began, zone, near=near)}"
    numbers = (
        f"{before} before ({cut.before[0]} of {count(cut.before[1])}), "
        f"{after} after ({cut.after[0]} of {count(cut.after[1])})"
    )
    if release is None or release.created_at is None:
        return ([f"{when}: {numbers}. No release came shortly before."], None)
    gap = began - release.created_at.timestamp()
    relation = f"{spoken_duration(gap)} after" if gap >= 30 else "at about the time of"
    return ([f"{when}, {relation} release v{release.version}: {numbers}. The order in time is no proof."], release)


def _release_before(began: float, study: Study) -> Release | None:
    """The newest release of the quarter of an hour before. A cut may stand a cell before what happened inside it."""
    near = [
        r
        for r in study.case.releases
        if r.created_at is not None and -60.0 <= began - r.created_at.timestamp() <= RELEASE_REACH
    ]
    return max(near, key=lambda r: r.version, default=None)


def _began_unseen(kind: TypeStudy, study: Study) -> tuple[list[str], Release | None]:
    first = _first_error(kind, study)
    told = [f"When they began cannot be told: {_first_seen(first, study)}."]
    release = _release_before(first, study)
    if release is not None and release.created_at is not None:
        at = clock(release.created_at.timestamp(), study.case.zone, near=study.case.at.timestamp())
        told.append(f"Release v{release.version} came at {at}; whether they began with it is not shown.")
    return (told, release)


def _first_error(kind: TypeStudy, study: Study) -> float:
    starts = (start for life in kind.lives for spans in life.facts.errors.bursts.values() for start, _ in spans)
    return min(starts, default=study.case.start)


def _first_seen(first: float, study: Study) -> str:
    if first - study.case.start < (study.case.end - study.case.start) / 10:
        return "the window opens with them"
    near = study.case.at.timestamp()
    return f"the first came at {clock(first, study.case.zone, near=near)}, with too few requests before to compare"


def _whole(kind: TypeStudy, study: Study) -> Claim:
    rates = sorted(
        life.facts.errors.n / life.facts.requests
        for life in kind.assessed or kind.lives
        if life.facts.requests and not life.over
    ) or [kind.errors / kind.requests]
    spread = (
        percent(rates[0])
        if percent(rates[0]) == percent(rates[-1])
        else f"{percent(rates[0])[:-2]}-{percent(rates[-1])}"
    )
    touched, served = len({life.life.dyno for life in kind.lives if life.facts.errors.n}), len(kind.served)
    over = f"all {served}" if touched == served else f"{touched} of {served}"
    that = "" if served == len(kind.names) else " that served"
    began, release = _began(kind, study)
    return Claim(
        kind="whole_app",
        severity=_severity(kind),
        confidence="high" if len(kind.assessed) >= 2 and kind.events >= MIN_EVENTS else "medium",
        label="WHOLE APP",
        summary=f"errors are spread over {over} {kind.name} dynos{that} ({spread}); none stands out",
        details=(
            f"{count(kind.errors)} of {count(kind.requests)} requests fail ({percent(kind.errors / kind.requests)}; "
            f"{interval(kind.errors, kind.requests)}): {codes_in_words(kind.by_code)}.",
            *began,
            *_uneven(kind),
        ),
        not_claimed=("what all dynos share that fails",),
        actions=_actions(release, study),
        evidence=tuple(_latest_lines(kind.lives)[:3]),
        runbook=max(kind.by_code.items(), key=lambda item: (item[1], item[0]))[0],
    )


def _uneven(kind: TypeStudy) -> list[str]:
    names = [named(life.life) for life in kind.lives if life.assessment.standing == "suspect"]
    if not names:
        return []
    return [f"The rates differ: more on {listed(names)}, though not by all the rules that accuse a dyno."]


def _single(kind: TypeStudy, study: Study) -> Claim:
    began, release = _began(kind, study)
    life = kind.lives[-1]
    low = wilson(kind.errors, kind.requests)[0]
    return Claim(
        kind="single_dyno",
        severity=_severity(kind),
        confidence="medium" if low >= MIN_RATE else "low",
        label="SINGLE DYNO",
        summary=f"{count(kind.errors)} of {count(kind.requests)} requests fail on {named(life.life)}, "
        f"the only {kind.name} dyno: dyno and app cannot be told apart",
        details=(
            f"That is {percent(kind.errors / kind.requests)} ({interval(kind.errors, kind.requests)}): "
            f"{codes_in_words(kind.by_code)}.",
            *began,
        ),
        not_claimed=("whether the dyno or the app is at fault",),
        actions=(
            *_actions(release, study, restarts_useless=False),
            look(
                "a second dyno would give something to compare with",
                "herodyno", "scale", f"{kind.name}=2", *on_app(study),
                effect="one more dyno, billed by the second",
            ),
        ),
        dyno=life.life.dyno,
        dyno_id=life.life.id,
        evidence=tuple(_latest_lines(kind.lives)[:3]),
        runbook=max(kind.by_code.items(), key=lambda item: (item[1], item[0]))[0],
    )  # fmt: skip


def _actions(release: Release | None, study: Study, *, restarts_useless: bool = True) -> tuple[Action, ...]:
    app = on_app(study)
    advice: list[Action] = []
    if release is not None:
        advice.append(look("look first", "heroku", "releases:info", f"v{release.version}", *app))
        advice += rollback(release.version, study)
    else:
        advice.append(look("look at what all dynos share: database, upstream services, config"))
    if restarts_useless:
        advice.append(look("not useful: restarting dynos (all are affected alike)"))
    return tuple(advice)


def _latest_lines(lives: list[LifeStudy]) -> list[Line]:
    return sorted((line for life in lives for line in life.facts.evidence.of(*life.facts.errors.by_code)), reverse=True)


def errors_in_words(kind: TypeStudy) -> str:
    """ "12 errors in 1,000 requests (1.2 %; 0.7-2.1 %)"."""
    return (
        f"{count(kind.errors, 'server error')} in {count(kind.requests)} requests "
        f"({percent(kind.errors / kind.requests)}; {interval(kind.errors, kind.requests)})"
    )
