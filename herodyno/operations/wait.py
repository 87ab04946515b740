"""Whether a wait is over: the app's state becomes done, waiting, or failed with a reason. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from herodyno.dynos import Dyno, Formation, Release, natural_order, newest_release, short_id

Reason = Literal["crashed", "release_failed", "no_type", "no_dynos", "timed_out"]

# Ours: a ninth of heroku_facts.RATE_LIMIT_CALLS.
LOW_ON_CALLS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitGoal:
    """What must be true for a wait to end: every dyno of `types` is up on release `version`, and none is in `old_ids`.

    `types` empty: all types of the formation. `version` None: the newest release, 0: any release. `old_ids` are the
    dyno ids that a restart replaces.
    """

    types: frozenset[str] = frozenset()
    version: int | None = None
    old_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The goal is reached. `text` says how many dynos are up."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The goal is not reached yet: `ready` of `wanted` dynos are up."""

    ready: int
    wanted: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The goal cannot be reached by waiting longer."""

    reason: Reason
    text: str


WaitState: TypeAlias = Done | Waiting | Failed


def wait_state(
    goal: WaitGoal, dynos: Iterable[Dyno], formation: Sequence[Formation], releases: Sequence[Release]
) -> WaitState:
    """Whether the goal is reached. Without `releases` every dyno counts as current."""
    known = [each.type for each in formation]
    if missing := sorted(goal.types.difference(known)):
        existing = f"there are: {', '.join(known)}" if known else "there are none"
        return Failed(reason="no_type", text=f"no process type {', '.join(map(repr, missing))}; {existing}")
    wanted = {each.type: each.quantity for each in formation if not goal.types or each.type in goal.types}
    total = sum(wanted.values())
    if not total:
        of = f" of {', '.join(sorted(goal.types))}" if goal.types else ""
        return Failed(reason="no_dynos", text=f"the formation wants no dynos{of}, so there is nothing to wait for")
    version = goal.version
    if version is None:
        newest = newest_release(releases)
        if newest and newest.has_failed:
            return Failed(reason="release_failed", text=newest.failure)
        version = newest.release.version if newest else 0
        if newest and newest.release.status == "pending":
            return Waiting(ready=0, wanted=total, text=f"release v{version} is pending (its release phase runs)")
    ours = [dyno for dyno in dynos if dyno.type in wanted and not dyno.is_one_off]
    new = [dyno for dyno in ours if (dyno.release or 0) >= version and dyno.id not in goal.old_ids]
    crashed = sorted((dyno for dyno in new if dyno.state == "crashed"), key=lambda dyno: natural_order(dyno.name))
    if crashed:
        return Failed(
            reason="crashed", text=", ".join(f"{each.name} ({short_id(each.id)})" for each in crashed) + " crashed"
        )
    up = {name: sum(dyno.type == name and dyno.state == "up" for dyno in new) for name in wanted}
    ready = sum(min(up[name], wanted[name]) for name in wanted)
    on = f" on v{version}{' or later' if goal.version else ''}" if version else ""
    if ready == total:
        return Done(text=f"{total} of {total} dynos up{on}")
    return Waiting(ready=ready, wanted=total, text=f"{ready} of {total} dynos up{on}")


def poll_seconds(waited: float, calls_left: int | None) -> float:
    """Seconds until the next read: 2, then 5, then 10 the longer the wait takes; 30 when fewer than 500 calls are left.

    `waited` is in seconds. `calls_left` is RateLimit-Remaining, None when not known.
    """
    if calls_left is not None and calls_left < LOW_ON_CALLS:
        return 30.0
    return 2.0 if waited < 20 else 5.0 if waited < 120 else 10.0


def replaced_ids(dynos: Collection[Dyno]) -> frozenset[str]:
    """The ids of the dynos that a restart replaces: all but one-offs."""
    return frozenset(dyno.id for dyno in dynos if not dyno.is_one_off)
