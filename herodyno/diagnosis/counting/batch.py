"""Rows are kept until there are many, then counted dyno by dyno.

The counts of fifty dynos do not fit into the cache of a processor: counting line by line takes twice as long.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from sys import intern

from herodyno.diagnosis.counting.events import LONGEST_PATH
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid, step_of
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.dynos import process_type_of
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.held import HeldRequests, RequestsByDyno, WaitingRequests
from herodyno.logs.scan.stamps import Stamps

ENOUGH = 4096
_TENS = 18  # bytes of a stamp up to the tens of its second, which say the cell of the grid


class PendingRequests:
    """Good requests not yet counted, in the order of the log: as lists, or inside the compiled part."""

    def __init__(self) -> None:
        self._kept = _none()
        self._waiting: WaitingRequests | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return (len(self._waiting) if self._waiting else len(self._kept.dynos)) > ENOUGH

    def add(self, requests: Requests) -> None:
        """Keep more requests."""
        if self._waiting:
            self._kept, self._waiting = self._waiting.take_lists(), None
        for kept, column in zip(self._kept, requests, strict=True):
            kept += column

    def add_held(self, held: HeldRequests) -> None:
        """Keep more requests that the compiled part holds."""
        waiting = None if self._kept.dynos else held.wait()
        if waiting is None:
            self.add(held.read())
        else:
            self._waiting = waiting

    def count(self, segments: Mapping[bytes, Segment], facts: Facts, stamps: Stamps) -> None:
        """Count the kept requests for the segment of each dyno and for the app as a whole."""
        rows = self._taken(stamps)
        if rows is None:
            return
        # Fifty dynos have the same paths and clients: each name is in memory once.
        paths, clients = (list(map(intern, names)) for names in (path_names(rows.paths), client_names(rows.fwds)))
        facts.shared.add_good("path", list(filter(None, paths)))
        facts.shared.add_good("client", list(filter(None, clients)))
        for key, values in (("method", rows.methods), ("host", rows.hosts), ("status", rows.statuses)):
            facts.shared.add_good(key, {text(value): n for value, n in values.items() if value})
        by_type: defaultdict[str, Counter[int]] = defaultdict(Counter)
        begin = 0
        for dyno, n, runs in zip(rows.dynos, rows.numbers, rows.runs, strict=True):
            own = slice(begin, begin + n)
            begin += n
            incarnation = segments[dyno].incarnation
            incarnation.lines += n
            incarnation.requests += n
            incarnation.paths.add_all(paths[own])
            incarnation.clients.add_all(filter(None, clients[own]))
            incarnation.good_service.update(rows.services[own])
            of_type = by_type[process_type_of(text(dyno))]
            for cell, of_cell in runs:
                of_type[cell] += of_cell
            _count_cells(runs, bytes(map(_STEPS.__getitem__, rows.services[own])), incarnation.grid)
        for process_type, requests in by_type.items():
            grid = facts.types.setdefault(process_type, Grid())
            for cell, n in requests.items():
                grid.add_run(cell * CELL_SECONDS, n)

    def _taken(self, stamps: Stamps) -> RequestsByDyno | None:
        """Take all kept requests."""
        if self._waiting and (rows := self._waiting.take_by_dyno(CELL_SECONDS)):
            self._waiting = None
            return rows
        if self._waiting:
            self._kept, self._waiting = self._waiting.take_lists(), None
        kept, self._kept = self._kept, _none()
        return _by_dyno(kept, stamps) if kept.dynos else None


class _Steps(dict[int, int]):
    """The step of the grid of each service time, in ms."""

    def __missing__(self, milliseconds: int) -> int:
        self[milliseconds] = step_of(milliseconds)
        return self[milliseconds]


_STEPS = _Steps()


def _none() -> Requests:
    return Requests(*([] for _ in Requests._fields))


def _by_dyno(rows: Requests, stamps: Stamps) -> RequestsByDyno:
    """Good requests in the order of the log, dyno by dyno."""
    order = sorted(range(len(rows.dynos)), key=rows.dynos.__getitem__)  # keeps the order of each dyno
    cells = _cells(rows.stamps, stamps)
    dynos, numbers, runs = [], [], []
    begin = 0
    for dyno, n in sorted(Counter(rows.dynos).items()):
        dynos.append(dyno)
        numbers.append(n)
        own = map(cells.__getitem__, order[begin : begin + n])
        runs.append([(cell, len(list(run))) for cell, run in groupby(own)])
        begin += n
    milliseconds = {service: int(service) for service in set(rows.services)}
    paths, fwds, services = ([column[i] for i in order] for column in (rows.paths, rows.fwds, rows.services))
    return RequestsByDyno(
        dynos,
        numbers,
        runs,
        b"\n".join(paths),
        b"\n".join(fwds),
        [milliseconds[service] for service in services],
        *map(Counter, (rows.methods, rows.hosts, rows.statuses)),
    )


def path_names(joined: bytes) -> list[str]:
    """Paths as the facts name them, given with an LF between them. Decoding all at once takes a tenth of the time."""
    names = text(joined).split("\n")
    return [name[:LONGEST_PATH] for name in names] if max(map(len, names)) > LONGEST_PATH else names


def client_names(fwds: bytes) -> list[str]:
    """The first address of each X-Forwarded-For. They are given with an LF between them."""
    joined = text(fwds)
    names = joined.split("\n")
    return [name.partition(",")[0].strip() for name in names] if "," in joined or " " in joined else names


def _count_cells(runs: list[tuple[int, int]], steps: bytes, grid: Grid) -> None:
    begin = 0
    for number, n in runs:
        grid.add_run(number * CELL_SECONDS, n, 0, steps[begin : begin + n])
        begin += n


def _cells(stamps: Sequence[bytes], clock: Stamps) -> list[int]:
    """The number of the grid's cell for each stamp."""
    tens = [stamp[:_TENS] for stamp in stamps]
    cells = {
        ten: int(clock.seconds(stamp) // CELL_SECONDS) for ten, stamp in dict(zip(tens, stamps, strict=True)).items()
    }
    return [cells[ten] for ten in tens]
