"""What dynos did at the same time: a dyno is compared only while a peer of it served as well.

A dyno counts in a cell of the grid that lies between its first two minutes and its end. A cell cut by a birth or an end
counts for nobody. Neighbouring cells are put together to a stratum while the same peers serve, until it has enough
requests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, repeat
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.statistics.comparison import Comparison, Stratum
from herodyno.diagnosis.statistics.peer_sums import ALL, DynoCells, PeerSums
from herodyno.diagnosis.statistics.peers import Kin, Subject, is_kin


class SharedTime:
    """All dynos of one process type, in cells of one width."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.width = max((subject.facts.grid.width for subject in subjects), default=CELL_SECONDS)
        grids = [subject.facts.grid for subject in subjects]
        cells = set[int]().union(*({start // self.width for start, _, _ in grid.wider(self.width)} for grid in grids))
        places, window_end = sorted(cells), max((subject.end for subject in subjects), default=0.0)
        self._places = len(places)
        self._dynos = {each.incarnation.key: DynoCells(each, places, self.width, window_end) for each in subjects}
        of_release: dict[int | None, list[DynoCells]] = {}
        for dyno in self._dynos.values():
            of_release.setdefault(dyno.subject.kin[0] or None, []).append(dyno)
        self._peers: dict[Kin, PeerSums] = {}
        self._sums_with: dict[IncarnationKey, list[PeerSums]] = {key: [] for key in self._dynos}
        for kin in dict.fromkeys(dyno.subject.kin for dyno in self._dynos.values()):
            near = [*of_release[kin[0]], *of_release.get(None, ())] if kin[0] else self._dynos.values()
            kindred = [dyno for dyno in near if is_kin(kin, dyno.subject.kin)]
            self._peers[kin] = PeerSums(kindred, len(places))
            for dyno in kindred:
                self._sums_with[dyno.subject.incarnation.key].append(self._peers[kin])

    def leave_out(self, subject: Subject) -> None:
        """Compare nobody with this dyno any more."""
        for peers in self._sums_with[subject.incarnation.key]:
            peers.leave_out(self._dynos[subject.incarnation.key])

    def take_back(self, subject: Subject) -> None:
        """Compare others with this dyno again."""
        for peers in self._sums_with[subject.incarnation.key]:
            peers.take_back(self._dynos[subject.incarnation.key])

    def beside_peers(self, subject: Subject, *, from_birth: bool = False) -> Beside:
        """The time that a dyno shares with peers past their warm-up. `from_birth`: its own warm-up counts as well."""
        dyno, peers = self._dynos[subject.incarnation.key], self._peers[subject.kin]
        begin, at, requests, places = peers.strata(dyno, dyno.born if from_birth else dyno.warm)
        own, end = [0] * len(requests), begin + len(at)
        for place, n in dyno.requests.items():
            if begin <= place < end:
                own[at[place - begin]] += n
        number = dict.fromkeys(range(len(own)), -1)
        useful = [stratum for stratum, n in enumerate(own) if 0 < n < requests[stratum]]
        number.update(zip(useful, range(len(useful)), strict=True))
        return Beside(
            dyno,
            peers,
            [Stratum(own[stratum], requests[stratum] - own[stratum]) for stratum in useful],
            [*repeat(-1, begin), *map(number.__getitem__, at), *repeat(-1, self._places + 1 - end)],
            self.width * sum(places[stratum] for stratum in useful),
        )

    def least_requests(self, subject: Subject) -> int:
        """As many of its requests at least came beside a peer, past its warm-up. Cheaper to know than all strata."""
        dyno, peers = self._dynos[subject.incarnation.key], self._peers[subject.kin]
        is_in, all_requests = subject.incarnation.key in peers.dynos, peers.requests
        return sum([n for place, n in dyno.requests.items() if dyno.is_warm(place) and all_requests[place] > n * is_in])

    def lines(self, subject: Subject, family: str) -> int:
        """How many errors of a family it has, whether beside a peer or not."""
        return self._dynos[subject.incarnation.key].lines(family)

    def began_warm(self, subject: Subject) -> bool:
        """Whether its warm-up lies outside the window. All its time counts then."""
        dyno = self._dynos[subject.incarnation.key]
        return dyno.born == dyno.warm

    def due(self) -> dict[IncarnationKey, float]:
        """The errors that each dyno would have past its warm-up if all that served at a time failed alike."""
        errors = dict.fromkeys(chain.from_iterable(dyno.errors for dyno in self._dynos.values()), 0)
        requests = [0] * (self._places + 1)
        for dyno in self._dynos.values():
            for place, n in dyno.requests.items():
                requests[place] += n
            for place, n in dyno.errors.items():
                if n:
                    errors[place] += n
        rates = {place: n / requests[place] for place, n in errors.items() if n}
        order = {place: number for number, place in enumerate(rates)}  # a sum of floats depends on its order
        return {
            key: sum(
                rates[place] * dyno.requests[place]
                for place in sorted(dyno.requests.keys() & rates.keys(), key=order.__getitem__)
                if dyno.is_warm(place)
            )
            for key, dyno in self._dynos.items()
        }


class Beside(NamedTuple):
    """A dyno beside its peers: the strata of their shared time, which one each place is in, -1 for none, the seconds"""

    dyno: DynoCells
    peers: PeerSums
    strata: Sequence[Stratum]
    where: Sequence[int]
    seconds: int

    def compare(self, family: str = ALL) -> Comparison:
        """Both sides' failures of a family."""
        if not self.strata:
            return Comparison((), (), 0, 1.0, {}, ())
        dyno, where = self.dyno, self.where
        seconds = min(self.seconds, dyno.subject.end - dyno.subject.start)
        length = dyno.moment_length(family, max(seconds, 1.0))
        own = [moment for moment in dyno.moments(family, length) if where[moment[0]] >= 0]
        failures = self.peers.failures(family, length)
        peer_lines: defaultdict[int, float] = defaultdict(float)
        for place, lines in failures.lines.items():
            if (at := where[place]) >= 0:
                peer_lines[at] += lines
        moments = [(at, sizes.copy()) for place, sizes in failures.sizes.items() if (at := where[place]) >= 0]
        # Its own failures are among the peers' sums, where it is a peer of others.
        is_in, warm, gone = dyno.subject.incarnation.key in self.peers.dynos, dyno.warm, dyno.gone
        for place, lines, size in own:
            if is_in and warm <= place < gone:
                peer_lines[where[place]] -= lines
            else:
                moments.append((where[place], {size: 1}))
        sizes_of_own = [size for _, _, size in own]
        return Comparison(
            strata=self.strata,
            own=[(where[place], lines) for place, lines, _ in own],
            own_rounded=sum(sizes_of_own),
            smallest=min(sizes_of_own, default=1.0),
            peer_lines={at: lines for at, lines in peer_lines.items() if lines > 1e-6},
            moments=moments,
        )
