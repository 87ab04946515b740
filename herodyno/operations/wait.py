"""Waiting: what was seen becomes done, waiting, or failed with the reason. Pure; the caller looks and sleeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from herodyno.dynos import Dyno, Formation, Release, natural_order, short_id

Reason = Literal["crashed", "release_failed", "no_type", "no_dynos", "timed_out"]

# Heroku refills about 75 calls a minute from a bucket of 4,500 per account.
LOW_ON_CALLS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is waited for: the dynos of `types` (empty: all of the formation) up on release `version` (None: the
    newest that succeeded), and, after a restart, none of them one of the `old_ids`."""

    types: frozenset[str] = frozenset()
    version: int | None = None
    old_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """All are there. `text` says what."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Not yet: `ready` of `wanted`."""

    ready: int
    wanted: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It will not happen by waiting."""

    reason: Reason
    text: str


Verdict: TypeAlias = Done | Waiting | Failed


def judge(wish: Wish, dynos: Iterable[Dyno], formation: Sequence[Formation], releases: Sequence[Release]) -> Verdict:
    """Whether the wish holds. `releases` newest first; none at all means there is no release to wait for."""
    known = [each.type for each in formation]
    if missing := sorted(wish.types.difference(known)):
        there = f"there are: {', '.join(known)}" if known else "there are none"
        return Failed(reason="no_type", text=f"no process type {', '.join(map(repr, missing))}; {there}")
    wanted = {each.type: each.quantity for each in formation if not wish.types or each.type in wish.types}
    total = sum(wanted.values())
    if not total:
        of = f" of {', '.join(sorted(wish.types))}" if wish.types else ""
        return Failed(reason="no_dynos", text=f"the formation wants no dynos{of}, so there is nothing to wait for")
    version = wish.version
    if version is None:
        newest = releases[0] if releases else None
        if newest and newest.status == "failed":
            return Failed(reason="release_failed", text=f"release v{newest.version} failed; {_running(releases)}")
        if newest and newest.status == "pending":
            return Waiting(ready=0, wanted=total, text=f"release v{newest.version} is pending (its release phase runs)")
        version = newest.version if newest else 0
    ours = [dyno for dyno in dynos if dyno.type in wanted and not dyno.is_one_off]
    new = [dyno for dyno in ours if (dyno.release or 0) >= version and dyno.id not in wish.old_ids]
    crashed = sorted((dyno for dyno in new if dyno.state == "crashed"), key=lambda dyno: natural_order(dyno.name))
    if crashed:
        return Failed(
            reason="crashed", text=", ".join(f"{each.name} ({short_id(each.id)})" for each in crashed) + " crashed"
        )
    up = {name: sum(dyno.type == name and dyno.state == "up" for dyno in new) for name in wanted}
    ready = sum(min(up[name], wanted[name]) for name in wanted)
    on = f" on v{version}{' or later' if wish.version else ''}" if version else ""
    if ready == total:
        return Done(text=f"{total} of {total} dynos up{on}")
    return Waiting(ready=ready, wanted=total, text=f"{ready} of {total} dynos up{on}")


def poll_seconds(waited: float, calls_left: int | None) -> float:
    """How long to sleep before the next look: often at first, gently later, rarely when calls are short."""
    if calls_left is not None and calls_left < LOW_ON_CALLS:
        return 30.0
    return 2.0 if waited < 20 else 5.0 if waited < 120 else 10.0


def replaced_ids(dynos: Collection[Dyno]) -> frozenset[str]:
    """The ids a restart is to replace."""
    return frozenset(dyno.id for dyno in dynos if not dyno.is_one_off)


def _running(releases: Sequence[Release]) -> str:
    good = next((each for each in releases if each.status == "succeeded"), None)
    return f"v{good.version} keeps running" if good else "none before it succeeded"
