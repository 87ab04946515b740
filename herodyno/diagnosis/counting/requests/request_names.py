"""The names in many good requests, as the facts name them: each is decoded once, and is in memory once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from sys import intern
from typing import Generic, TypeVar

from herodyno.diagnosis.counting.cells import step_of
from herodyno.diagnosis.counting.events import LONGEST_PATH
from herodyno.diagnosis.counting.segments import text
from herodyno.logs.scan.held import Frequent, NamesOfRequests, Places

K = TypeVar("K")


class RequestNames:
    """The paths, clients and service times (ms) of good requests."""

    def __init__(self, names: NamesOfRequests) -> None:
        # Fifty dynos have the same paths and clients.
        self.paths = Different(map(intern, path_names(names.paths)))
        self.clients = Different(map(intern, client_names(names.fwds)))
        self.services = Different(map(int, names.services))
        steps = bytes(_STEPS[self.services.values[place]] for place in self.services.places)
        self.places = Places(self.paths.places, self.clients.without(""), self.services.places, steps)


class Different(Generic[K]):
    """The different ones among some values, and the place of each of these among the different ones."""

    def __init__(self, values: Iterable[K]) -> None:
        places: dict[K, int] = {}
        self.places = [places.setdefault(value, len(places)) for value in values]
        self.values = list(places)

    def without(self, left_out: K) -> list[int]:
        """The places, with -1 for one value."""
        return [-1 if self.values[place] == left_out else place for place in self.places]

    def told(self, found: Frequent) -> dict[K, int]:
        """How often the values at some places came."""
        return dict(zip(map(self.values.__getitem__, found.places), found.numbers, strict=True))

    def counted(self, numbers: Sequence[int]) -> Counter[K]:
        """How often each value came, given how often each of those did that are not all different."""
        counts = Counter[K]()
        for place, n in zip(self.places, numbers, strict=True):
            counts[self.values[place]] += n
        return counts


class _Steps(dict[int, int]):
    """The step of the grid of each service time, in ms."""

    def __missing__(self, milliseconds: int) -> int:
        self[milliseconds] = step_of(milliseconds)
        return self[milliseconds]


_STEPS = _Steps()


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
