"""Good requests wait, dyno by dyno, until there are many: then they count for the facts.

The counts of fifty dynos do not fit into the cache of a processor: counting line by line takes twice as long.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.counting.requests.request_counts import RequestCounts, request_rows
from herodyno.diagnosis.counting.requests.request_names import RequestNames
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.tallies import MOST_NAMES
from herodyno.dynos import process_type_of
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.held import HeldRequests, ManyRequests, NamesOfRequests, RequestsOfDyno, WaitingRequests
from herodyno.logs.scan.stamps import Stamps

ENOUGH = 4096  # rows as lists
MOST_COUNTED = 65_536  # rows, as numbers: a megabyte
MOST_NAME_BYTES = 4_000_000  # of paths, hosts and clients, each counted as often as it comes


class PendingRequests:
    """Good requests that the facts do not have yet, in the order of the log: here, or inside the compiled part."""

    def __init__(self) -> None:
        self._kept = _none()
        self._counts = RequestCounts()
        self._waiting: WaitingRequests | None = None
        self._rows = self._name_bytes = 0  # the same here and inside, so that the facts are

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return self._rows > MOST_COUNTED or self._name_bytes > MOST_NAME_BYTES

    def add(self, requests: Requests, stamps: Stamps) -> None:
        """Keep more requests."""
        self._rows += len(requests.dynos)
        self._name_bytes += sum(sum(map(len, names)) for names in (requests.paths, requests.hosts, requests.fwds))
        self._keep(requests, stamps)

    def add_held(self, held: HeldRequests, stamps: Stamps) -> None:
        """Keep more requests that the compiled part holds."""
        self._rows += held.n
        self._name_bytes += held.name_bytes
        waiting = None if self._kept.dynos or self._counts else held.wait(CELL_SECONDS)
        if waiting is None:
            self._keep(held.read(), stamps)
        else:
            self._waiting = waiting

    def count(self, segments: Mapping[bytes, Segment], facts: Facts, stamps: Stamps) -> None:
        """Count the kept requests for the segment of each dyno and for the app as a whole."""
        if not self._rows:
            return
        self._rows = self._name_bytes = 0
        raw, names, dynos = self._taken(self._waiting or self._counted(stamps), stamps)
        for key, values in (("method", raw.methods), ("host", raw.hosts), ("status", raw.statuses)):
            facts.shared.add_good(key, {text(value): n for value, n in values.items() if value and n})
        for key, different, numbers in (("path", names.paths, raw.of_paths), ("client", names.clients, raw.of_fwds)):
            facts.shared.add_good(key, {name: n for name, n in different.counted(numbers).items() if name})
        by_type: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for own in dynos:
            incarnation = segments[own.dyno].incarnation
            incarnation.lines += len(own.steps)
            incarnation.requests += len(own.steps)
            incarnation.paths.add_counts(names.paths.told(own.paths), own.paths.others)
            incarnation.clients.add_counts(names.clients.told(own.clients), own.clients.others)
            incarnation.good_service.update(names.services.told(own.services))
            incarnation.grid.add_runs(own.cells, own.of_cells, own.steps)
            of_type = by_type[process_type_of(text(own.dyno))]
            for cell, n in zip(own.cells, own.of_cells, strict=True):
                of_type[cell] += n
        for process_type, requests in by_type.items():
            grid = facts.types.setdefault(process_type, Grid())
            for cell, n in requests.items():
                grid.add_run(cell * CELL_SECONDS, n)

    def _keep(self, requests: Requests, stamps: Stamps) -> None:
        self._take_rows()
        for kept, column in zip(self._kept, requests, strict=True):
            kept += column
        if len(self._kept.dynos) > ENOUGH:
            self._counted(stamps)

    def _taken(
        self, many: ManyRequests, stamps: Stamps
    ) -> tuple[NamesOfRequests, RequestNames, Iterable[RequestsOfDyno]]:
        """Take all kept requests."""
        raw = many.names()
        names = RequestNames(raw)
        dynos = many.take_by_dyno(names.places, MOST_NAMES)
        if dynos is None:
            return self._taken(self._counted(stamps), stamps)
        self._waiting, self._counts = None, RequestCounts()
        return raw, names, dynos

    def _counted(self, stamps: Stamps) -> RequestCounts:
        """All kept requests, taken out of the compiled part."""
        self._take_rows()
        if self._kept.dynos:
            kept, self._kept = self._kept, _none()
            self._counts.add(request_rows(kept, stamps))
        return self._counts

    def _take_rows(self) -> None:
        if self._waiting:
            self._counts.add(self._waiting.take_rows())
            self._waiting = None


def _none() -> Requests:
    return Requests(*([] for _ in Requests._fields))
