"""Errors of one dyno that its clients, or one path, explain as well as the dyno: no other dyno served these.

With session affinity a client stays on its dyno. Then the failing clients of one tenant look like a failing dyno.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, suggestion
from herodyno.diagnosis.claims.over import errors_since, last_seen
from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.phrases import named
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.diagnosis.statistics.comparison import Comparison, Stratum
from herodyno.diagnosis.statistics.outliers import MIN_RATIO
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
_BY_CHANCE = 0.05


def instead_of_the_dyno(
    dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis, tense: Tense
) -> Claim | None:
    """The claim that takes the place of an accusation, if clients or a path explain the errors."""
    if (sticky := _sticky(dyno, process_type)) is not None:
        return _one_client_or_path(dyno, analysis, tense, *sticky)
    which = _which_clients(dyno, process_type)
    return _some_clients(dyno, analysis, tense, which) if which else None


def _which_clients(dyno: IncarnationAnalysis, process_type: TypeAnalysis) -> str:
    """What is true of the failing clients if these explain the errors, else "".

    Clients that other dynos served must fail there as well. Of the clients that were here only too many must never
    have failed.
    """
    failed, served = dyno.facts.errors.clients.counts, dyno.facts.clients.counts
    peers = [peer.facts for peer in peers_of(dyno.subject, [other.subject for other in process_type.dynos])]
    there = {client: sum(peer.clients[client] for peer in peers) for client in failed}
    others = sum(peer.requests for peer in peers)
    expected = sum(served[client] for client in failed) * others / dyno.facts.requests
    if sum(there.values()) <= UNSHARED * expected:
        there = {}
    moved = {client for client, n in there.items() if n and served[client]}
    if moved and not _fail_elsewhere_too(dyno, peers, moved):
        return ""
    if sum(failed[client] for client in moved) * 2 > dyno.facts.errors.n:
        return "whose requests fail on other dynos as well"
    never = _never_failed({client: n for client, n in served.items() if client not in moved}, failed)
    if not never:
        return ""
    hardly = "hardly" if moved else "not"
    return f"that other dynos did {hardly} serve; its {count(never, 'other client')} never failed"


def _fail_elsewhere_too(dyno: IncarnationAnalysis, peers: Sequence[IncarnationFacts], moved: Iterable[str]) -> bool:
    """Whether clients fail on other dynos as well: each is compared with itself elsewhere.

    So few errors here, at three times the rate of elsewhere, would come by chance once in twenty dynos.
    """
    strata: list[Stratum] = []
    own: list[tuple[int, float]] = []
    peer_lines: dict[int, float] = {}
    for at, client in enumerate(sorted(moved)):
        strata.append(Stratum(dyno.facts.clients[client], sum(peer.clients[client] for peer in peers)))
        own += [(at, 1.0)] * dyno.facts.errors.clients[client]
        peer_lines[at] = float(sum(peer.errors.clients[client] for peer in peers))
    both = [(at, {1.0: round(lines)}) for at, lines in peer_lines.items()] + [(at, {1.0: 1}) for at, _ in own]
    beside = Comparison(strata, own, float(len(own)), 1.0, peer_lines, both)
    return beside.chance() > _BY_CHANCE and beside.chance_of_so_few(MIN_RATIO) <= _BY_CHANCE


def _never_failed(served: Mapping[str, int], failed: Mapping[str, int]) -> int:
    """How many clients never failed, if these are too many for one rate of all, else 0.

    At one rate a client of n requests has none failing with the probability (1 - rate) ** n. So a client of one request
    proves little, a busy one much.
    """
    requests, errors = sum(served.values()), sum(n for client, n in failed.items() if client in served)
    never = sum(1 for client in served if client not in failed)
    if not errors or errors >= requests:
        return 0
    chance = sum_tail([(1, 1.0, (1 - errors / requests) ** n) for n in served.values()], never)
    return never if chance <= SPARED_CHANCE else 0


def _some_clients(dyno: IncarnationAnalysis, analysis: Analysis, tense: Tense, which: str) -> Claim:
    come = "came" if tense.ongoing is False else "come"
    failed = dyno.facts.errors.clients.counts
    return Claim(
        kind="one_client_or_path",
        severity="warning",
        confidence=dyno.assessment.confidence,
        label="SOME CLIENTS",
        summary=f"{count(dyno.facts.errors.n, 'server error')} on {named(dyno.incarnation)} {come} from "
        f"{count(len(failed), 'client')} {which}" + last_seen(tense, analysis),
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
