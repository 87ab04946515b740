"""Process types whose quantity a program changes: the same actor again and again, or an add-on."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from herodyno.diagnosis.report.redaction import redact_but_people
from herodyno.heroku_facts import ADDON_ACTOR
from herodyno.logs.events import ApiAction
from herodyno.units import count

# Ours. A person who tries two quantities and goes back changes it three times, but not for so long.
MIN_CHANGES = 3
MIN_SPAN = timedelta(minutes=5)
_NEAR = timedelta(seconds=10)  # ours: between a change made from here and its line


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaling:
    """What one actor did to the quantity of one type. `least` and `most` are the quantities that it set."""

    type: str
    actor: str
    changes: int
    first: datetime
    last: datetime
    least: int
    most: int

    @property
    def sentence(self) -> str:
        """Who, how often and between which quantities. Without the times, which the reader's zone decides."""
        who = redact_but_people(self.actor) or "somebody whom the log does not name"
        times = "once" if self.changes == 1 else f"{count(self.changes)} times"
        to = f"to {self.most}" if self.least == self.most else f"between {self.least} and {self.most}"
        return f"{self.type} looks autoscaled: {who} changed its quantity {times}, {to}"


def autoscaling(actions: Iterable[ApiAction], *, own: Collection[datetime] = ()) -> tuple[Autoscaling, ...]:
    """Who changes quantities like a program, by type and actor.

    A line lists the whole formation, so the first one that lists several types shows a change of none. `own` are
    times of changes that were made from here. Lines within a few seconds of one of them do not count.
    """
    mine = sorted(own)
    dated = [(each.line.at, each) for each in actions if each.formation and each.line.at is not None]
    known: dict[str, int] = {}
    changes: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for at, action in sorted(dated, key=lambda pair: pair[0]):
        for name, quantity, _ in action.formation:
            is_new = known.get(name) != quantity if name in known else len(action.formation) == 1
            known[name] = quantity
            if is_new and not _is_near(mine, at):
                changes[name, action.actor].append((at, quantity))
    return tuple(
        Autoscaling(
            type=name,
            actor=actor,
            changes=len(found),
            first=found[0][0],
            last=found[-1][0],
            least=min(quantity for _, quantity in found),
            most=max(quantity for _, quantity in found),
        )
        for (name, actor), found in sorted(changes.items())
        if actor.endswith(ADDON_ACTOR) or (len(found) >= MIN_CHANGES and found[-1][0] - found[0][0] >= MIN_SPAN)
    )


def _is_near(times: Sequence[datetime], at: datetime) -> bool:
    """Whether one of the sorted times is within _NEAR of a time."""
    place = bisect_right(times, at - _NEAR)
    return place < len(times) and times[place] < at + _NEAR
