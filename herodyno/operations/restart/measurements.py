"""What one look at the log says of each dyno: requests, server errors, memory, R codes. A small fold over events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from herodyno.diagnosis.counting.events import server_code
from herodyno.dynos import Dyno, DynoSize, natural_order
from herodyno.logs.events import DynoError, Event, MemorySample, RouterRequest


class RoutedRequest(NamedTuple):
    """One request to a dyno name: when it was sent (its router line's time minus its service time), whether it failed.

    The time it was sent says which incarnation had it: a request that ends after a restart may be the old one's.
    """

    sent_at: datetime
    dyno: str
    failed: bool
    request_id: str


class LoggedCode(NamedTuple):
    """One R code of a dyno name."""

    at: datetime
    dyno: str
    code: str


@dataclass(slots=True)
class Measurements:
    """The fold. `memory_mb` and `quota_mb` are the last sample of each dyno id."""

    requests: list[RoutedRequest] = field(default_factory=list)
    codes: list[LoggedCode] = field(default_factory=list)
    memory_mb: dict[str, float] = field(default_factory=dict)
    quota_mb: dict[str, float] = field(default_factory=dict)

    def errors(
        self, dynos: Iterable[str], *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[int, int]:
        """(server errors, requests) of these dyno names between two times."""
        names = set(dynos)
        there = [
            request.failed
            for request in self.requests
            if request.dyno in names
            and (since is None or request.sent_at >= since)
            and (until is None or request.sent_at < until)
        ]
        return sum(there), len(there)

    def memory_share(self, dyno: Dyno, sizes: Mapping[str, DynoSize]) -> float | None:
        """Memory as a share of the quota (its sample's, else its size's); None when no sample told."""
        used = self.memory_mb.get(dyno.id)
        size = sizes.get(dyno.size)
        quota = self.quota_mb.get(dyno.id) or (size.memory_mb if size else None)
        return None if used is None or not quota else used / quota

    def update(self, later: Measurements) -> None:
        """Add a later look; requests and codes seen twice count once."""
        self.requests = list(dict.fromkeys([*self.requests, *later.requests]))
        self.codes = list(dict.fromkeys([*self.codes, *later.codes]))
        self.memory_mb |= later.memory_mb
        self.quota_mb |= later.quota_mb


def measure(events: Iterable[Event]) -> Measurements:
    """Fold events. Lines without a time are passed over: nothing can be compared with them."""
    found = Measurements()
    for event in events:
        match event:
            case RouterRequest(line=line, dyno=dyno) if line.at and dyno:
                failed = bool(server_code(event)[0])
                sent_at = line.at - timedelta(milliseconds=event.service_ms or 0)
                found.requests.append(RoutedRequest(sent_at, dyno, failed, event.request_id))
            case DynoError(line=line, dyno=dyno, code=code) if line.at:
                found.codes.append(LoggedCode(line.at, dyno, code))
            case MemorySample(dyno_id=dyno_id, total_mb=total, quota_mb=quota) if total is not None:
                found.memory_mb[dyno_id] = total
                if quota:
                    found.quota_mb[dyno_id] = quota
            case _:
                pass
    return found


def restart_order(dynos: Sequence[Dyno], order: str, seen: Measurements, sizes: Mapping[str, DynoSize]) -> list[Dyno]:
    """The dynos in the order of --order: worst (crashed, then errors, then memory), oldest, or name."""

    def age(dyno: Dyno) -> float:
        return dyno.created_at.timestamp() if dyno.created_at else float("inf")

    def badness(dyno: Dyno) -> tuple[bool, float, float, float]:
        failed, requests = seen.errors([dyno.name])
        share = failed / requests if requests else 0.0
        return (dyno.state != "crashed", -share, -(seen.memory_share(dyno, sizes) or 0.0), age(dyno))

    by_name = sorted(dynos, key=lambda dyno: natural_order(dyno.name))
    if order == "name":
        return by_name
    return sorted(by_name, key=age if order == "oldest" else badness)
