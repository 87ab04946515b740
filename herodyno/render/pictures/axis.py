"""What stands under a picture over time: the times of day, and a lane of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from herodyno.render.pictures.time_cells import TimeCells
from herodyno.units import tick

# One letter for each kind of event, in ASCII so that it is the same everywhere.
EVENTS = {"release": "v", "restart": "r", "scale": "s", "config": "c", "crash": "x", "cycle": "o"}
_SEVERAL = "+"
_STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
# Signs between the beginnings of two times of day: "02:12" and three blanks.
_APART = 8


class Mark(NamedTuple):
    """One event: when, and a kind of EVENTS."""

    seconds: float
    kind: str


def time_axis(cells: TimeCells, zone: tzinfo) -> str:
    """Times of day, each from the column of its time on: "23:50   24 Nov   00:10". A day's first is its date."""
    step = next((step for step in _STEPS if step >= cells.seconds * _APART), _STEPS[-1])
    while step < cells.seconds * _APART:
        step *= 2
    text = ""
    for place in range(cells.n):
        local = _local(cells.start + place * cells.seconds, zone)
        offset = local.utcoffset()
        since_midnight = cells.start + place * cells.seconds + (offset.total_seconds() if offset else 0.0)
        is_alone = not place and -since_midnight % step > _APART * cells.seconds  # no other time stands near
        label = tick(local, is_day=step >= 86400 or since_midnight % 86400 < cells.seconds)
        if (is_alone or since_midnight % step < cells.seconds) and place + len(label) <= cells.n:
            text = text.ljust(place) + label
    return text.ljust(cells.n)


def event_lane(marks: Iterable[Mark], cells: TimeCells) -> str:
    """The letter of each event in the column of its time; "+" where several kinds share one."""
    lane = [" "] * cells.n
    for seconds, kind in marks:
        place, letter = cells.place(seconds), EVENTS[kind]
        if 0 <= place < cells.n:
            lane[place] = letter if lane[place] in (" ", letter) else _SEVERAL
    return "".join(lane)


def lane_legend(marks: Iterable[Mark], cells: TimeCells) -> str:
    """What the letters of a lane mean: "v release, x crash". Empty without any event in the picture."""
    marks = list(marks)
    inside = {kind for seconds, kind in marks if 0 <= cells.place(seconds) < cells.n}
    words = [f"{letter} {kind}" for kind, letter in EVENTS.items() if kind in inside]
    return ", ".join([*words, "+ several"] if _SEVERAL in event_lane(marks, cells) else words)


def _local(seconds: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
