"""Failed requests that came as rows are kept until there are many, then counted dyno by dyno.

In an incident every second line of the router may be one. A row counts the same as an event does (events.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from sys import intern

from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.counting.requests.request_names import client_names, path_names
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.dynos import process_type_of
from herodyno.logs.codes.table import CUT_BY_STOP
from herodyno.logs.scan.columns import Failures
from herodyno.logs.scan.held import FailuresByDyno, HeldFailures, NewestLine, WaitingFailures
from herodyno.logs.scan.stamps import Stamps

# Rows. They wait with their lines: four thousand take three megabytes, and a short log never has so many.
ENOUGH = 2048


class PendingFailures:
    """Failed requests not yet counted, in the order of the log: as lists, or inside the compiled part."""

    def __init__(self) -> None:
        self._kept = _none()
        self._waiting: WaitingFailures | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return len(self._waiting if self._waiting else self._kept.stamps) > ENOUGH

    def add(self, failures: Failures) -> None:
        """Keep more requests."""
        self._take_lists()
        for kept, column in zip(self._kept, failures, strict=True):
            kept += column  # type: ignore[operator]  # each of its own type

    def add_held(self, held: HeldFailures) -> None:
        """Keep more requests that the compiled part holds."""
        waiting = None if self._kept.dynos else held.wait()
        if waiting is None:
            self.add(held.read())
        else:
            self._waiting = waiting

    def count(self, segments: Mapping[bytes, Segment], unassigned: Unassigned, stamps: Stamps) -> None:
        """Count the kept requests for the segment of each dyno and for the app as a whole."""
        rows = self._taken(stamps)
        if rows is None:
            return
        # As in request_names.py, each name is in memory once.
        paths, clients = (list(map(intern, names)) for names in (path_names(rows.paths), client_names(rows.fwds)))
        coded, statuses = text(rows.codes).split("\n"), text(rows.statuses).split("\n")
        codes = [code or status for code, status in zip(coded, statuses, strict=True)]
        families = [code or "5xx" for code in coded]
        _count_for_app(unassigned.facts, rows, paths, clients, statuses)
        by_type: defaultdict[str, Counter[int]] = defaultdict(Counter)
        end = 0
        for dyno, n, lines in zip(rows.dynos, rows.numbers, rows.newest, strict=True):
            begin, end = end, end + n
            segment = segments[dyno]
            own = segment.incarnation
            at, services = rows.seconds[begin:end], rows.services[begin:end]
            sent = [logged - service / 1000 for logged, service in zip(at, services, strict=True)]
            own.lines += n
            own.requests += n
            own.paths.add_all(paths[begin:end])
            own.clients.add_all(filter(None, clients[begin:end]))
            own.failed_service.update(services)
            cells = Counter([int(logged // CELL_SECONDS) for logged in at])
            by_type[process_type_of(text(dyno))].update(cells)
            own.grid.add_failed(cells)
            of_codes = codes[begin:end]
            own.errors.add_all(of_codes, families[begin:end], paths[begin:end], clients[begin:end], at)
            own.raised.beside.add_failures(at, sent)
            unassigned.boundaries.add_name(text(dyno), min(sent), max(at))
            segment.widen(min(sent), max(at))
            segment.foretells |= not CUT_BY_STOP.isdisjoint(of_codes)
            for code, line in lines:
                own.evidence.add(text(code), EvidenceLine(line.seconds, line.number, text(line.line)))
        for process_type, cells in by_type.items():
            unassigned.facts.types.setdefault(process_type, Grid()).add_failed(cells)

    def _taken(self, stamps: Stamps) -> FailuresByDyno | None:
        """Take all kept requests."""
        if self._waiting and (rows := self._waiting.take_by_dyno(EVIDENCE_LINES)):
            self._waiting = None
            return rows
        self._take_lists()
        kept, self._kept = self._kept, _none()
        return _by_dyno(kept, stamps) if kept.dynos else None

    def _take_lists(self) -> None:
        if self._waiting:
            self._kept, self._waiting = self._waiting.take_lists(), None


def _none() -> Failures:
    return Failures(*([] for _ in Failures._fields))


def _by_dyno(rows: Failures, stamps: Stamps) -> FailuresByDyno:
    """Failed requests in the order of the log, dyno by dyno."""
    order = sorted(range(len(rows.dynos)), key=rows.dynos.__getitem__)  # keeps the order of each dyno
    seconds = [stamps.seconds(stamp) for stamp in rows.stamps]
    dynos, numbers, newest = [], [], []
    for dyno, places in groupby(order, key=rows.dynos.__getitem__):
        own = list(places)
        dynos.append(dyno)
        numbers.append(len(own))
        newest.append(list(_newest(rows, own, seconds)))
    paths, fwds, codes, statuses, services = (
        [column[i] for i in order] for column in (rows.paths, rows.fwds, rows.codes, rows.statuses, rows.services)
    )
    return FailuresByDyno(
        dynos,
        numbers,
        b"\n".join(paths),
        b"\n".join(fwds),
        b"\n".join(codes),
        b"\n".join(statuses),
        [seconds[i] for i in order],
        list(map(int, services)),
        Counter(rows.methods),
        Counter(rows.hosts),
        newest,
    )


def _newest(rows: Failures, places: list[int], seconds: list[float]) -> Iterator[tuple[bytes, NewestLine]]:
    """The newest lines of each code, or of each status without a code, among the rows at some places."""
    of_codes: defaultdict[bytes, list[int]] = defaultdict(list)
    for i in places:
        of_codes[rows.codes[i] or rows.statuses[i]].append(i)
    for code, own in of_codes.items():
        for i in sorted(own, key=lambda i: (seconds[i], rows.numbers[i]))[-EVIDENCE_LINES:]:
            yield code, NewestLine(seconds[i], rows.numbers[i], rows.lines[i])


def _count_for_app(
    facts: Facts, rows: FailuresByDyno, paths: list[str], clients: list[str], statuses: list[str]
) -> None:
    facts.router_lines += len(paths)
    facts.shared.add_bad("path", list(filter(None, paths)))
    facts.shared.add_bad("client", list(filter(None, clients)))
    for key, values in (("method", rows.methods), ("host", rows.hosts)):
        facts.shared.add_bad(key, {text(value): n for value, n in values.items() if value})
    facts.shared.add_bad("status", Counter(statuses))
