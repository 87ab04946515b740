"""When each dyno of the rows was first and last seen: the timeline needs that of rows that do not count, too.

A request is logged when it ends, so a later line may be of a request that was sent earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import inf
from typing import TypeVar

from herodyno.diagnosis.counting.segments import text
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.columns import Failures, Requests
from herodyno.logs.scan.scanner import LONGEST_SERVICE
from herodyno.logs.scan.stamps import Stamps

_K = TypeVar("_K")
# The stamps of the first and the last row of each.
_Span = tuple[_K, bytes, bytes]


class Sights:
    """The first and last row of each name and of each (name, dyno id), and when the first request to each was sent."""

    def __init__(self) -> None:
        self._names: dict[bytes, tuple[bytes, bytes]] = {}
        self._ids: dict[tuple[bytes, bytes], tuple[bytes, bytes]] = {}
        self._sent: dict[bytes, float] = {}

    def is_young(self, name: bytes, earliest: float) -> bool:
        """Whether an earlier request to a name may still be logged, from a time on."""
        return earliest - LONGEST_SERVICE < self._sent.get(name, inf)

    def add_sent(self, requests: Requests | Failures, stamps: Stamps, earliest: float) -> None:
        """Take in when requests were sent. None was logged before `earliest`."""
        sent = self._sent
        young = {name for name in set(requests.dynos) if self.is_young(name, earliest)}
        if not young:
            return
        for stamp, dyno, service in zip(requests.stamps, requests.dynos, requests.services, strict=True):
            if dyno in young:
                sent[dyno] = min(sent.get(dyno, inf), stamps.seconds(stamp) - int(service) / 1000)

    def add(self, block: Block, stamps: Stamps, earliest: float) -> None:
        """Take in the rows of a block."""
        names, ids = _spans(block)
        _widen(self._names, names)
        _widen(self._names, ((name, first, last) for (name, _), first, last in ids))
        _widen(self._ids, ((key, first, last) for key, first, last in ids if key[1]))
        self.add_sent(block.requests, stamps, earliest)
        self.add_sent(block.failures, stamps, earliest)
        for held in (block.held.requests, block.held.failures) if block.held else ():
            if any(self.is_young(name, earliest) for name, _, _ in held.spans):
                self.add_sent(held.read(), stamps, earliest)

    def tell(self, boundaries: Boundaries, stamps: Stamps) -> None:
        """Add all to the boundaries."""
        for dyno, sent in self._sent.items():
            boundaries.add_name(text(dyno), sent, sent)
        for name, logged in self._names.items():
            boundaries.add_name(text(name), *map(stamps.seconds, logged))
        for (name, dyno_id), logged in self._ids.items():
            boundaries.add_id(text(name), text(dyno_id), *map(stamps.seconds, logged))


def _spans(block: Block) -> tuple[list[_Span[bytes]], list[_Span[tuple[bytes, bytes]]]]:
    """The spans of the names in a block, and of the (name, dyno id); R14 has no id."""
    if block.held:
        held = block.held
        lines = ((name, first, last) for name, first, last, _ in held.lines.spans if is_dyno(text(name)))
        ids = [((name, dyno_id), first, last) for name, dyno_id, first, last in held.samples.spans]
        return [*held.requests.spans, *held.failures.spans, *lines], ids
    names = chain(
        _spans_of(block.requests.dynos, block.requests.stamps),
        _spans_of(block.failures.dynos, block.failures.stamps),
        (span for span in _spans_of(block.plain.names, block.plain.stamps) if is_dyno(text(span[0]))),
    )
    keys = [(name, dyno_id or b"") for name, dyno_id in zip(block.samples.names, block.samples.ids, strict=True)]
    return list(names), list(_spans_of(keys, block.samples.stamps))


def _spans_of(keys: Sequence[_K], logged: Sequence[bytes]) -> Iterator[_Span[_K]]:
    """The spans of rows in order of time."""
    firsts = dict(zip(reversed(keys), reversed(logged), strict=True))
    return ((key, firsts[key], last) for key, last in dict(zip(keys, logged, strict=True)).items())


def _widen(kept: dict[_K, tuple[bytes, bytes]], spans: Iterable[_Span[_K]]) -> None:
    for key, first, last in spans:
        if old := kept.get(key):
            first, last = min(first, old[0]), max(last, old[1])
        kept[key] = (first, last)
