"""The next action of a rolling restart, from the roll, the app's dynos and the time. Pure.

At most one batch is between "sending" and "done" at any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import floor
from typing import TypeAlias

from herodyno.dynos import Dyno, Formation, is_fir_name, short_id
from herodyno.heroku_facts import LEAVES_LIST_SECONDS
from herodyno.operations.at_once import allowed_at_once
from herodyno.operations.restart.roll import IN_FLIGHT, Item, Roll, item_names
from herodyno.units import spoken_duration

# After so long the list of dynos has lost a dyno that was restarted. The leeway of 2 s is ours.
LIST_IS_RIGHT = timedelta(seconds=LEAVES_LIST_SECONDS[1] + 2)


@dataclass(frozen=True, slots=True)
class Send:
    """Restart these dynos now."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Read the app again after at most `seconds`; `text` says what the roll waits for."""

    seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class CheckGates:
    """These dynos are up and steady: ask the gates (probe, log), then mark them `passed` or failed."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A dyno failed: ask a person whether to go on (`excused`) or to end."""

    reason: str


@dataclass(frozen=True, slots=True)
class End:
    """The roll ends. `reason` is "" when no dyno failed."""

    reason: str


Action: TypeAlias = Send | Wait | CheckGates | Ask | End


def next_action(
    roll: Roll, dynos: Sequence[Dyno], formation: Iterable[Formation], now: datetime
) -> tuple[Roll, Action]:
    """The roll brought up to date with the app's dynos, and the next action."""
    for item in roll.of(*IN_FLIGHT):  # one after the other: on Fir no two may have the same successor
        seen = _observed(roll, item, dynos, now)
        roll = replace(roll, items=tuple(seen if each.id == item.id else each for each in roll.items))
    unsettled = roll.of("sending", "sent", "up")
    if unsettled:
        return roll, Wait(2.0, ", ".join(_awaited(roll, item, now) for item in unsettled))
    if steady := roll.of("steady"):
        return roll, CheckGates(steady)
    failures = [item for item in roll.of("failed") if not item.excused]
    if failures and roll.of("waiting") and roll.rules.on_error == "ask":
        return roll, Ask(_failed(failures))
    if failures and roll.rules.on_error != "continue":
        return roll, End(_failed(failures))
    return _next_batch(roll, dynos, formation, now)


def _next_batch(
    roll: Roll, dynos: Sequence[Dyno], formation: Iterable[Formation], now: datetime
) -> tuple[Roll, Action]:
    by_id = {dyno.id: dyno for dyno in dynos}
    roll = roll.marked([item for item in roll.of("waiting") if item.id not in by_id], "replaced")
    waiting = roll.of("waiting")
    if not waiting:
        return roll, End(_failed(roll.of("failed")))
    if roll.paused_until is not None and now < roll.paused_until:
        return roll, Wait((roll.paused_until - now).total_seconds(), f"pause before {waiting[0].name}")
    process_type = waiting[0].type
    batch = [item for item in waiting if item.type == process_type][: _batch_size(roll, process_type)]
    taken = sum(by_id[item.id].state == "up" for item in batch)
    ended = {item.id for item in roll.items if item.new_id}  # on Fir the list may have them beside their successors
    up = sum(dyno.type == process_type and dyno.state == "up" and dyno.id not in ended for dyno in dynos)
    wanted = next((each.quantity for each in formation if each.type == process_type), 0)
    allowed = allowed_at_once(up, wanted, roll.rules.max_share)
    if taken > allowed:
        return roll, End(
            f"capacity: {item_names(batch)} would leave {up - taken} of {wanted} {process_type} dynos up;"
            f" of the {up} that are up at most {allowed} may go at once (--max-share {roll.rules.max_share:.0%})"
        )
    roll = roll.marked(batch, "sending", sent_at=now)
    roll = replace(roll, known_ids=tuple(by_id), paused_until=None)
    return roll, Send(tuple(item for item in roll.items if item.phase == "sending"))


def _batch_size(roll: Roll, process_type: str) -> int:
    if roll.rules.batch_share is None:
        return roll.rules.batch
    return max(1, floor(roll.rules.batch_share * sum(item.type == process_type for item in roll.items)))


def _observed(roll: Roll, item: Item, dynos: Sequence[Dyno], now: datetime) -> Item:
    if item.phase == "sending":
        # The roll was interrupted before the answer. The dyno list shows in time whether the restart was done.
        if not any(dyno.id == item.id for dyno in dynos):
            return replace(item, phase="sent")
        is_late = item.sent_at is None or now - item.sent_at >= LIST_IS_RIGHT
        return replace(item, phase="waiting") if is_late else item
    new = _replacement(roll, item, dynos)
    if new is None:
        return _unless_late(roll, item, now, "no new dyno appeared")
    if item.new_id and new.id != item.new_id:
        return replace(item, phase="failed", reason=f"its new dyno {short_id(item.new_id)} was replaced again")
    item = replace(item, new_id=new.id)
    if new.state == "crashed":
        return replace(item, phase="failed", reason=f"its new dyno {short_id(new.id)} crashed")
    if new.state != "up":
        return _unless_late(roll, replace(item, phase="sent", up_at=None), now, f"still {new.state}")
    up_at = item.up_at or now
    steady = (now - up_at).total_seconds() >= roll.rules.steady_seconds
    return replace(item, phase="steady" if steady else "up", up_at=up_at)


def _replacement(roll: Roll, item: Item, dynos: Sequence[Dyno]) -> Dyno | None:
    if not is_fir_name(item.name):
        return next((dyno for dyno in dynos if dyno.name == item.name and dyno.id != item.id), None)
    taken = {other.new_id for other in roll.items if other.id != item.id} | set(roll.known_ids)
    new = [dyno for dyno in dynos if dyno.type == item.type and dyno.id not in taken]
    return next((dyno for dyno in new if dyno.id == item.new_id), new[0] if new else None)


def _unless_late(roll: Roll, item: Item, now: datetime, what: str) -> Item:
    limit = roll.rules.timeout_seconds
    if item.sent_at is not None and (now - item.sent_at).total_seconds() > limit:
        return replace(item, phase="failed", reason=f"{what} within {spoken_duration(limit)}")
    return item


def _awaited(roll: Roll, item: Item, now: datetime) -> str:
    if item.phase == "sending":
        return f"{item.name}: looking whether its restart was done before the interruption"
    if item.up_at is None:
        return f"{item.name} starting"
    left = roll.rules.steady_seconds - (now - item.up_at).total_seconds()
    return f"{item.name} up, not yet steady - {spoken_duration(max(1.0, left))} left"


def _failed(items: Iterable[Item]) -> str:
    return "; ".join(f"{item.name}: {item.reason}" for item in items)
