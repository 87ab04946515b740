"""With what time the lines of a failing app are compared: the time before its errors began, or the release before."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import at_clock
from herodyno.diagnosis.statistics.only_here.elsewhere import MIN_RATIO
from herodyno.diagnosis.statistics.only_here.sides import SETTLES_SECONDS, Life, Sides, stratum, stretch
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.dynos import Release
from herodyno.heroku_facts import REQUEST_TIMEOUT_SECONDS
from herodyno.units import count

# A dyno may begin so long before the API's time of the release that it runs. Ours.
_CLOCK_SECONDS = 5.0


def since_onset(process_type: TypeAnalysis, release: Release | None, analysis: Analysis) -> tuple[Sides, ...]:
    """The two sides: since the errors began, and before. Empty when the log does not show both.

    Where a `release` came just before, its dynos are compared with those of the release before.
    """
    began = process_type.errors_began
    if began is None:
        return ()
    # A request that times out is logged at its end.
    until, ended = began - REQUEST_TIMEOUT_SECONDS, process_type.failing[1]
    everyone = [dyno.subject for dyno in process_type.dynos]
    made = release.created_at.timestamp() - _CLOCK_SECONDS if release and release.created_at else inf
    new = [subject for subject in everyone if subject.incarnation.start is not None and subject.start >= made]
    old = [subject for subject in everyone if subject not in new]
    by_release = bool(new and old)
    if not by_release:
        new = old = everyone
    both = stratum(_lives(new, until, ended), _lives(old, -inf, inf if by_release else until))
    if both is None:
        return ()
    since = f"since release v{release.version}" if by_release and release else f"since {at_clock(began, analysis)}"
    who = f"the {process_type.name} dynos" if len({key[0] for key in both.own}) > 1 else next(iter(both.own))[0]
    before = f"{count(both.requests[0], 'request')} since, {count(both.requests[1])} before"
    heading = (
        f"new {since} on {who} ({before}):",
        f"new, or at least {MIN_RATIO:g} times as frequent, {since} on {who} ({before}):",
    )
    return (Sides([both], "release_before" if by_release else "before", heading),)


def _lives(subjects: Iterable[Subject], since: float, until: float) -> list[Life]:
    return [
        Life(subject, each)
        for subject in subjects
        if (each := stretch(subject, since, until, settles=SETTLES_SECONDS)) is not None
    ]
