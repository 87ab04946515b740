"""Good requests wait, dyno by dyno, until there are many: then they count for the facts.

The counts of fifty dynos do not fit into the cache of a processor: counting line by line takes twice as long.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from sys import intern

from herodyno.diagnosis.counting.events import LONGEST_PATH
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid, step_of
from herodyno.diagnosis.counting.request_counts import RequestCounts
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.dynos import process_type_of
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.held import CountedRequests, HeldRequests, WaitingRequests
from herodyno.logs.scan.stamps import Stamps

ENOUGH = 4096  # rows as lists
MOST_COUNTED = 4096  # rows; four times as many take a tenth of the time less, and leave memory in pieces
MOST_NAME_BYTES = 4_000_000  # of paths and clients, each counted as often as it comes


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
        self._name_bytes += sum(map(len, requests.paths)) + sum(map(len, requests.fwds))
        self._keep(requests, stamps)

    def add_held(self, held: HeldRequests, stamps: Stamps) -> None:
        """Keep more requests that the compiled part holds."""
        self._rows += held.n
        self._name_bytes += held.name_bytes
        waiting = None if self._kept.dynos or self._counts else held.wait()
        if waiting is None:
            self._keep(held.read(), stamps)
        else:
            self._waiting = waiting

    def count(self, segments: Mapping[bytes, Segment], facts: Facts, stamps: Stamps) -> None:
        """Count the kept requests for the segment of each dyno and for the app as a whole."""
        self._rows = self._name_bytes = 0
        counted = self._taken(stamps)
        if not counted.dynos:
            return
        # Fifty dynos have the same paths and clients: each name is in memory once.
        paths, clients = (list(map(intern, n)) for n in (path_names(counted.paths), client_names(counted.fwds)))
        all_paths: list[str] = []
        all_clients: list[str] = []
        for key, values in (("method", counted.methods), ("host", counted.hosts), ("status", counted.statuses)):
            facts.shared.add_good(key, {text(value): n for value, n in values.items() if value and n})
        by_type: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for own in counted.dynos:
            incarnation = segments[own.dyno].incarnation
            incarnation.lines += len(own.services)
            incarnation.requests += len(own.services)
            of_paths = list(map(paths.__getitem__, own.paths))
            of_clients = list(filter(None, map(clients.__getitem__, own.fwds)))
            incarnation.paths.add_all(of_paths)
            incarnation.clients.add_all(of_clients)
            all_paths += filter(None, of_paths)
            all_clients += of_clients
            incarnation.good_service.update(own.services)
            incarnation.grid.add_runs(own.cells, own.of_cells, bytes(map(_STEPS.__getitem__, own.services)))
            of_type = by_type[process_type_of(text(own.dyno))]
            for cell, n in zip(own.cells, own.of_cells, strict=True):
                of_type[cell] += n
        facts.shared.add_good("path", all_paths)
        facts.shared.add_good("client", all_clients)
        for process_type, requests in by_type.items():
            grid = facts.types.setdefault(process_type, Grid())
            for cell, n in requests.items():
                grid.add_run(cell * CELL_SECONDS, n)

    def _keep(self, requests: Requests, stamps: Stamps) -> None:
        self._take_lists()
        for kept, column in zip(self._kept, requests, strict=True):
            kept += column
        if len(self._kept.dynos) > ENOUGH:
            self._count_lists(stamps)

    def _taken(self, stamps: Stamps) -> CountedRequests:
        """Take all kept requests."""
        if self._waiting and (counted := self._waiting.take_counted(CELL_SECONDS)):
            self._waiting = None
            return counted
        self._take_lists()
        self._count_lists(stamps)
        counts, self._counts = self._counts, RequestCounts()
        return counts.taken()

    def _take_lists(self) -> None:
        if self._waiting:
            self._kept, self._waiting = self._waiting.take_lists(), None

    def _count_lists(self, stamps: Stamps) -> None:
        kept, self._kept = self._kept, _none()
        self._counts.add(kept, stamps)


class _Steps(dict[int, int]):
    """The step of the grid of each service time, in ms."""

    def __missing__(self, milliseconds: int) -> int:
        self[milliseconds] = step_of(milliseconds)
        return self[milliseconds]


_STEPS = _Steps()


def _none() -> Requests:
    return Requests(*([] for _ in Requests._fields))


def path_names(joined: bytes) -> list[str]:
    """Paths as the facts name them, given with an LF between them. Decoding all at once takes a tenth of the time."""
    names = text(joined).split("\n")
    return [name[:LONGEST_PATH] for name in names] if max(map(len, names)) > LONGEST_PATH else names


def client_names(fwds: bytes) -> list[str]:
    """The first address of each X-Forwarded-For. They are given with an LF between them."""
    joined = text(fwds)
    names = joined.split("\n")
    is_plain = "," not in joined and joined.split() == names
    return names if is_plain else [name.partition(",")[0].strip() for name in names]
