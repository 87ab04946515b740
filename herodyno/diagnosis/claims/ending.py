"""What came with an end or a beginning: the nearest rollback, release, scaling or restart, or nothing that is known.

The order in time is all that is said, never a cause. Releases come from the API and from the log's lines, scalings
from the log's lines, restarts from the beginnings of dynos.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.releases import TOGETHER_SECONDS
from herodyno.diagnosis.report.phrases import clock_near
from herodyno.diagnosis.report.report import EndedWith
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.dynos import rolled_back_to
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, PREBOOT_SWITCH_SECONDS

# Ours. Errors may last so long after a change: dynos boot, and requests of before time out.
REACH_SECONDS = 120.0
# Ours. The change may come so long after the last error. With rare errors it may come five of their gaps later, since
# a longer pause has a chance below one in a hundred.
_SLACK_SECONDS = 30.0
_MOST_SLACK_SECONDS = 180.0
_GAPS = 5.0
# With preboot the old dynos stop this long after the release.
_DEPLOY_SECONDS = max(PREBOOT_SWITCH_SECONDS) + EXIT_TIMEOUT_SECONDS
_RELEASES = frozenset({"release", "deploy", "config", "addon"})


class Ending(NamedTuple):
    """What came with an end: the machine word, and words with the time ("web scaled from 2 to 6 at 16:15") or ""."""

    ended_with: EndedWith
    words: str = ""


class _Change(NamedTuple):
    ended_with: EndedWith
    at: float  # when it was made
    effect: float  # when it showed
    words: str


def ending(
    at: float, analysis: Analysis, *, type_name: str, dyno: str, gap: float = 0.0, began: float = -inf
) -> Ending:
    """What came nearest to `at` (seconds since 1970), when the trouble of a dyno ended, or of a whole type when "".

    `gap` is the usual time between two errors before: with few errors the change may come long after the last one.
    A change before `began`, the first error, ended nothing.
    """
    slack = min(_MOST_SLACK_SECONDS, max(_SLACK_SECONDS, _GAPS * gap))
    found = [*_releases(analysis), *_scalings(analysis, type_name)]
    near = [change for change in found if -REACH_SECONDS <= change.effect - at <= slack and change.effect > began]
    if near:
        nearest = min(near, key=lambda change: (abs(change.effect - at), -change.at))
        rollbacks = [change for change in near if change.ended_with == "rollback"]
        beside = [change for change in rollbacks if abs(change.at - nearest.at) <= TOGETHER_SECONDS]
        chosen = beside[0] if nearest.ended_with == "release" and beside else nearest
        return Ending(chosen.ended_with, f"{chosen.words} at {_clock(chosen.at, analysis)}")
    names = _restarted(analysis, type_name, dyno, max(at - REACH_SECONDS, began), at + slack)
    if not names:
        return Ending("itself")
    first = min(names.values())
    which = dyno or (f"{len(names)} {type_name} dynos" if len(names) > 1 else next(iter(names)))
    return Ending("restart", f"{which} restarted at {_clock(first, analysis)}")


def change_before(at: float, analysis: Analysis, type_name: str) -> str:
    """The scaling or the restarts of a type with which its trouble began, in words with the time, or ""."""
    near = [change for change in _scalings(analysis, type_name) if -REACH_SECONDS <= change.at - at <= _SLACK_SECONDS]
    if near:
        nearest = min(near, key=lambda change: abs(change.at - at))
        return f"{nearest.words} at {_clock(nearest.at, analysis)}"
    names = _restarted(analysis, type_name, "", at - REACH_SECONDS, at)
    if not names:
        return ""
    which = f"{len(names)} {type_name} dynos" if len(names) > 1 else next(iter(names))
    return f"{which} restarted at {_clock(min(names.values()), analysis)}"


def ended_with(incarnation: Incarnation) -> EndedWith:
    """What a dyno's own end came with: it was deployed over, scaled away, or restarted in one way or another."""
    if incarnation.end_reason == "deployed":
        return "release"
    return "scale" if incarnation.end_reason == "scaled_down" else "restart"


def left_at(incarnation: Incarnation, analysis: Analysis) -> float:
    """When a dyno that was replaced ended. With preboot the beginning of its successor, while no line tells its end."""
    successor = analysis.observations.successor(incarnation)
    left = incarnation.end if incarnation.end is not None else successor.start if successor else None
    return left or analysis.observations.end


def _clock(seconds: float, analysis: Analysis) -> str:
    return clock_near(seconds, analysis.observations.zone, near=analysis.observations.now)


def _releases(analysis: Analysis) -> Iterator[_Change]:
    """Rollbacks and releases of log and API, each at the time it was made and at each time dynos left for it."""
    made: dict[tuple[EndedWith, int | None, float], str] = {}
    for action in analysis.observations.actions:
        if action.line.at is None:
            continue
        at = action.line.at.timestamp()
        if action.kind == "rollback":
            made["rollback", action.version, at] = f"rollback to v{action.version}" if action.version else "rollback"
        elif action.kind in _RELEASES:
            made["release", action.version, at] = f"release v{action.version}" if action.version else "release"
    for release in analysis.observations.releases:
        if release.created_at is None or release.status == "failed":
            continue
        back = rolled_back_to(release)
        kind: EndedWith = "release" if back is None else "rollback"
        words = f"release v{release.version}" if back is None else f"rollback to v{back}"
        made[kind, release.version, release.created_at.timestamp()] = words
    left = [each.term or each.end for each in analysis.observations.incarnations() if each.end_reason == "deployed"]
    times = sorted({at for _, _, at in made})
    for (kind, _, at), words in made.items():
        # Dynos leave for the newest release.
        newer = next((later for later in times if later > at + TOGETHER_SECONDS), inf)
        for effect in (at, *(end for end in left if end is not None and at < end <= min(newer, at + _DEPLOY_SECONDS))):
            yield _Change(kind, at, effect, words)


def _scalings(analysis: Analysis, type_name: str) -> Iterator[_Change]:
    """Scalings of a process type. A line lists the whole formation, so a type of the same quantity and size is none."""
    before: tuple[int, str] | None = None
    for action in analysis.observations.actions:
        wanted = next(((n, size) for name, n, size in action.formation if name == type_name), None)
        if action.kind != "scale" or action.line.at is None or wanted is None:
            continue
        if wanted != before:
            at = action.line.at.timestamp()
            came_from = f" from {before[0]}" if before and before[0] != wanted[0] else ""
            to = wanted[1] if before and before[0] == wanted[0] and wanted[1] else str(wanted[0])
            yield _Change("scale", at, at, f"{type_name} scaled{came_from} to {to}")
        before = wanted


def _restarted(analysis: Analysis, type_name: str, dyno: str, earliest: float, latest: float) -> dict[str, float]:
    """When dynos began anew under their names: the one asked for, or else at least half of the type's names.

    A dyno that Heroku starts again after a crash is no change that anybody made.
    """
    own = [each for each in analysis.observations.incarnations() if each.type == type_name and dyno in ("", each.dyno)]
    names = {each.dyno for each in own}
    began: dict[str, float] = {}
    crashed = {(each.dyno, each.number + 1) for each in own if each.crashed}
    for each in own:
        if each.number and each.key not in crashed and each.start is not None and earliest <= each.start <= latest:
            began.setdefault(each.dyno, each.start)
    return began if len(began) * 2 >= len(names) else {}
