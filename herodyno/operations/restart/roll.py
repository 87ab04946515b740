"""A rolling restart as a value: its rules, its dynos, the phase of each.

The phases of a dyno: waiting, sending (noted on disk, not yet sent), sent, up, steady, done. Or it failed, or somebody
else replaced it before its turn. `reason` says why it failed. A failure that is `excused` does not end the roll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from herodyno.dynos import Dyno
from herodyno.operations.at_once import DEFAULT_SHARE

Phase = Literal["waiting", "sending", "sent", "up", "steady", "done", "failed", "replaced"]
OnError = Literal["stop", "continue", "ask"]
IN_FLIGHT: tuple[Phase, ...] = ("sending", "sent", "up", "steady")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How to roll.

    A batch is `batch` dynos, or the share `batch_share` of a process type. A new dyno must be up for `steady_seconds`.
    `timeout_seconds` limits one batch, from sending to steady. `pause_seconds` lie between two batches. `max_share` is
    the share of a type's dynos that may be down at once.
    """

    batch: int = 1
    batch_share: float | None = None
    pause_seconds: float = 0.0
    steady_seconds: float = 10.0
    timeout_seconds: float = 300.0
    on_error: OnError = "stop"
    max_share: float = DEFAULT_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One dyno of the roll: the incarnation to replace (`id`), and its successor (`new_id`, "" while not seen)."""

    name: str
    id: str
    type: str
    phase: Phase = "waiting"
    sent_at: datetime | None = None
    up_at: datetime | None = None
    new_id: str = ""
    reason: str = ""
    excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """The whole roll. `known_ids` existed when the batch was sent: any other dyno is new (Fir gives new names)."""

    app: str
    rules: Rules
    items: tuple[Item, ...]
    known_ids: tuple[str, ...] = ()
    paused_until: datetime | None = None

    def marked(self, items: Iterable[Item], phase: Phase, **changes: object) -> Roll:
        """The roll with these items in another phase."""
        ids = {item.id for item in items}
        return self.each(
            lambda item: replace(item, phase=phase, **changes) if item.id in ids else item  # type: ignore[arg-type] # names of Item's fields
        )

    def passed(self, items: Iterable[Item], now: datetime) -> Roll:
        """These items are done; the pause before the next batch begins."""
        return replace(self.marked(items, "done"), paused_until=now + timedelta(seconds=self.rules.pause_seconds))

    def excused(self) -> Roll:
        """The roll with its failures so far excused."""
        return self.each(lambda item: replace(item, excused=True) if item.phase == "failed" else item)

    def each(self, change: Callable[[Item], Item]) -> Roll:
        """The roll with every item changed."""
        return replace(self, items=tuple(change(item) for item in self.items))

    def of(self, *phases: Phase) -> tuple[Item, ...]:
        """The items in these phases."""
        return tuple(item for item in self.items if item.phase in phases)


def new_roll(app: str, rules: Rules, dynos: Iterable[Dyno]) -> Roll:
    """A roll over these dynos in this order, type by type."""
    items = [Item(name=dyno.name, id=dyno.id, type=dyno.type) for dyno in dynos]
    types = list(dict.fromkeys(item.type for item in items))
    return Roll(app=app, rules=rules, items=tuple(sorted(items, key=lambda item: types.index(item.type))))


def left_behind(roll: Roll) -> str:
    """The state that the app was left in, as one sentence."""
    done, failed, waiting = roll.of("done"), roll.of("failed"), roll.of("waiting")
    parts = [f"{len(done)} of {len(roll.items)} dynos restarted and steady"]
    if replaced := roll.of("replaced"):
        parts.append(f"{item_names(replaced)} replaced by others meanwhile")
    parts += [f"{item.name} failed ({item.reason})" for item in failed]
    if flying := roll.of(*IN_FLIGHT):
        parts.append(f"{item_names(flying)} restarting, not yet known to be steady")
    if waiting:
        parts.append(f"{item_names(waiting)} not touched")
    return "; ".join(parts) + "."


def item_names(items: Iterable[Item]) -> str:
    """ "web.1, web.2"."""
    return ", ".join(item.name for item in items)
