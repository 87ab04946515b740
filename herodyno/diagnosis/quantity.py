"""How many dynos of a process type an app should have: the number, and the source that knows it.

A log alone proves a lower bound: a line of web.3 proves that web.1 and web.2 are wanted too. Whether more are wanted is
known from the formation, from the API's list of dynos, or from a scale line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.timeline.incarnations import STOP_SECONDS, Incarnation
from herodyno.dynos import Dyno, Formation, natural_order
from herodyno.logs.events import ApiAction

QuantitySource: TypeAlias = Literal["formation", "dynos", "scale line", "log"]


class Quantity(NamedTuple):
    """`wanted` dynos, by `source`. From the log's lines alone `wanted` is None, and only `least` is known.

    `scaled_at` is the time of the scale line in seconds since 1970.
    """

    least: int
    wanted: int | None
    source: QuantitySource
    scaled_at: float | None = None

    def wants(self, dyno: str) -> bool:
        """Whether a name belongs to the formation: web.3 does not where two are wanted."""
        return self.wanted is None or natural_order(dyno)[1] <= self.wanted != 0

    def only(self, type_name: str, this_log: str) -> str:
        """ "the only web dyno"; "the only web dyno in this file" where only the log says so."""
        return f"the only {type_name} dyno" + ("" if self.wanted == 1 else f" in {this_log}")


class Seen(NamedTuple):
    """An incarnation, when its last line came (None without a line), and whether it had ended."""

    incarnation: Incarnation
    last: float | None
    over: bool


def quantity_of(
    type_name: str,
    seen: Sequence[Seen],
    *,
    formation: Sequence[Formation] | None,
    dynos: Sequence[Dyno] | None,
    actions: Sequence[ApiAction],
) -> Quantity:
    """The quantity of a process type by the best source that has it. `actions` are in order of time."""
    for row in formation or ():
        if row.type == type_name:
            return Quantity(row.quantity, row.quantity, "formation", _last_scaled(type_name, actions)[1])
    standing = {each.incarnation.dyno for each in seen if not each.over or each.incarnation.crashed}
    least = _least(standing)
    listed = {dyno.name for dyno in dynos or () if dyno.type == type_name}
    if listed:
        return Quantity(_least(listed), len(listed) if _least(listed) == len(listed) else None, "dynos")
    wanted, scaled_at = _last_scaled(type_name, actions)
    if wanted is not None and scaled_at is not None and not _contradict(seen, wanted, scaled_at):
        return Quantity(wanted, wanted, "scale line", scaled_at)
    return Quantity(least, None, "log")


def quantity_before_zero(type_name: str, seen: Iterable[Seen], actions: Sequence[ApiAction]) -> int | None:
    """How many dynos stood before the last scaling to zero; None when the log does not show it.

    An earlier scale line says so. Without one, the names that ended then do, when no number is missing among them.
    """
    at, before = None, None
    for action in actions:
        for name, quantity, _ in action.formation:
            if name == type_name and action.line.at is not None:
                if quantity:
                    before = quantity
                else:
                    at = action.line.at.timestamp()
    if before is not None or at is None:
        return before
    ends = {each.incarnation.dyno for each in seen if each.incarnation.end is not None and _near(each, at)}
    return len(ends) if ends and _least(ends) == len(ends) else None


def _least(names: set[str]) -> int:
    """How many dynos these names prove. Names of Fir carry no number."""
    return max(len(names), max((natural_order(name)[1] for name in names), default=0))


def _last_scaled(type_name: str, actions: Sequence[ApiAction]) -> tuple[int | None, float | None]:
    """(quantity, when) by the newest scale line of a type."""
    found: tuple[int | None, float | None] = (None, None)
    for action in actions:
        for name, quantity, _ in action.formation:
            if name == type_name and action.line.at is not None:
                found = (quantity, action.line.at.timestamp())
    return found


def _contradict(seen: Iterable[Seen], wanted: int, scaled_at: float) -> bool:
    """Whether names beyond the quantity live on after the scale line: then a later scaling is not in this log."""
    return any(
        natural_order(each.incarnation.dyno)[1] > wanted
        and each.last is not None
        and each.last > scaled_at + STOP_SECONDS
        for each in seen
    )


def _near(each: Seen, at: float) -> bool:
    """Whether an incarnation ended by the scaling at `at`."""
    end = each.incarnation.end
    return end is not None and -1.0 <= end - at <= STOP_SECONDS + 1.0
