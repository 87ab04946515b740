"""One dyno, or some: errors that stand out from the peers by all six rules, unless one client or path explains them."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import LifeStudy, Study, TypeStudy
from herodyno.diagnosis.claims.claim import Claim, look, on_app
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.phrases import clock, interval, listed, named, one_in
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.peers import peers_of
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.units import count, megabytes, percent, share

# A dyno on which at least this share of requests fails for certain is an emergency.
CRITICAL_RATE = 0.05
STICKY_SHARE = 0.6
# "That others did not serve": less than a tenth of what their share of the traffic would bring.
UNSHARED = 0.1


def claims(study: Study) -> list[Claim]:
    """At most one claim a process type, and one for each of its outliers that one client or path explains."""
    found = []
    for kind in study.types.values():
        guilty = []
        for life in (life for life in kind.outliers if life.in_focus):
            sticky = _sticky(life, kind)
            if sticky is None:
                guilty.append(life)
            else:
                found.append(_one_client_or_path(life, kind, *sticky))
        if guilty:
            found.append(_accuse(guilty, kind, study))
    return found


def _accuse(guilty: Sequence[LifeStudy], kind: TypeStudy, study: Study) -> Claim:
    errors = sum(life.facts.errors.n for life in guilty)
    requests = sum(life.facts.requests for life in guilty)
    names = listed([named(life.life) for life in guilty])
    gone = [life for life in guilty if study.case.is_replaced(life.life)]
    replaced = len(gone) == len(guilty)
    verb = ("caused" if replaced else "causes") if len(guilty) == 1 else ("caused" if replaced else "cause")
    summary = f"{names} {verb} {errors} of {count(kind.errors, 'server error')}"
    worst = guilty[0]
    details = [_shares(guilty, kind, requests, errors)]
    details += [_what_became(life, study) for life in gone]
    details += _memory_too(guilty, kind)
    severity: Severity = "warning" if replaced or _low_rate(worst) < CRITICAL_RATE else "critical"
    single = len(guilty) == 1
    return Claim(
        kind="one_dyno" if single else "some_dynos",
        severity=severity,
        confidence="high" if all(life.assessment.confidence == "high" for life in guilty) else "medium",
        label="ONE DYNO" if single else "SOME DYNOS",
        summary=summary + (_replaced_when(worst, study) if replaced and single else ""),
        details=tuple(details),
        not_claimed=(
            f"why {listed([life.life.dyno for life in guilty])} fail{'s' if len(guilty) == 1 else ''}",
            "whether it will recur",
        ),
        actions=_actions(guilty, kind, study, replaced=replaced),
        dyno=worst.life.dyno,
        dyno_id=worst.life.id,
        evidence=tuple(line for life in guilty for line in life.facts.evidence.of(*life.facts.errors.by_code)[:3])[:6],
        runbook=max(worst.facts.errors.by_code.items(), key=lambda item: (item[1], item[0]))[0],
        replaced=replaced,
    )


def _low_rate(life: LifeStudy) -> float:
    return wilson(life.facts.errors.n, life.facts.requests)[0]


def _shares(guilty: Sequence[LifeStudy], kind: TypeStudy, requests: int, errors: int) -> str:
    own = listed([life.life.dyno for life in guilty])
    rest_requests = kind.requests - requests
    rest_errors = kind.errors - errors
    which = "It has" if len(guilty) == 1 else "They have"
    return (
        f"{which} {share(requests, kind.requests)} of the requests and {share(errors, kind.errors)} of the errors: "
        f"{one_in(errors / requests)} on {own} fails ({interval(errors, requests)}); "
        f"elsewhere {rest_errors} in {count(rest_requests)} ({interval(rest_errors, rest_requests)})."
    )


def _left_at(life: LifeStudy, study: Study) -> str:
    successor = study.case.successor(life.life)
    left = life.life.end if life.life.end is not None else successor.start if successor else None
    return clock(left or study.case.end, study.case.zone, near=study.case.at.timestamp())


def _left_unseen(life: LifeStudy, study: Study) -> bool:
    """Whether it ended after the log: only the API's list, asked later, shows that it is gone."""
    return life.life.end is None or life.life.end > study.case.end


def _runs_beside(life: LifeStudy, study: Study) -> bool:
    """Whether its successor is in the log already, and no line says that it was stopped (preboot)."""
    successor = study.case.successor(life.life)
    begun = successor is not None and successor.start is not None and successor.start <= study.case.end
    return life.life.end is None and begun


def _replaced_when(life: LifeStudy, study: Study) -> str:
    if _runs_beside(life, study):
        return "; its successor runs already"
    if _left_unseen(life, study):
        return "; replaced since the log ended"
    return f"; already replaced at {_left_at(life, study)}"


