"""Failed requests that came as rows are kept until there are many, then counted dyno by dyno.

In an incident every second line of the router may be one. A row counts the same as an event does (events.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from herodyno.diagnosis.counting.batch import ENOUGH, client_names, path_names
from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.dynos import process_type_of
from herodyno.logs.codes.table import CUT_BY_STOP
from herodyno.logs.scan.columns import Failures
from herodyno.logs.scan.stamps import Stamps


class PendingFailures:
    """Failed requests not yet counted, in the order of the log."""

    def __init__(self) -> None:
        self._kept = Failures(*([] for _ in Failures._fields))

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return len(self._kept.stamps) > ENOUGH

    def add(self, failures: Failures) -> None:
        """Keep more requests."""
        for kept, column in zip(self._kept, failures, strict=True):
            kept += column  # type: ignore[operator]  # each of its own type

    def count(self, segments: Mapping[bytes, Segment], unassigned: Unassigned, stamps: Stamps) -> None:
        """Count the kept requests for the segment of each dyno and for the app as a whole."""
        rows, self._kept = self._kept, Failures(*([] for _ in Failures._fields))
        if not rows.dynos:
            return
        paths, clients = path_names(b"\n".join(rows.paths)), client_names(b"\n".join(rows.fwds))
        seconds = [stamps.seconds(stamp) for stamp in rows.stamps]
        codes = [text(code or status) for code, status in zip(rows.codes, rows.statuses, strict=True)]
        _count_for_app(unassigned.facts, rows, paths, clients, seconds)
        for dyno, places in _by_dyno(rows.dynos):
            segment = segments[dyno]
            own = segment.incarnation
            of_paths, of_clients = ([column[i] for i in places] for column in (paths, clients))
            at = [seconds[i] for i in places]
            of_codes, services = [codes[i] for i in places], [int(rows.services[i]) for i in places]
            sent = [logged - service / 1000 for logged, service in zip(at, services, strict=True)]
            own.lines += len(places)
            own.requests += len(places)
            own.paths.add_all(of_paths)
            own.clients.add_all(filter(None, of_clients))
            own.failed_service.update(services)
            for cell, n in Counter(int(logged // CELL_SECONDS) for logged in at).items():
                _add_failed(own.grid, cell, n)
            families = [codes[i] if rows.codes[i] else "5xx" for i in places]
            own.errors.add_all(of_codes, families, of_paths, of_clients, at)
            own.raised.beside.add_failures(at, sent)
            unassigned.boundaries.add_name(text(dyno), min(sent), max(at))
            segment.widen(min(sent), max(at))
            for code in set(of_codes):
                segment.foretells |= code in CUT_BY_STOP
                newest = sorted((seconds[i], rows.numbers[i], i) for i in places if codes[i] == code)
                for logged, number, i in newest[-EVIDENCE_LINES:]:
                    own.evidence.add(code, EvidenceLine(logged, number, text(rows.lines[i])))


def _by_dyno(dynos: list[bytes]) -> Iterator[tuple[bytes, list[int]]]:
    """The places of each dyno's rows, in order."""
    order = sorted(range(len(dynos)), key=dynos.__getitem__)
    for dyno, own in groupby(order, key=dynos.__getitem__):
        yield dyno, list(own)


def _count_for_app(facts: Facts, rows: Failures, paths: list[str], clients: list[str], seconds: list[float]) -> None:
    facts.router_lines += len(rows.dynos)
    for key, values in (
        ("path", paths),
        ("method", _names(rows.methods)),
        ("host", _names(rows.hosts)),
        ("client", clients),
        ("status", _names(rows.statuses)),
    ):
        facts.shared.add_bad(key, list(filter(None, values)))
    types = {dyno: process_type_of(text(dyno)) for dyno in set(rows.dynos)}
    cells = Counter((types[dyno], int(at // CELL_SECONDS)) for dyno, at in zip(rows.dynos, seconds, strict=True))
    for (process_type, cell), n in cells.items():
        _add_failed(facts.types.setdefault(process_type, Grid()), cell, n)


def _names(values: list[bytes]) -> Iterator[str]:
    names = {value: text(value) for value in set(values)}
    return map(names.__getitem__, values)


def _add_failed(grid: Grid, number: int, n: int) -> None:
    cell = grid.at(number * CELL_SECONDS)
    cell.requests += n
    cell.errors += n
