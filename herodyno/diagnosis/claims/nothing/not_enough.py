"""Not enough data: too few errors, dynos that cannot be judged, too few lines, or no log at all. Each says why."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, on_app, rate_of, suggestion
from herodyno.diagnosis.claims.loss import look_longer, pace
from herodyno.diagnosis.claims.minor import few_errors
from herodyno.diagnosis.report.phrases import UNCOMPARED, interval, listed, named
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.report.undated import told_of_undated
from herodyno.diagnosis.statistics.outliers import MIN_MOMENTS
from herodyno.units import count, percent, spoken_duration

# Dynos named in the sentences below a headline.
_MOST_NAMED = 4
# A chance beyond one in so many says nothing to a reader.
_LONGEST_ODDS = 1000


def _not_enough_data(
    summary: str, details: list[str], not_claimed: tuple[str, ...], actions: tuple[Action, ...], like: Claim | None
) -> Claim:
    """The claim, with the evidence of another one."""
    return Claim(
        kind="not_enough_data",
        severity="info",
        confidence="low",
        label="NOT ENOUGH DATA",
        summary=summary,
        details=tuple(details),
        not_claimed=not_claimed,
        actions=actions,
        evidence=like.evidence if like else (),
    )


def _worst_first(dynos: list[IncarnationAnalysis]) -> list[IncarnationAnalysis]:
    return sorted(dynos, key=lambda dyno: (-dyno.facts.errors.n, dyno.key))


def _failed(dyno: IncarnationAnalysis) -> str:
    return f"{named(dyno.incarnation)}: {dyno.facts.errors.n} of {count(dyno.facts.requests)} requests failed"


def not_judged(process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    """Many errors on dynos below the floors. They are not accused, but "nothing found" would be false."""
    errors, requests = process_type.errors, analysis.asked.requests
    details = []
    if process_type.unplaced:
        details.append(
            f"{process_type.unplaced} of them came while an old dyno ran beside the new one of its name: "
            "either may have failed."
        )
    unjudged = [dyno for dyno in process_type.dynos if dyno.assessment.standing == "not_assessed"]
    for dyno in _worst_first([dyno for dyno in unjudged if dyno.facts.errors.n])[:_MOST_NAMED]:
        details.append(f"{_failed(dyno)}; not judged: {dyno.assessment.reason}.")
    for dyno in _worst_first([dyno for dyno in process_type.dynos if dyno not in unjudged])[:_MOST_NAMED]:
        if silent := dyno.assessment.evenness.unshared:
            details.append(f"{_failed(dyno)}, {count(silent)} of these {UNCOMPARED}.")
    return _not_enough_data(
        f"{count(errors, 'server error')} in {count(requests)} requests ({rate_of(errors, requests)}), "
        "mostly where no dyno can be judged",
        details,
        ("whether dyno, release or app is at fault",),
        look_longer(analysis),
        few_errors(process_type),
    )


def apart_from_peers(process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    """Much failed on a few dynos that the rules do not accuse. That may be the beginning of something, or nothing."""
    dynos = _worst_first(process_type.apart)
    errors = sum(dyno.facts.errors.n for dyno in dynos)
    names = listed([f"{named(dyno.incarnation)}{_age(dyno, analysis)}" for dyno in dynos])
    are = "were" if all(dyno.tense.ongoing is False for dyno in dynos) else "are"
    few = [dyno for dyno in dynos if _failed_in_few_moments(dyno)]
    at = f", all at {count(few[0].assessment.moments, 'moment')}" if few and len(dynos) == 1 else ""
    return _not_enough_data(
        f"{errors} of {count(process_type.errors, 'server error')} {are} on {names}{at}, too little to accuse",
        [
            f"{_failed(dyno)} ({rate_of(dyno.facts.errors.n, dyno.facts.requests)}), "
            f"its peers' rate would bring {_few_or(dyno.assessment.evenness.expected)}; "
            + (f"not accused: {dyno.assessment.reason}." if dyno.assessment.reason else "too little to accuse.")
            + (" A dyno that hangs now and then fails as much." if dyno in few else "")
            for dyno in dynos[:_MOST_NAMED]
        ],
        (f"whether {listed([dyno.name for dyno in dynos])} will go on failing",),
        look_longer(analysis),
        few_errors(process_type),
    )


def _failed_in_few_moments(dyno: IncarnationAnalysis) -> bool:
    return dyno.assessment.standing != "not_assessed" and dyno.assessment.moments < MIN_MOMENTS


def _few_or(errors: float) -> str:
    return "fewer than 1" if errors < 1 else count(round(errors))


def _age(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """ ", 4 min old" for a dyno that began in the window."""
    start, observations = dyno.incarnation.start, analysis.observations
    if start is None or start < observations.start or dyno.over:
        return ""
    return f", {spoken_duration(60 * round((observations.end - start) / 60) or observations.end - start)} old"


def not_enough_errors(process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    """A few errors in a few requests. Even all on one dyno they may be chance."""
    errors, requests, seconds = process_type.errors, analysis.asked.requests, analysis.observations.seconds
    holders = {dyno.name for dyno in process_type.dynos if dyno.facts.errors.n}
    on_one = len(holders) == 1 and not process_type.unplaced
    where = f", all on {min(holders)}," if on_one and errors > 1 else ""
    dynos = len(process_type.served)
    details = []
    if on_one and dynos > 1 and process_type.events > 1:
        # Each further event falls on the dyno of the first with a chance of 1 in `dynos`.
        odds = dynos ** (process_type.events - 1)
        details.append(
            f"With {dynos} dynos that happens by chance about once in {count(odds)} looks: no dyno is accused."
            if odds <= _LONGEST_ODDS
            else "No dyno is accused: the rules ask for more events, or more requests to compare with."
        )
    if requests:
        per_second = pace(analysis)
        details.append(
            f"{count(errors)} of {count(requests, 'request')} {'is' if errors == 1 else 'are'} "
            f"{percent(errors / requests)} ({interval(errors, requests)})"
            + (f"; {per_second:.1f} lines/s were written." if per_second else ".")
        )
    return _not_enough_data(
        f"{count(errors, 'error')}{where} in {count(requests, 'request')} over {spoken_duration(seconds)}",
        details,
        ("which dyno, if any", "whether the rate is unusual"),
        look_longer(analysis),
        few_errors(process_type),
    )


def no_log(analysis: Analysis) -> Claim:
    """The log could not be had. What the API says of the dynos is told."""
    observations = analysis.observations
    details = [_by_the_api(name, analysis) for name in sorted({dyno.type for dyno in observations.dynos or ()})]
    details += [
        f"{row.type}: {row.quantity} wanted, none listed."
        for row in observations.formation or ()
        if row.quantity and not any(dyno.type == row.type for dyno in observations.dynos or ())
    ]
    remedy = (suggestion(observations.source.next_step),) if observations.source.next_step else ()
    again = suggestion("ask again" if not remedy else "then ask again", "herodyno", "diagnose", *on_app(analysis))
    return _not_enough_data(
        f"the log could not be had: {observations.source.failure}",
        details,
        ("that all is well",),
        (*remedy, again),
        None,
    )


def _by_the_api(type_name: str, analysis: Analysis) -> str:
    """ "web: 2 wanted; web.1 and web.2 up."."""
    states: dict[str, list[str]] = {}
    for dyno in analysis.observations.dynos or ():
        if dyno.type == type_name:
            states.setdefault(dyno.state or "in an unknown state", []).append(dyno.name)
    row = next((row for row in analysis.observations.formation or () if row.type == type_name), None)
    wanted = f"{row.quantity} wanted; " if row else ""
    return f"{type_name}: {wanted}" + "; ".join(f"{listed(names)} {state}" for state, names in states.items()) + "."


def hardly_anything(analysis: Analysis) -> Claim:
    """Too few lines to say anything."""
    facts = analysis.observations.facts
    details = []
    if facts.unread:
        details.append(f"{count(facts.unread)} of {count(facts.lines, 'line')} are not in the form of Heroku's log.")
    if facts.first is None:
        details += [f"{told}." for told in told_of_undated(facts)]
    if analysis.observations.app.generation == "fir" and analysis.observations.source.kind != "archive":
        details.append("Fir keeps no log history: only a live look can tell.")
    return _not_enough_data(
        f"{count(facts.router_lines, 'request')} and {count(facts.lines - facts.unread, 'line')} "
        f"in {spoken_duration(analysis.observations.seconds)} say too little",
        details,
        ("that all is well",),
        look_longer(analysis),
        None,
    )