def _what_became(life: LifeStudy, study: Study) -> str:
    successor = study.case.successor(life.life)
    if successor is not None and successor.start is not None and _runs_beside(life, study):
        since = clock(successor.start, study.case.zone, near=study.case.at.timestamp())
        return (
            f"{named(successor)} runs under that name since {since}, and no line says that {named(life.life)} was "
            "stopped: with preboot both run for minutes; requests since then are counted for neither."
        )
    if _left_unseen(life, study):
        now = f"the API lists {named(successor)} under that name" if successor else "the API lists no such dyno"
        return f"{named(life.life)} is gone since: {now}, and this log says nothing of it."
    ended = f"{named(life.life)} ended at {_left_at(life, study)}"
    if successor is None:
        return f"{ended} and has no successor in this window."
    facts = study.case.facts_of(successor)
    if not facts.requests:
        return f"{ended}; of the new {named(successor)} this log holds no request."
    return (
        f"{ended}; the new {named(successor)} has {facts.errors.n} of {count(facts.requests)} requests failing "
        f"({interval(facts.errors.n, facts.requests)})."
    )


def _memory_too(guilty: Sequence[LifeStudy], kind: TypeStudy) -> list[str]:
    over = [life for life in kind.lives if _is_over_quota(life)]
    told = []
    for life in guilty:
        if _is_over_quota(life):
            last, quota = life.facts.memory.last, life.quota_mb
            assert last is not None
            assert quota is not None
            is_, it = ("was", "It was") if life.over else ("is", "It is")
            only = f"{it} also the only dyno" if len(over) == len(guilty) == 1 else f"{life.life.dyno} {is_} also"
            told.append(f"{only} over its memory quota ({last[1]:,.0f} of {megabytes(quota)}).")
    return told


def _is_over_quota(life: LifeStudy) -> bool:
    last = life.facts.memory.last
    return last is not None and life.quota_mb is not None and last[1] > life.quota_mb


def _actions(guilty: Sequence[LifeStudy], kind: TypeStudy, study: Study, *, replaced: bool) -> tuple[Action, ...]:
    if replaced:
        beside = any(_runs_beside(life, study) for life in guilty)
        left = "the dyno that failed is " + ("about to be stopped by Heroku" if beside else "gone")
        return (
            look(
                f"nothing to restart: {left}; watch its successor",
                "herodyno", "diagnose", "--listen", "5m", *on_app(study),
                effect="reads the log for five minutes and judges again",
            ),
        )  # fmt: skip
    return tuple(restart_one(life, kind, study) for life in guilty if not study.case.is_replaced(life.life))


def _sticky(life: LifeStudy, kind: TypeStudy) -> tuple[str, str, int] | None:
    """("client" or "path", value, errors) when most errors come from one that the peers did not serve."""
    peers = peers_of(life.subject, [other.subject for other in kind.lives])
    own_requests, peer_requests = life.facts.requests, sum(peer.facts.requests for peer in peers)
    candidates: list[tuple[str, Tally, Tally, list[Tally]]] = [
        ("client", life.facts.errors.clients, life.facts.clients, [peer.facts.clients for peer in peers]),
        ("path", life.facts.errors.paths, life.facts.paths, [peer.facts.paths for peer in peers]),
    ]
    for word, failed, served, elsewhere in candidates:
        for value, n in failed.top(1):
            if not value or n <= STICKY_SHARE * life.facts.errors.n:
                continue
            others = sum(tally[value] for tally in elsewhere)
            expected = served[value] * peer_requests / max(1, own_requests)
            if others <= UNSHARED * expected:
                return (word, value, n)
    return None


def _one_client_or_path(life: LifeStudy, kind: TypeStudy, word: str, value: str, n: int) -> Claim:
    shown = redact(value) if word == "client" else redact_path(value)
    errors = life.facts.errors.n
    return Claim(
        kind="one_client_or_path",
        severity="warning",
        confidence=life.assessment.confidence,
        label="ONE CLIENT" if word == "client" else "ONE PATH",
        summary=f"{n} of {count(errors, 'server error')} on {named(life.life)} come from one {word}, {shown}, "
        "that no other dyno served",
        details=(
            f"So the {word} cannot be told from the dyno: {errors} of {count(life.facts.requests)} requests fail there "
            f"({percent(errors / life.facts.requests)}).",
        ),
        not_claimed=(f"whether {life.life.dyno} or the {word} is at fault",),
        actions=(look(f"look at {shown} first: the same {word} on another dyno would tell them apart"),),
        dyno=life.life.dyno,
        dyno_id=life.life.id,
        evidence=tuple(life.facts.evidence.of(*life.facts.errors.by_code)[:3]),
    )
