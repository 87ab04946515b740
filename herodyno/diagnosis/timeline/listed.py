"""Dynos that the API listed at times of the past join the incarnations that the log shows.

A list names each dyno by id, and says when Heroku made the dyno; two lists say between which times a dyno went. The
lines of a log know the moments better, where there are such lines. So an id goes to the incarnation that began when the
dyno was made, and a time of a list counts only where no line tells the time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from herodyno.diagnosis.timeline.boundaries import FirstLast
from herodyno.diagnosis.timeline.ids import SAME_START
from herodyno.diagnosis.timeline.incarnations import MOST_AT_ONCE, PREBOOT_SECONDS, STOP_SECONDS, Incarnation
from herodyno.diagnosis.timeline.succession import Succession
from herodyno.dynos import Dyno

# Ours: a dyno "made before the first line" may be made so long after it, since clocks differ.
_CLOCKS = 1.0


class ListedDyno(NamedTuple):
    """A dyno as the lists of the API showed it: first, last, and in which list it was missing then.

    Times are seconds since 1970. `gone` is None while no list says that the dyno has gone.
    """

    dyno: Dyno
    first: float
    last: float
    gone: float | None = None

    @property
    def made(self) -> float:
        """When Heroku made the dyno; without that time, when a list first showed it."""
        return self.dyno.created_at.timestamp() if self.dyno.created_at else self.first


def bind_listed(
    of_name: Succession, listed: Sequence[ListedDyno], ids: Mapping[str, FirstLast], last_line: float
) -> bool:
    """Bind the dynos that were listed under a name, in any order. False where the runtime metrics name another id.

    `ids` are the dyno ids of the name's runtime metrics, `last_line` is when any line last named the dyno.
    """
    in_order = sorted(listed, key=lambda each: (each.made, each.dyno.id))
    of_id = {each.id: each for each in of_name.incarnations if each.id}
    agrees = True
    for seen, following in zip(in_order, [*in_order[1:], None], strict=True):
        place, near = _near(of_name, seen.made)
        own = of_id.get(seen.dyno.id) or _of_start(of_name, seen, near) or _around(of_name, seen, near)
        if own is None and _is_contradicted(seen, ids, near):
            agrees = False
            continue
        if own is None:  # no line is about its beginning
            own = Incarnation(of_name.dyno, 0, seen.made)
            of_name.incarnations.insert(place, own)
        _describe(own, seen, is_sampled=seen.dyno.id in ids)
        end = _end(seen, following)
        if end is not None:
            is_beside = following is not None and following.made < end
            goes_on = not is_beside and (following is not None or last_line > end + STOP_SECONDS)
            _end_at(of_name, own, end, goes_on=goes_on)
    return agrees


def _end(seen: ListedDyno, following: ListedDyno | None) -> float | None:
    """When it ended as far as lists tell: when its successor was made, else when a list first missed it."""
    if seen.gone is not None and following is not None and seen.last < following.made <= seen.gone:
        return following.made
    return seen.gone


def _near(of_name: Succession, made: float) -> tuple[int, Sequence[Incarnation]]:
    """(the place of a dyno that was made then, the incarnations around that place): a name may have had thousands."""
    first = of_name.first_seen or 0.0
    place = bisect_right(of_name.incarnations, made, key=lambda each: first if each.start is None else each.start)
    return place, of_name.incarnations[max(place - MOST_AT_ONCE, 0) : place + MOST_AT_ONCE]


def _of_start(of_name: Succession, seen: ListedDyno, near: Sequence[Incarnation]) -> Incarnation | None:
    """The one without an id that began when the dyno was made, or that ran when the name's first line came."""
    away = [
        (abs(each.start - seen.made), place)
        for place, each in enumerate(near)
        if each.id is None and each.start is not None
    ]
    if away and min(away)[0] <= SAME_START:
        return near[min(away)[1]]
    first = of_name.first_seen
    if first is None or not seen.made <= first + _CLOCKS or seen.last < first:
        return None
    older = (each for each in near if each.id is None and each.start is None)
    return next((each for each in older if each.end is None or seen.last <= each.end + STOP_SECONDS), None)


def _around(of_name: Succession, seen: ListedDyno, near: Sequence[Incarnation]) -> Incarnation | None:
    """The one without an id whose lines no start divides, though the dyno was made among them."""
    for each in reversed(near):
        began = each.start if each.start is not None else of_name.first_seen
        if each.id is None and began is not None and began < seen.made and (each.end is None or seen.made < each.end):
            return each
    return None


def _is_contradicted(seen: ListedDyno, ids: Mapping[str, FirstLast], near: Sequence[Incarnation]) -> bool:
    """Whether runtime metrics name one other dyno for longer than two of a name run side by side."""
    spans = [ids[each.id] for each in near if each.id and each.id in ids]
    return seen.dyno.id not in ids and any(
        min(span.last, seen.last) - max(span.first, seen.made) > PREBOOT_SECONDS for span in spans
    )


def _describe(own: Incarnation, seen: ListedDyno, *, is_sampled: bool) -> None:
    dyno = seen.dyno
    own.id, own.id_source = dyno.id, "api+runtime-metrics" if is_sampled else "api"
    own.created = dyno.created_at.timestamp() if dyno.created_at else None
    own.release, own.size = dyno.release, dyno.size
    own.state = dyno.state if seen.gone is None else ""  # of one that has gone it is its state of then
    own.type = dyno.type or own.type


def _end_at(of_name: Succession, own: Incarnation, end: float, *, goes_on: bool) -> None:
    """The lists say that it had ended by then. What lines show of later times is another's, id unknown."""
    if own.end is not None and own.end <= end + STOP_SECONDS:
        return
    own_lines_end = max(end, own.sampled or end, own.start or end)
    if own.end is None and not (goes_on and own is of_name.incarnations[-1]):
        own.end = own_lines_end
        return
    place = of_name.incarnations.index(own)
    of_name.divide(own, own_lines_end, place)
    older = of_name.incarnations[place]
    for name in ("id", "id_source", "created", "release", "size", "state", "sampled", "type"):
        setattr(older, name, getattr(own, name))
    own.id, own.id_source, own.created, own.release, own.size, own.state = None, "unknown", None, None, "", ""
    own.sampled = None
