"""A single dyno fails, or the only one that served: without peers, dyno and app cannot be told apart."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.app.advice import actions_for, scale_back
from herodyno.diagnosis.claims.app.rules import MIN_RATE, names_of, severity_of
from herodyno.diagnosis.claims.app.since_onset import since_onset
from herodyno.diagnosis.claims.beginning import beginning
from herodyno.diagnosis.claims.claim import Claim, error_lines, on_app, suggestion, top_code
from herodyno.diagnosis.claims.over import errors_since, last_seen
from herodyno.diagnosis.report.phrases import codes_in_words, interval, named
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.dynos import Release
from herodyno.units import count, percent

MIN_EVENTS_SINGLE = 5
# What a single dyno leaves open, as long as nothing else speaks for the app.
UNTOLD = ": dyno and app cannot be told apart"
# A dyno served alone when the others were sent this part of the requests at most.
_HARDLY = 0.1


def is_single(process_type: TypeAnalysis, analysis: Analysis) -> bool:
    """Whether no other dyno can be compared with: none is wanted, or the log has lines of no other."""
    if analysis.observations.source.kind == "log-session":
        return len(process_type.names) == 1 and process_type.quantity.wanted in (None, 0, 1)
    return len({dyno.name for dyno in process_type.dynos if dyno.facts.lines}) == 1


def served_alone(process_type: TypeAnalysis) -> TypeAnalysis | None:
    """The type without the dynos that hardly served while it failed, if that leaves one of several.

    Requests that two dynos of one name could have served may be of others.
    """
    names = names_of(process_type.exposed)
    if len(names) != 1 or len(names_of(process_type.dynos)) == 1:
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


def single_dyno(process_type: TypeAnalysis, only: str, analysis: Analysis) -> Claim:
    """The claim. `only` says of how many dynos it is the only one: "the only web dyno in this file"."""
    errors, requests = process_type.errors, process_type.requests
    begun = beginning(process_type, analysis)
    dyno = [dyno for dyno in process_type.dynos if dyno.facts.lines][-1]
    is_one_life = sum(bool(each.facts.requests) for each in process_type.dynos) == 1
    is_alone = process_type.quantity.wanted == 1
    is_over = process_type.tense.ongoing is False
    return Claim(
        kind="single_dyno",
        severity=severity_of(process_type),
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
            *_peers_elsewhere(process_type, analysis.observations.this_log),
        ),
        not_claimed=(f"whether the dyno or the app {'was' if is_over else 'is'} at fault",),
        actions=_single_actions(process_type, begun.release, analysis),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
        tense=process_type.tense,
        sides=since_onset(process_type, begun.release, analysis),
    )


def _peers_elsewhere(process_type: TypeAnalysis, this_log: str) -> list[str]:
    """What is known of the dynos that the log says nothing of."""
    name, (least, wanted, source, _) = process_type.name, process_type.quantity
    if wanted is not None and wanted > 1:
        return [f"{count(wanted, f'{name} dyno')} are wanted ({source}); {this_log} has no line of the others."]
    if least > 1:
        return [f"Its number proves at least {least} {name} dynos; {this_log} has no line of the others."]
    return []


def _single_actions(process_type: TypeAnalysis, release: Release | None, analysis: Analysis) -> tuple[Action, ...]:
    app = on_app(analysis)
    if process_type.quantity.wanted == 1:
        if back := scale_back(process_type, analysis):
            return (*back, *actions_for(release, analysis, restarts_useless=False))
        second = suggestion(
            "a second dyno would give something to compare with",
            "herodyno", "scale", f"{process_type.name}+1", *app,
            effect="one more dyno, billed by the second",
        )  # fmt: skip
        return (*actions_for(release, analysis, restarts_useless=False), second)
    beside = suggestion(
        "judge it beside its peers: a log of the whole app, not of one dyno",
        "herodyno", "diagnose", *app,
        effect="asks the API how many dynos there are, and reads the lines of all",
    )  # fmt: skip
    return (beside, *(actions_for(release, analysis, restarts_useless=False) if release else ()))
