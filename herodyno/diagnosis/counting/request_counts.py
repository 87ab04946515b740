"""Good requests wait dyno by dyno as numbers. A path that comes again and again is there once, and is decoded once.

The counts of fifty dynos do not fit into the cache of a processor: counting line by line takes twice as long. So rows
come many at a time.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.held import CountedRequests, RequestsOfDyno
from herodyno.logs.scan.stamps import Stamps

_TENS = 18  # bytes of a stamp up to the tens of its second, which say the cell of the grid


class RequestCounts:
    """Rows dyno by dyno, until they are taken."""

    def __init__(self) -> None:
        self._dynos: dict[bytes, RequestsOfDyno] = {}
        self._paths: dict[bytes, int] = {}  # the place of each
        self._fwds: dict[bytes, int] = {}
        self._methods, self._hosts, self._statuses = Counter[bytes](), Counter[bytes](), Counter[bytes]()

    def __bool__(self) -> bool:
        return bool(self._dynos)

    def add(self, rows: Requests, stamps: Stamps) -> None:
        """Keep more rows, in the order of the log."""
        order = sorted(range(len(rows.dynos)), key=rows.dynos.__getitem__)  # keeps the order of each dyno
        cells = _cells(rows.stamps, stamps)
        paths, fwds = _places(rows.paths, self._paths), _places(rows.fwds, self._fwds)
        milliseconds = {service: int(service) for service in set(rows.services)}
        services = list(map(milliseconds.__getitem__, rows.services))
        begin = 0
        for dyno, n in sorted(Counter(rows.dynos).items()):
            places = order[begin : begin + n]
            begin += n
            own = self._dynos.get(dyno)
            if own is None:
                own = RequestsOfDyno(dyno, *(array("q") for _ in RequestsOfDyno._fields[1:]))
                self._dynos[dyno] = own
            for cell, run in groupby(map(cells.__getitem__, places)):
                own.cells.append(cell)
                own.of_cells.append(len(list(run)))
            own.services.extend(map(services.__getitem__, places))
            own.paths.extend(map(paths.__getitem__, places))
            own.fwds.extend(map(fwds.__getitem__, places))
        self._methods.update(rows.methods)
        self._hosts.update(rows.hosts)
        self._statuses.update(rows.statuses)

    def taken(self) -> CountedRequests:
        """All of them. No more rows can be added."""
        return CountedRequests(
            [own for _, own in sorted(self._dynos.items())],
            b"\n".join(self._paths),
            b"\n".join(self._fwds),
            self._methods,
            self._hosts,
            self._statuses,
        )


def _places(values: list[bytes], of: dict[bytes, int]) -> list[int]:
    """The place of each value among the different ones."""
    for value in dict.fromkeys(values):
        of.setdefault(value, len(of))
    return list(map(of.__getitem__, values))


def _cells(stamps: Sequence[bytes], clock: Stamps) -> list[int]:
    """The number of the grid's cell for each stamp."""
    tens = [stamp[:_TENS] for stamp in stamps]
    cells = {
        ten: int(clock.seconds(stamp) // CELL_SECONDS) for ten, stamp in dict(zip(tens, stamps, strict=True)).items()
    }
    return [cells[ten] for ten in tens]
