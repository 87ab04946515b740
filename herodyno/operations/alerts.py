"""When a new verdict is worth a message: two looks alike, a cooldown, and nothing where too little is known.

Pure: a step takes the state, what a look found, and the time. It gives the next state and whether to speak.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from herodyno.diagnosis.report.report import Diagnosis, Severity, VerdictClass

On: TypeAlias = Literal["change", "critical"]

# Ours. Two looks closer together see the same lines: two processes at one minute are one look.
APART = timedelta(seconds=10)
# Ours. A look so much older than the state is late, from another process. A greater difference is a clock set back.
LATE = timedelta(minutes=5)
# Ours. A message that cannot be delivered is tried at so many looks in a row, and then after each rest.
QUICK_TRIES = 3
REST = timedelta(minutes=10)
_RANKS: dict[Severity, int] = {"info": 0, "warning": 1, "critical": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What makes a verdict another one: what it is and of which (dyno, id), not a count and not the confidence."""

    kind: VerdictClass
    severity: Severity
    ongoing: bool | None = None
    dynos: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, found: Diagnosis) -> Reading:
        """The reading of a diagnosis, its dynos in order of name."""
        verdict, first = found.verdict, found.findings[0].kind if found.findings else ""
        accused = {(each.dyno, each.dyno_id or "") for each in found.findings if each.kind == first and each.dyno}
        return cls(kind=verdict.kind, severity=verdict.severity, ongoing=verdict.ongoing, dynos=tuple(sorted(accused)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """What is known between two looks. `told` is the verdict that the reader of the messages knows of.

    `candidate` differs from it and was first seen at `candidate_at`. It `is_sure` after two looks alike: then it stays
    while the verdict turns back at single looks, the last at `back_at`. `spoken_at` and `spoken_severity` are of the
    last message. `pending` is the id of a message that was tried `tries` times, last at `tried_at`, and not yet
    delivered, "" without one.
    """

    told: Reading | None = None
    told_at: datetime | None = None
    candidate: Reading | None = None
    candidate_at: datetime | None = None
    is_sure: bool = False
    back_at: datetime | None = None
    spoken_at: datetime | None = None
    spoken_severity: Severity = "info"
    pending: str = ""
    tries: int = 0
    tried_at: datetime | None = None

    def delivered(self, reading: Reading, at: datetime) -> AlertState:
        """The state once the message is delivered."""
        return AlertState(told=reading, told_at=at, spoken_at=at, spoken_severity=reading.severity)

    def tried(self, key: str, at: datetime) -> AlertState:
        """The state while a message is on its way. `key` is its id, if it has none yet."""
        return replace(self, pending=self.pending or key, tries=self.tries + 1, tried_at=at)

    def known(self, reading: Reading, at: datetime) -> AlertState:
        """The state when the reading needs no message."""
        return replace(self.without_candidate(), told=reading, told_at=at)

    def without_candidate(self) -> AlertState:
        """The state when the look before was an exception, or what it found is known now."""
        return replace(
            self, candidate=None, candidate_at=None, is_sure=False, back_at=None, pending="", tries=0, tried_at=None
        )


def step(
    state: AlertState, reading: Reading, at: datetime, *, on: On, cooldown: timedelta, is_whole: bool = True
) -> tuple[AlertState, bool]:
    """The state after a look, and whether a message about it is due.

    A look that `is_whole` had the log and the API. Any other look can only show that things are worse. "Not enough
    data" shows nothing. Within the `cooldown` only what is graver than the last message is due.
    """
    times = (state.told_at, state.candidate_at, state.back_at, state.spoken_at, state.tried_at)
    newest = max(filter(None, times), default=at)
    if at < newest:
        if newest - at < LATE:
            return state, False
        state = _set_back(state, at)
    told, candidate = state.told, state.candidate
    before: Severity = told.severity if told else "info"
    is_worse = _RANKS[reading.severity] > _RANKS[before]
    if reading.kind == "not_enough_data" or not (is_whole or is_worse):
        return state, False
    is_as_grave = candidate is not None and candidate.severity == reading.severity
    if reading == told:
        return _turned_back(state, at) if is_as_grave and state.is_sure else state.without_candidate(), False
    if before == reading.severity == "info":
        return state.known(reading, at), False
    if not is_as_grave or state.candidate_at is None:
        return replace(state.without_candidate(), candidate=reading, candidate_at=at), False
    if at - state.candidate_at < APART:
        return state, False
    if on == "critical" and reading.severity != "critical":
        return state.known(reading, at), False
    state = replace(state, candidate=reading, is_sure=True, back_at=None)
    is_cooling = state.spoken_at is not None and at - state.spoken_at < cooldown
    is_resting = state.tries >= QUICK_TRIES and state.tried_at is not None and at - state.tried_at < REST
    is_graver = _RANKS[reading.severity] > _RANKS[state.spoken_severity]
    return state, (not is_cooling or is_graver) and not is_resting


def changed(before: Reading | None, now: Reading) -> tuple[str, ...]:
    """What differs: "severity", "class", "ongoing", "dynos". All of it where nothing was known before."""
    names = {"severity": "severity", "kind": "class", "ongoing": "ongoing", "dynos": "dynos"}
    return tuple(
        name for field, name in names.items() if before is None or getattr(before, field) != getattr(now, field)
    )


def _turned_back(state: AlertState, at: datetime) -> AlertState:
    """The state when the verdict is what was told again, after a sure one as grave. The second such look is its end."""
    if state.back_at is None:
        return replace(state, back_at=at)
    return state if at - state.back_at < APART else state.without_candidate()


def _set_back(state: AlertState, at: datetime) -> AlertState:
    """The state of a clock that ran ahead: no time in it is later than `at`."""

    def earlier(then: datetime | None) -> datetime | None:
        return min(then, at) if then else None

    return replace(
        state,
        told_at=earlier(state.told_at),
        candidate_at=earlier(state.candidate_at),
        back_at=earlier(state.back_at),
        spoken_at=earlier(state.spoken_at),
        tried_at=earlier(state.tried_at),
    )
