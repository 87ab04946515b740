"""When nothing stands out: nothing found, with how much was looked at, or not enough data to say even that."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, look_longer
from herodyno.diagnosis.claims.minor import few_errors
from herodyno.diagnosis.claims.whole_app import MIN_EVENTS, MIN_RATE
from herodyno.diagnosis.report.phrases import codes_in_words, count, duration, interval, named, percent
from herodyno.diagnosis.report.report import Confidence
from herodyno.diagnosis.statistics.rates import wilson

# Below this there is no saying that nothing was wrong.
MIN_REQUESTS = 50
MIN_LINES = 100


def fallback(analysis: Analysis) -> Claim:
    """The verdict when no other claim holds."""
    thin = [kind for kind in analysis.types.values() if kind.errors and _cannot_tell(kind)]
    if thin:
        return _not_enough_errors(max(thin, key=lambda kind: kind.errors), analysis)
    brief = [kind for kind in analysis.types.values() if kind.acquitted_by_episodes and _may_be_much(kind)]
    if brief:
        return _only_moments(max(brief, key=lambda kind: kind.errors), analysis)
    unjudged = [kind for kind in analysis.types.values() if _is_on_the_unjudged(kind)]
    if unjudged:
        return _not_judged(max(unjudged, key=lambda kind: kind.errors), analysis)
    facts = analysis.observations.facts
    if facts.lines - facts.unread < MIN_LINES and facts.router_lines < MIN_REQUESTS:
        return _hardly_anything(analysis)
    return _nothing(analysis)


def few(analysis: Analysis) -> list[Claim]:
    """The errors that no other claim speaks of, as findings."""
    return [few_errors(kind) for kind in analysis.types.values() if kind.errors]


def _cannot_tell(kind: TypeAnalysis) -> bool:
    """Too few independent errors to judge, in too few requests to say that the rate is below 1 %."""
    return kind.events < MIN_EVENTS and _may_be_much(kind)


def _may_be_much(kind: TypeAnalysis) -> bool:
    return wilson(kind.errors, kind.requests)[1] >= MIN_RATE


def _is_on_the_unjudged(kind: TypeAnalysis) -> bool:
    """At least half of not a few errors are on dynos that could not be held against peers, or on one of two."""
    unjudged = sum(dyno.facts.errors.n for dyno in kind.dynos if dyno.assessment.standing == "not_assessed")
    unjudged += kind.unplaced
    return kind.events >= MIN_EVENTS and kind.errors / kind.requests >= MIN_RATE and unjudged * 2 >= kind.errors


def _not_judged(kind: TypeAnalysis, analysis: Analysis) -> Claim:
    """No accusation below the floors, but no "nothing found" either."""
    dynos = [dyno for dyno in kind.dynos if dyno.facts.errors.n and dyno.assessment.standing == "not_assessed"]
    dynos.sort(key=lambda dyno: (-dyno.facts.errors.n, dyno.incarnation.key))
    beside = (
        f"{kind.unplaced} of them came while an old dyno ran beside the new one of its name: either may have failed."
    )
    return Claim(
        kind="not_enough_data",
        severity="info",
        confidence="low",
        label="NOT ENOUGH DATA",
        summary=f"{count(kind.errors, 'server error')} in {kind.requests:,} requests "
        f"({percent(kind.errors / kind.requests)}; {interval(kind.errors, kind.requests)}), mostly on dynos that "
        "cannot be judged",
        details=(
            *([beside] if kind.unplaced else []),
            *(
                f"{named(dyno.incarnation)}: {dyno.facts.errors.n} of {dyno.facts.requests:,} requests failed; not judged: "
                f"{dyno.assessment.reason}."
                for dyno in dynos[:4]
            ),
        ),
        not_claimed=("whether dyno, release or app is at fault",),
        actions=look_longer(analysis),
        evidence=few_errors(kind).evidence,
    )


def _only_moments(kind: TypeAnalysis, analysis: Analysis) -> Claim:
    """Much failed on one dyno, but only at a few moments: as likely the beginning of something as nothing."""
    dynos = sorted(kind.acquitted_by_episodes, key=lambda dyno: (-dyno.facts.errors.n, dyno.incarnation.key))
    seconds = analysis.observations.end - analysis.observations.start
    worst = dynos[0]
    return Claim(
        kind="not_enough_data",
        severity="info",
        confidence="low",
        label="NOT ENOUGH DATA",
        summary=f"{worst.facts.errors.n} of {count(kind.errors, 'server error')} are on {named(worst.incarnation)}, "
        f"all at {count(worst.assessment.episodes, 'moment')} of {duration(seconds)}",
        details=tuple(
            f"{named(dyno.incarnation)}: {dyno.facts.errors.n} of {dyno.facts.requests:,} requests failed "
            f"({percent(dyno.facts.errors.n / dyno.facts.requests)}; "
            f"{interval(dyno.facts.errors.n, dyno.facts.requests)}), at {count(dyno.assessment.episodes, 'moment')}. "
            "A dyno that hangs now and then fails as much: it is not accused."
            for dyno in dynos[:4]
        ),
        not_claimed=("whether the dyno fails or hung once",),
        actions=look_longer(analysis),
        evidence=few_errors(kind).evidence,
    )


def _not_enough_errors(kind: TypeAnalysis, analysis: Analysis) -> Claim:
    seconds = analysis.observations.end - analysis.observations.start
    holders = [dyno for dyno in kind.dynos if dyno.facts.errors.n]
    on_one = len({dyno.incarnation.dyno for dyno in holders}) == 1 and not kind.unplaced
    where = f", all on {holders[0].incarnation.dyno}," if on_one and kind.errors > 1 else ""
    dynos = len(kind.served)
    details = []
    if on_one and dynos > 1 and kind.events > 1:
        chance = dynos ** (kind.events - 1)
        details.append(
            f"With {dynos} dynos that happens by chance about once in {chance:,} looks: no dyno is accused."
            if chance <= 1000
            else "No dyno is accused: the rules ask for more events, or more requests to compare with."
        )
    if kind.requests and seconds > 0:
        details.append(
            f"{kind.errors:,} of {kind.requests:,} requests is {percent(kind.errors / kind.requests)} "
            f"({interval(kind.errors, kind.requests)}); {analysis.observations.facts.lines / seconds:.1f} lines/s were written."
        )
    return Claim(
        kind="not_enough_data",
        severity="info",
        confidence="low",
        label="NOT ENOUGH DATA",
        summary=f"{count(kind.errors, 'error')}{where} in {count(kind.requests, 'request')} over {duration(seconds)}",
        details=tuple(details),
        not_claimed=("which dyno, if any", "whether the rate is unusual"),
        actions=look_longer(analysis),
        evidence=few_errors(kind).evidence,
    )


def _hardly_anything(analysis: Analysis) -> Claim:
    facts = analysis.observations.facts
    details = []
    if facts.unread:
        details.append(f"{facts.unread:,} of {count(facts.lines, 'line')} are not in the form of Heroku's log.")
    if analysis.observations.app.generation == "fir":
        details.append("Fir keeps no log history: only a live look can tell.")
    return Claim(
        kind="not_enough_data",
        severity="info",
        confidence="low",
        label="NOT ENOUGH DATA",
        summary=f"{count(facts.router_lines, 'request')} and {count(facts.lines - facts.unread, 'line')} "
        f"in {duration(analysis.observations.end - analysis.observations.start)} say too little",
        details=tuple(details),
        not_claimed=("that all is well",),
        actions=look_longer(analysis),
    )


def _nothing(analysis: Analysis) -> Claim:
    facts = analysis.observations.facts
    requests, errors = facts.router_lines, sum(kind.errors for kind in analysis.types.values())
    named = {code: n for kind in analysis.types.values() for code, n in kind.by_code.items()}
    span = f"{count(facts.lines, 'line')} / {duration(analysis.observations.end - analysis.observations.start)}"
    if errors:
        summary = (
            f"no dyno stands out: {count(errors, 'server error')} in {requests:,} requests "
            f"({codes_in_words(named)}; {interval(errors, requests)}), {span}"
        )
    elif requests:
        summary = f"no errors seen in {span}: 0 of {count(requests, 'request')} failed ({interval(0, requests)})"
    else:
        summary = f"no errors seen in {span}; no router lines, so no rate"
    high = wilson(errors, requests)[1]
    confidence: Confidence = "high" if high <= MIN_RATE else "medium" if requests >= MIN_REQUESTS else "low"
    return Claim(
        kind="nothing_found",
        severity="info",
        confidence=confidence,
        label="NOTHING FOUND",
        summary=summary,
        not_claimed=("anything outside this window",),
    )
