"""Errors of one dyno that its clients, or one path, explain as well as the dyno: no other dyno served these.

With session affinity a client stays on its dyno. Then the failing clients of one tenant look like a failing dyno.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, suggestion
from herodyno.diagnosis.claims.over import errors_since, last_seen
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.phrases import named
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.diagnosis.statistics.peers import peers_of
from herodyno.diagnosis.statistics.rates import sum_tail
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count, percent

# The part of a dyno's errors that must come from one client or path to explain them.
STICKY_SHARE = 0.6
# A client or path counts as one that the peers did not serve below a tenth of what their share of requests would bring.
UNSHARED = 0.1
# Clients of a failing dyno fail alike. So many that never failed would come by chance once in a thousand dynos.
SPARED_CHANCE = 0.001


def instead_of_the_dyno(
    dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis, tense: Tense
) -> Claim | None:
    """The claim that takes the place of an accusation, if clients or a path explain the errors."""
    if (sticky := _sticky(dyno, process_type)) is not None:
        return _one_client_or_path(dyno, analysis, tense, *sticky)
    return _some_clients(dyno, analysis, tense) if _only_some_clients_fail(dyno, process_type) else None


def _only_some_clients_fail(dyno: IncarnationAnalysis, process_type: TypeAnalysis) -> bool:
    """Whether the failing clients are of this dyno alone, and too many of its clients never failed.

    At one rate for all, a client of n requests has none failing with the probability (1 - rate) ** n. A client of one
    request so proves little, a busy one much.
    """
    failed, served = dyno.facts.errors.clients, dyno.facts.clients
    peers = peers_of(dyno.subject, [other.subject for other in process_type.dynos])
    here = sum(served[client] for client in failed.counts)
    elsewhere = sum(peer.facts.clients[client] for peer in peers for client in failed.counts)
    others = sum(peer.facts.requests for peer in peers)
    rate = dyno.facts.errors.n / dyno.facts.requests
    if not here or rate >= 1 or elsewhere > UNSHARED * here * others / dyno.facts.requests:
        return False
    never = sum(1 for client in served.counts if client not in failed.counts)
    return sum_tail([(1, 1.0, (1 - rate) ** n) for n in served.counts.values()], never) <= SPARED_CHANCE


def _some_clients(dyno: IncarnationAnalysis, analysis: Analysis, tense: Tense) -> Claim:
    come = "came" if tense.ongoing is False else "come"
    failed = dyno.facts.errors.clients.counts
    never = sum(1 for client in dyno.facts.clients.counts if client not in failed)
    return Claim(
        kind="one_client_or_path",
        severity="warning",
        confidence=dyno.assessment.confidence,
        label="SOME CLIENTS",
        summary=f"{count(dyno.facts.errors.n, 'server error')} on {named(dyno.incarnation)} {come} from "
        f"{count(len(failed), 'client')} that no other dyno served; its {count(never, 'other client')} never failed"
        + last_seen(tense, analysis),
        details=(
            "With session affinity a client stays on its dyno: these clients fail, or what they ask for.",
            *errors_since(tense, analysis),
        ),
        not_claimed=(f"whether {dyno.name} or its clients are at fault",),
        actions=(suggestion("look at what these clients share: tenant, account, page"),),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of(*dyno.facts.errors.by_code)[:3]),
        tense=tense,
    )


def _sticky(dyno: IncarnationAnalysis, process_type: TypeAnalysis) -> tuple[str, str, int] | None:
    """("client" or "path", value, errors) when most errors come from one of these that the peers did not serve."""
    peers = peers_of(dyno.subject, [other.subject for other in process_type.dynos])
    own_requests, peer_requests = dyno.facts.requests, sum(peer.facts.requests for peer in peers)
    candidates: list[tuple[str, Tally, Tally, list[Tally]]] = [
        ("client", dyno.facts.errors.clients, dyno.facts.clients, [peer.facts.clients for peer in peers]),
        ("path", dyno.facts.errors.paths, dyno.facts.paths, [peer.facts.paths for peer in peers]),
    ]
    for word, failed, served, elsewhere in candidates:
        for value, n in failed.top(1):
            if not value or n <= STICKY_SHARE * dyno.facts.errors.n:
                continue
            others = sum(tally[value] for tally in elsewhere)
            expected = served[value] * peer_requests / max(1, own_requests)
            if others <= UNSHARED * expected:
                return (word, value, n)
    return None


def _one_client_or_path(
    dyno: IncarnationAnalysis, analysis: Analysis, tense: Tense, word: str, value: str, n: int
) -> Claim:
    shown = redact(value) if word == "client" else redact_path(value)
    errors, is_over = dyno.facts.errors.n, tense.ongoing is False
    return Claim(
        kind="one_client_or_path",
        severity="warning",
        confidence=dyno.assessment.confidence,
        label="ONE CLIENT" if word == "client" else "ONE PATH",
        summary=f"{n} of {count(errors, 'server error')} on {named(dyno.incarnation)} "
        f"{'came' if is_over else 'come'} from one {word}, {shown}, that no other dyno served"
        + last_seen(tense, analysis),
        details=(
            f"So the {word} cannot be told from the dyno: {errors} of {count(dyno.facts.requests)} requests "
            f"{'failed' if is_over else 'fail'} there ({percent(errors / dyno.facts.requests)}).",
            *errors_since(tense, analysis),
        ),
        not_claimed=(f"whether {dyno.name} or the {word} is at fault",),
        actions=(suggestion(f"look at {shown} first: the same {word} on another dyno would tell them apart"),),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of(*dyno.facts.errors.by_code)[:3]),
        tense=tense,
    )
