"""Rows are kept until there are many, then counted dyno by dyno.

The counts of fifty dynos do not fit into the cache of a processor: counting line by line takes twice as long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, repeat

from herodyno.diagnosis.counting.events import LONGEST_PATH
from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, Facts, IncarnationFacts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid, step_of
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.dynos import process_type_of
from herodyno.logs.scan.columns import Requests, Samples
from herodyno.logs.scan.stamps import Stamps

ENOUGH = 4096


class PendingRequests:
    """Good requests not yet counted, in the order of the log."""

    def __init__(self) -> None:
        self._dynos: list[bytes] = []
        self._paths: list[bytes] = []
        self._fwds: list[bytes] = []
        self._times: list[tuple[int, int]] = []
        self._cells: list[int] = []
        self._known: dict[bytes, tuple[int, int]] = {}  # service time as logged -> (ms, step of the grid)

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return len(self._dynos) > ENOUGH

    def add(self, requests: Requests, stamps: Stamps) -> None:
        """Keep more requests."""
        known = self._known
        for service in set(requests.services):
            if service not in known:
                known[service] = (int(service), step_of(int(service)))
        self._dynos += requests.dynos
        self._paths += requests.paths
        self._fwds += requests.fwds
        self._times += [known[service] for service in requests.services]
        self._cells += _cells(requests.stamps, stamps)

    def count(self, segments: Mapping[bytes, Segment], facts: Facts) -> None:
        """Count the kept requests for the segment of each dyno and for the app as a whole."""
        if not self._dynos:
            return
        paths, clients, times, cells = path_names(self._paths), client_names(self._fwds), self._times, self._cells
        facts.shared.add_good("path", list(filter(None, paths)))
        facts.shared.add_good("client", list(filter(None, clients)))
        order = sorted(range(len(self._dynos)), key=self._dynos.__getitem__)  # keeps the order of each dyno
        by_type: defaultdict[str, Counter[int]] = defaultdict(Counter)
        begin = 0
        for dyno, n in sorted(Counter(self._dynos).items()):
            own = order[begin : begin + n]
            begin += n
            incarnation = segments[dyno].incarnation
            incarnation.lines += n
            incarnation.requests += n
            incarnation.paths.add_all([paths[i] for i in own])
            incarnation.clients.add_all(filter(None, [clients[i] for i in own]))
            milliseconds, steps = zip(*[times[i] for i in own], strict=True)
            incarnation.good_service.update(milliseconds)
            own_cells = [cells[i] for i in own]
            by_type[process_type_of(text(dyno))].update(own_cells)
            _count_cells(own_cells, steps, incarnation.grid)
        for process_type, requests in by_type.items():
            grid = facts.types.setdefault(process_type, Grid())
            for cell, n in requests.items():
                grid.at(cell * CELL_SECONDS).requests += n
        for column in (self._dynos, self._paths, self._fwds, times, cells):
            column.clear()


class PendingSamples:
    """Runtime-metrics and R14 lines not yet counted, in the order of the log."""

    def __init__(self) -> None:
        self._kept = Samples(*([] for _ in Samples._fields))

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return len(self._kept.stamps) > ENOUGH

    def add(self, samples: Samples) -> None:
        """Keep more lines."""
        for kept, column in zip(self._kept, samples, strict=True):
            kept += column  # type: ignore[operator]  # each of its own type

    def taken(self) -> Iterator[tuple[bytes, bytes | None, Samples, list[int]]]:
        """Take all kept lines, as (name, dyno id, all rows, places of this id's rows)."""
        kept, self._kept = self._kept, Samples(*([] for _ in Samples._fields))
        places: defaultdict[tuple[bytes, bytes | None], list[int]] = defaultdict(list)
        for place, key in enumerate(zip(kept.names, kept.ids, strict=True)):
            places[key].append(place)
        for (name, dyno_id), own in places.items():
            yield name, dyno_id, kept, own


def keep_newest(
    incarnation: IncarnationFacts, what: str, rows: Samples, places: Sequence[int], stamps: Stamps
) -> list[float]:
    """Keep the newest of some lines of the dyno manager as evidence. Returns the times of all of them in seconds."""
    seconds = [stamps.seconds(rows.stamps[place]) for place in places]
    newest = sorted(zip(seconds, [rows.numbers[place] for place in places], places, strict=True))
    for at, number, place in newest[-EVIDENCE_LINES:]:
        incarnation.evidence.add(what, EvidenceLine(at, number, text(b"%b+00:00 heroku[%b]: %b" % rows.said(place))))
    return seconds


def path_names(paths: list[bytes]) -> list[str]:
    """Paths as the facts name them. Decoding all at once takes a tenth of the time."""
    names = text(b"\n".join(paths)).split("\n")
    return [name[:LONGEST_PATH] for name in names] if max(map(len, names)) > LONGEST_PATH else names


def client_names(fwds: list[bytes]) -> list[str]:
    """The first address of each X-Forwarded-For."""
    joined = text(b"\n".join(fwds))
    names = joined.split("\n")
    return [name.partition(",")[0].strip() for name in names] if "," in joined or " " in joined else names


def _count_cells(cells: list[int], steps: Sequence[int], grid: Grid) -> None:
    begin = 0
    for number, run in groupby(cells):
        n = len(list(run))
        cell = grid.at(number * CELL_SECONDS)
        cell.requests += n
        cell.steps += bytes(steps[begin : begin + n])
        begin += n


def _cells(stamps: Sequence[bytes], clock: Stamps) -> Iterator[int]:
    """The number of the grid's cell for each stamp."""

    def cell_of(stamp: bytes) -> int:
        return int(clock.seconds(stamp) // CELL_SECONDS)

    begin = 0
    while begin < len(stamps):
        cell = cell_of(stamps[begin])
        end = bisect_right(stamps, cell, begin, key=cell_of)
        yield from repeat(cell, end - begin)
        begin = end
