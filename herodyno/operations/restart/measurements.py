"""What the log says of each dyno: requests, server errors, memory, R codes, printed lines. Folded from events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from herodyno.diagnosis.counting.events import server_code
from herodyno.diagnosis.counting.printed import PrintedFacts, Span
from herodyno.dynos import Dyno, DynoSize, natural_order
from herodyno.logs.events import AppException, AppOutput, DynoError, Event, MemorySample, RouterRequest


class RoutedRequest(NamedTuple):
    """One request that the router sent to a dyno name.

    `sent_at` is the time of the router's line minus the service time. It decides which incarnation served the
    request: a request that ends after a restart may be the old dyno's. `failed` means a server error.
    """

    sent_at: datetime
    dyno: str
    failed: bool
    request_id: str


class LoggedCode(NamedTuple):
    """One R code that was logged under a dyno name."""

    at: datetime
    dyno: str
    code: str


@dataclass(slots=True)
class Measurements:
    """The measurements of all dynos. `memory_mb` and `quota_mb` map a dyno id to its last sample, in MB.

    `printed` maps a dyno name to what was printed under it. `read` are the spans of time of which the log was read.
    """

    requests: list[RoutedRequest] = field(default_factory=list)
    codes: list[LoggedCode] = field(default_factory=list)
    memory_mb: dict[str, float] = field(default_factory=dict)
    quota_mb: dict[str, float] = field(default_factory=dict)
    printed: dict[str, PrintedFacts] = field(default_factory=dict)
    read: list[tuple[datetime, datetime]] = field(default_factory=list)

    def errors(
        self, dynos: Iterable[str], *, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[int, int]:
        """(server errors, requests) of these dyno names, sent from `since` on and before `until`."""
        names = set(dynos)
        outcomes = [
            request.failed
            for request in self.requests
            if request.dyno in names
            and (since is None or request.sent_at >= since)
            and (until is None or request.sent_at < until)
        ]
        return sum(outcomes), len(outcomes)

    def memory_share(self, dyno: Dyno, sizes: Mapping[str, DynoSize]) -> float | None:
        """Memory as a share of the quota (1.0 is all of it); None without a sample or a quota.

        The quota comes from the sample, else from the dyno's size in `sizes` (size name -> size).
        """
        used = self.memory_mb.get(dyno.id)
        size = sizes.get(dyno.size)
        quota = self.quota_mb.get(dyno.id) or (size.memory_mb if size else None)
        return None if used is None or not quota else used / quota

    def update(self, later: Measurements) -> None:
        """Add later measurements of the same app; requests, codes and times of printed lines in both count once."""
        self.requests = list(dict.fromkeys([*self.requests, *later.requests]))
        self.codes = list(dict.fromkeys([*self.codes, *later.codes]))
        self.memory_mb |= later.memory_mb
        self.quota_mb |= later.quota_mb
        for dyno, printed in later.printed.items():
            self.printed.setdefault(dyno, PrintedFacts()).update(printed)
        self.read += later.read

    def spans(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Span]:
        """The spans of time, in seconds since 1970, that were read from `since` on and before `until`."""
        spans: list[Span] = []
        for first, last in sorted(self.read):
            start, end = max(first, since or first).timestamp(), min(last, until or last).timestamp()
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            elif end > start:
                spans.append((start, end))
        return spans


def measure(events: Iterable[Event]) -> Measurements:
    """The measurements in these events. Events without a time are skipped: they cannot be compared."""
    found, times = Measurements(), []
    for event in events:
        if event.line.at:
            times.append(event.line.at)
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
            case AppOutput(dyno=dyno) | AppException(dyno=dyno) if dyno:
                found.printed.setdefault(dyno, PrintedFacts()).add_event(event)
            case _:
                pass
    if times:
        found.read.append((min(times), max(times)))
    return found


def restart_order(
    dynos: Sequence[Dyno], order: str, measured: Measurements, sizes: Mapping[str, DynoSize]
) -> list[Dyno]:
    """The dynos in the order of --order: "worst" (crashed, then errors, then memory), "oldest" or "name"."""

    def age(dyno: Dyno) -> float:
        return dyno.created_at.timestamp() if dyno.created_at else float("inf")

    def badness(dyno: Dyno) -> tuple[bool, float, float, float]:
        failed, requests = measured.errors([dyno.name])
        share = failed / requests if requests else 0.0
        return (dyno.state != "crashed", -share, -(measured.memory_share(dyno, sizes) or 0.0), age(dyno))

    by_name = sorted(dynos, key=lambda dyno: natural_order(dyno.name))
    if order == "name":
        return by_name
    return sorted(by_name, key=age if order == "oldest" else badness)
