"""What dynos did at the same time: a dyno is compared only while a peer of it served as well.

A dyno counts in a cell of the grid that lies between its first two minutes and its end. A cell cut by a birth or an end
counts for nobody. Neighbouring cells are put together to a stratum while the same peers serve, until it has enough
requests.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.statistics.comparison import Comparison, Stratum
from herodyno.diagnosis.statistics.moments import moment_length, rounded
from herodyno.diagnosis.statistics.peer_sums import ALL, DynoCells, PeerSums
from herodyno.diagnosis.statistics.peers import Kin, Subject, is_kin

# A stratum has at least so many requests, where the dynos stay the same. Else an app with a request a minute would
# have strata in which only one side served.
_FEW_REQUESTS = 20


class SharedTime:
    """All dynos of one process type, in cells of one width."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.width = max((subject.facts.grid.width for subject in subjects), default=CELL_SECONDS)
        cells = {int(at // self.width) for subject in subjects for at in subject.facts.grid.starts}
        places, window_end = sorted(cells), max((subject.end for subject in subjects), default=0.0)
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
        is_in = subject.incarnation.key in peers.dynos
        strata: list[list[int]] = []
        last = [0, 0]
        where: dict[int, int] = {}
        counted = dyno.requests.get  # a Counter asked for what it does not have is slow
        for place in range(dyno.born if from_birth else dyno.warm, dyno.gone):
            own = counted(place, 0)
            theirs = peers.requests[place] - (own if is_in and place >= dyno.warm else 0)
            if not strata or peers.changes[place] or last[0] + last[1] >= _FEW_REQUESTS:
                last = [0, 0]
                strata.append(last)
            last[0] += own
            last[1] += theirs
            where[place] = len(strata) - 1
        useful = {
            at: number for number, at in enumerate(at for at, (own, theirs) in enumerate(strata) if own and theirs)
        }
        return Beside(
            dyno, peers, [Stratum(*strata[at]) for at in useful],
            {place: useful[at] for place, at in where.items() if at in useful}, self.width,
        )  # fmt: skip

    def due(self) -> dict[IncarnationKey, float]:
        """The errors that each dyno would have past its warm-up if all that served at a time failed alike."""
        errors: Counter[int] = Counter()
        requests: Counter[int] = Counter()
        for dyno in self._dynos.values():
            errors.update(dyno.errors)
            requests.update(dyno.requests)
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
    """A dyno beside its peers: the strata of their shared time, and which stratum each place is in."""

    dyno: DynoCells
    peers: PeerSums
    strata: Sequence[Stratum]
    where: dict[int, int]
    width: int

    def compare(self, family: str = ALL) -> Comparison:
        """Both sides' failures of a family."""
        dyno, where = self.dyno, self.where
        seconds = min(len(where) * self.width, dyno.subject.end - dyno.subject.start)
        length = moment_length(dyno.episodes(family), max(seconds, 1.0))
        own = [(place, lines) for place, lines in dyno.moments(family, length) if place in where]
        failures = self.peers.failures(family, length)
        # Its own failures are among the peers' sums, where it is a peer of others.
        is_in = dyno.subject.incarnation.key in self.peers.dynos
        counted = [(place, lines) for place, lines in own if is_in and dyno.is_warm(place)]
        peer_lines: defaultdict[int, float] = defaultdict(float)
        for place, lines in failures.lines.items():
            if place in where:
                peer_lines[where[place]] += lines
        for place, lines in counted:
            peer_lines[where[place]] -= lines
        both: defaultdict[tuple[int, float], int] = defaultdict(int)
        for place, sizes in failures.sizes.items():
            if (at := where.get(place)) is not None:
                for size, n in sizes.items():
                    both[at, size] += n
        for place, lines in own:
            both[where[place], rounded(lines)] += 1
        for place, lines in counted:
            both[where[place], rounded(lines)] -= 1
        return Comparison(
            strata=self.strata,
            own=[(where[place], lines) for place, lines in own],
            own_rounded=sum(rounded(lines) for _, lines in own),
            smallest=min((rounded(lines) for _, lines in own), default=1.0),
            peer_lines={at: lines for at, lines in peer_lines.items() if lines > 1e-6},
            moments={moment: n for moment, n in both.items() if n > 0},
        )
