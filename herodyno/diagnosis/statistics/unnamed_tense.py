"""Whether errors that name no dyno go on, and whether clients still leave: against all requests of the app."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.tense import ALPHA, GOES_ON_SECONDS, NEVER_FAILED, Tense, tense


def unnamed_tense(facts: Facts, codes: Iterable[str], end: float) -> Tense:
    """Whether errors of these codes that name no dyno go on at the end of the window (seconds since 1970)."""
    requests = Grid()
    for served in facts.types.values():
        requests.update(served, times=False, errors=False)  # errors of dynos are another matter
    requests.update(facts.no_dyno_grid, times=False)
    episodes = facts.no_dyno.episodes
    return tense(requests, [episodes[code] for code in codes if code in episodes], end)


def client_tense(facts: Facts, left: int, newest: float | None, end: float) -> Tense:
    """Whether clients still leave, of whom `left` left and the last one at `newest`.

    Only the last of them have times, so pauses are not known. They have stopped when so many requests without one
    come once in a thousand.
    """
    if newest is None:
        return NEVER_FAILED
    requests = since = 0
    for served in facts.types.values():
        requests += sum(served.requests)
        since += sum(n for at, n in zip(served.starts, served.requests, strict=True) if at > newest)
    before = requests - since
    if before > 0 and since and (1 - min(1.0, left / before)) ** since <= ALPHA:
        return Tense(False, newest, newest, (left, before), (0, since))
    return Tense(True if end - newest <= GOES_ON_SECONDS else None, newest)
