"""By which rules the errors of a process type are those of all its dynos, and how grave they are.

The app is accused by four rules, which must all hold: enough separate errors (or half of all requests), a rate of
at least 1 % (or a sudden rise), at least half of the dynos touched, and most errors placed on a dyno.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from herodyno.diagnosis.analysis import IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.report.report import Severity
from herodyno.diagnosis.statistics.rates import wilson

# Separate errors (bursts counted once) that a verdict needs: of many dynos, and of a single one.
MIN_EVENTS = 20
MIN_RATE = 0.01
CRITICAL_RATE = 0.02
# At this rate few events say enough.
MOSTLY = 0.5


def names_of(dynos: Iterable[IncarnationAnalysis]) -> set[str]:
    """The names of dynos, each once."""
    return {dyno.name for dyno in dynos}


def is_whole(rest: TypeAnalysis) -> bool:
    """The four rules. They must hold without the few dynos that fail far more: `rest` leaves these out."""
    return bool(rest.requests) and is_enough(rest, MIN_EVENTS) and is_much(rest) and _is_spread(rest)


def is_enough(process_type: TypeAnalysis, min_events: int) -> bool:
    """The first rule: separate errors, or half of the requests."""
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


def is_much(process_type: TypeAnalysis) -> bool:
    """The second rule: a rate, or a sudden rise."""
    return process_type.errors / process_type.requests >= MIN_RATE or process_type.onset is not None


def _is_spread(process_type: TypeAnalysis) -> bool:
    """Whether the errors touch many dynos, and most errors are placed on a dyno.

    Many means at least two, half of the dynos that served while others failed, and half of those of them that could be
    judged.
    """
    exposed = names_of(process_type.exposed)
    touched = names_of(process_type.touched)
    judged = names_of(process_type.assessed) & exposed
    is_wide = len(touched) >= max(2, len(exposed) / 2) and len(touched & judged) >= len(judged) / 2
    return is_wide and process_type.unplaced * 2 <= process_type.errors


def severity_of(process_type: TypeAnalysis) -> Severity:
    """By the rate since the errors began. When no beginning is known, by the rate of the whole window."""
    errors, requests = process_type.onset.after if process_type.onset else (process_type.errors, process_type.requests)
    return "critical" if errors / requests >= CRITICAL_RATE else "warning"
