"""What came in and what did not, counted from the start of the receiver."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from herodyno.archive.gaps import dropped_before, messages_in
from herodyno.archive.records import Frame

MOST_DRAINS = 1_000  # ours: a sender names its own drain, and each has nine series in `/metrics`
OTHERS = "(others)"

_FIRST_TIME = re.compile(rb"(?:\d{1,8} )?<\d{1,3}>1 (\S{19,32}) ")


@dataclass(slots=True)
class DrainCounters:
    """One drain: frames stored, messages as the sender counted them, bytes, frames that came again, messages dropped.

    `miscounted` frames hold other messages than their sender counted, or none that can be told apart.
    `lag_seconds` is the age of the last frame's first message when the frame came; None where it has no time.
    """

    app: str
    frames: int = 0
    messages: int = 0
    bytes: int = 0
    repeated: int = 0
    dropped: int = 0
    miscounted: int = 0
    last_us: int = 0
    lag_seconds: float | None = None


@dataclass(slots=True)
class Counters:
    """All drains by token or name, requests refused, requests of senders answered, and spans of traces dropped.

    Requests are counted by status.

    `trouble` is why the disk takes nothing, `trouble_with_drains` why a changed file of drains is not used; both else
    "".
    """

    drains: dict[str, DrainCounters] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    dropped_spans: int = 0
    disk_failures: int = 0
    trouble: str = ""
    trouble_with_drains: str = ""

    def kept(self, frame: Frame, *, is_new: bool) -> None:
        """Count a frame that was acknowledged."""
        name = frame.drain if frame.drain in self.drains or len(self.drains) < MOST_DRAINS else OTHERS
        drain = self.drains.setdefault(name, DrainCounters("" if name == OTHERS else frame.app))
        if not is_new:
            drain.repeated += 1
            return
        drain.frames += 1
        drain.messages += frame.messages
        drain.bytes += len(frame.body)
        drain.dropped += frame.dropped + dropped_before(frame.body)
        drain.miscounted += _is_miscounted(frame)
        drain.last_us = frame.received_us
        drain.lag_seconds = lag_of(frame)

    def total(self) -> DrainCounters:
        """The sum of all drains, with the newest frame's time and lag."""
        whole = DrainCounters("")
        for each in self.drains.values():
            for name in ("frames", "messages", "bytes", "repeated", "dropped", "miscounted"):
                setattr(whole, name, getattr(whole, name) + getattr(each, name))
            if each.last_us > whole.last_us:
                whole.last_us, whole.lag_seconds = each.last_us, each.lag_seconds
        return whole


def _is_miscounted(frame: Frame) -> bool:
    """Whether count and body differ. Whether Logplex counts its own L10 is not known: both are right."""
    if not frame.messages:
        return False
    found = messages_in(frame.body)
    return found != frame.messages and not (found == frame.messages + 1 and dropped_before(frame.body))


def lag_of(frame: Frame) -> float | None:
    """How old the first message of a frame was when the frame came, in seconds; None where it has no time."""
    found = None if frame.origin.startswith("otlp") else _FIRST_TIME.match(frame.body)
    if not found:
        return None
    try:
        at = datetime.fromisoformat(found[1].decode())
        return round(frame.received_us / 1e6 - at.timestamp(), 3)
    except (ValueError, OverflowError):
        return None
