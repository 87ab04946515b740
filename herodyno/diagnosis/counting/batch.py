"""Lines kept until there are many: counting them dyno by dyno touches one dyno's counts at a time.

Counts of fifty dynos do not fit into the cache of a processor, so that to count line by line takes
twice as long.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import compress

from herodyno.diagnosis.counting.grid import step_of
from herodyno.diagnosis.counting.segments import IdFacts, Segment
from herodyno.logs.scan.columns import Requests, Samples
from herodyno.logs.scan.stamps import Stamps

_ENOUGH = 4096


class PendingRequests:
    """Requests not yet counted, in the order of the log."""

    def __init__(self) -> None:
        self._dynos: list[bytes] = []
        self._paths: list[bytes] = []
        self._fwds: list[bytes] = []
        self._times: list[tuple[int, int]] = []
        self._cells: list[int] = []
        self._known: dict[bytes, tuple[int, int]] = {}  # a service time as logged: in ms, and the step of the grid

    @property
    def is_enough(self) -> bool:
        """Whether it is time to count them."""
        return len(self._dynos) > _ENOUGH

    def add(self, requests: Requests, cells: list[int]) -> None:
        """Keep some more, each in a cell of the grid."""
        known = self._known
        for service in set(requests.services):
            if service not in known:
                known[service] = (int(service), step_of(int(service)))
        self._dynos += requests.dynos
        self._paths += requests.paths
        self._fwds += requests.fwds
        self._times += [known[service] for service in requests.services]
        self._cells += cells

    def count(self, segments: Mapping[bytes, Segment]) -> None:
        """Count them for the segment of each dyno."""
        paths, fwds, times, cells = self._paths, self._fwds, self._times, self._cells
        order = sorted(range(len(self._dynos)), key=self._dynos.__getitem__)  # keeps the order of each dyno
        begin = 0
        for dyno, n in sorted(Counter(self._dynos).items()):
            own = order[begin : begin + n]
            begin += n
            segments[dyno].count(
                [paths[i] for i in own], [fwds[i] for i in own], [times[i] for i in own], [cells[i] for i in own]
            )
        for column in (self._dynos, paths, fwds, times, cells):
            column.clear()


class PendingSamples:
    """Runtime-metrics lines not yet counted, in the order of the log."""

    def __init__(self) -> None:
        self._kept = Samples([], [], [], [], [], [], [], [], [])

    @property
    def is_enough(self) -> bool:
        """Whether it is time to count them."""
        return len(self._kept.stamps) > _ENOUGH

    def add(self, samples: Samples) -> None:
        """Keep some more, without the R14 lines."""
        for kept, column in zip(self._kept, samples, strict=True):
            kept += compress(column, samples.ids)  # type: ignore[operator,arg-type]  # each of its own type

    def count(self, ids: Mapping[tuple[bytes, bytes], IdFacts], stamps: Stamps) -> None:
        """Count them for their dyno ids."""
        kept = self._kept
        places: defaultdict[tuple[bytes, bytes], list[int]] = defaultdict(list)
        for place, key in enumerate(zip(kept.names, kept.ids, strict=True)):
            places[key].append(place)  # type: ignore[index]  # add() leaves out those without an id
        for key, own in places.items():
            seen = [kept.stamps[place] for place in own]
            ids[key].seen(stamps.seconds(min(seen)), stamps.seconds(max(seen)), len(own))
            if of_memory := [place for place in own if kept.totals[place] is not None]:
                ids[key].count(kept, of_memory, [stamps.seconds(kept.stamps[place]) for place in of_memory])
        for column in kept:
            column.clear()
