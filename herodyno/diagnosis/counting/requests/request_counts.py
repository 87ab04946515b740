"""Good requests wait dyno by dyno as numbers. A path that comes again and again is there once, and is decoded once.

The counts of fifty dynos do not fit into the cache of a processor: counting line by line takes twice as long. So rows
come many at a time.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.counting.tallies import most_frequent
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.held import Frequent, NamesOfRequests, Places, RequestRows, RequestsOfDyno
from herodyno.logs.scan.stamps import Stamps

_TENS = 18  # bytes of a stamp up to the tens of its second, which say the cell of the grid


class _Rows(NamedTuple):
    """Requests of one dyno: the runs of cells, and the places of the other fields of each request."""

    cells: array[int]
    of_cells: array[int]
    paths: array[int]
    fwds: array[int]
    services: array[int]


class RequestCounts:
    """Rows dyno by dyno, until they are taken: ManyRequests (scan/held.py) without the compiled part."""

    def __init__(self) -> None:
        self._dynos: dict[bytes, _Rows] = {}
        self._paths, self._fwds, self._services = _Names(), _Names(), _Names()
        self._methods, self._hosts, self._statuses = Counter[bytes](), Counter[bytes](), Counter[bytes]()

    def __bool__(self) -> bool:
        return bool(self._dynos)

    def add(self, rows: RequestRows) -> None:
        """Keep more rows, in the order of the log."""
        order = sorted(range(len(rows.dynos)), key=rows.dynos.__getitem__)  # keeps the order of each dyno
        paths, fwds = self._paths.add(rows.paths), self._fwds.add(rows.fwds)
        services = self._services.add(rows.services)
        begin = 0
        for dyno, n in sorted(Counter(rows.dynos).items()):
            places = order[begin : begin + n]
            begin += n
            own = self._dynos.get(dyno)
            if own is None:
                own = self._dynos[dyno] = _Rows(array("q"), array("q"), array("I"), array("I"), array("I"))
            for cell, run in groupby(map(rows.cells.__getitem__, places)):
                own.cells.append(cell)
                own.of_cells.append(len(list(run)))
            own.paths.extend(map(paths.__getitem__, places))
            own.fwds.extend(map(fwds.__getitem__, places))
            own.services.extend(map(services.__getitem__, places))
        self._methods.update(rows.methods)
        self._hosts.update(rows.hosts)
        self._statuses.update(rows.statuses)

    def names(self) -> NamesOfRequests:
        """The names in all rows."""
        return NamesOfRequests(
            b"\n".join(self._paths.places),
            list(self._paths.counts.values()),
            b"\n".join(self._fwds.places),
            list(self._fwds.counts.values()),
            list(self._services.places),
            self._methods,
            self._hosts,
            self._statuses,
        )

    def take_by_dyno(self, places: Places, most: int) -> Iterator[RequestsOfDyno]:
        """All, dyno by dyno. No more rows can be added."""
        for dyno, own in sorted(self._dynos.items()):
            paths = Counter(map(places.paths.__getitem__, own.paths))
            clients = Counter(map(places.clients.__getitem__, own.fwds))
            del clients[-1]
            yield RequestsOfDyno(
                dyno,
                own.cells,
                own.of_cells,
                bytes(map(places.steps.__getitem__, own.services)),
                Frequent(*_columns(Counter(map(places.services.__getitem__, own.services))), 0),
                _frequent(paths, most),
                _frequent(clients, most),
            )


class _Names:
    """The place of each name, as they were met, and how often each came."""

    def __init__(self) -> None:
        self.places: dict[bytes, int] = {}
        self.counts = Counter[bytes]()

    def add(self, names: Sequence[bytes]) -> list[int]:
        """Count more, and return their places."""
        for name in dict.fromkeys(names):
            self.places.setdefault(name, len(self.places))
        self.counts.update(names)
        return list(map(self.places.__getitem__, names))


def request_rows(requests: Requests, clock: Stamps) -> RequestRows:
    """What counts of some requests."""
    tens = [stamp[:_TENS] for stamp in requests.stamps]
    firsts = dict(zip(tens, requests.stamps, strict=True))
    cells = {ten: int(clock.seconds(stamp) // CELL_SECONDS) for ten, stamp in firsts.items()}
    return RequestRows(
        requests.dynos,
        [cells[ten] for ten in tens],
        requests.paths,
        requests.fwds,
        requests.services,
        *map(Counter, (requests.methods, requests.hosts, requests.statuses)),
    )


def _frequent(counts: Counter[int], most: int) -> Frequent:
    if len(counts) <= 2 * most:
        return Frequent(*_columns(counts), 0)
    told = most_frequent(counts, most)
    return Frequent(*_columns(told), counts.total() - told.total())


def _columns(counts: Counter[int]) -> tuple[list[int], list[int]]:
    return list(counts), list(counts.values())
