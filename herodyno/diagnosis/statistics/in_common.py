"""What nearly all failed requests have in common: a path, a method, a client, a code, or an exception beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import SharedFacts
from herodyno.diagnosis.counting.pages import PathTally
from herodyno.diagnosis.counting.raised import Raised, RaisedFacts
from herodyno.diagnosis.counting.tallies import Tally

# Nearly all failed requests: this part of them, and at least so many.
NEARLY_ALL = 0.9
MIN_FAILED = 3
# Other requests must have the value so much less often. A value that all requests have says nothing.
MIN_DIFFERENCE = 0.2
# For each failed request an exception was printed this many times. A server and a framework may each print it; an
# exception printed much more often goes with good requests too.
_TIMES_PRINTED = (0.5, 3.0)
# Other requests that are enough to compare clients with. Many apps have a single visitor.
MIN_OTHERS = 20


class Part(NamedTuple):
    """A value that `n` of `of` failed requests have, and `good` of `good_of` others, or at most so many (`is_most`)."""

    value: str
    n: int
    of: int
    good: int = 0
    good_of: int = 0
    is_most: bool = False

    @property
    def is_all(self) -> bool:
        """Whether every failed request has it."""
        return self.n == self.of


class InCommon(NamedTuple):
    """The common values, None where there is none. `raised` is the last exception of the class in `exception`."""

    path: Part | None = None
    method: Part | None = None
    client: Part | None = None
    code: Part | None = None
    exception: Part | None = None
    raised: Raised | None = None


def in_common(shared: SharedFacts, by_code: Mapping[str, int], raised: Iterable[RaisedFacts], begin: float) -> InCommon:
    """What the failed requests have in common.

    `by_code` counts all of them, `raised` has those that a dyno served, dyno by dyno. The log begins at `begin`.
    """
    exception, last = _exception(list(raised), begin)
    client = _value(shared, "client")
    return InCommon(
        path=_value(shared, "path") or _value(shared, "path", by_page=True),
        method=_value(shared, "method"),
        client=client if client and client.good_of >= MIN_OTHERS else None,
        code=_most({code: n for code, n in by_code.items() if n}),
        exception=exception,
        raised=last,
    )


def _is_nearly_all(n: int, of: int) -> bool:
    return of >= MIN_FAILED and n >= NEARLY_ALL * of


def _value(shared: SharedFacts, key: str, *, by_page: bool = False) -> Part | None:
    """The value that nearly all failed requests have. None where too many others may have it."""
    bad, good = (each.get(key) or Tally() for each in (shared.bad, shared.good))
    of, good_of = bad.total, good.total
    counts = bad.by_page() if by_page and isinstance(bad, PathTally) else bad.counts
    value, n = max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if not value or not _is_nearly_all(n, of):
        return None
    others, is_exact = (good.of_page(value), True) if by_page and isinstance(good, PathTally) else good.at_most(value)
    if others is None or n / of - (others / good_of if good_of else 0.0) < MIN_DIFFERENCE:
        return None
    return Part(value, n, of, others, good_of, is_most=not is_exact)


def _most(by_code: Mapping[str, int]) -> Part | None:
    code, n = max(by_code.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    total = sum(by_code.values())
    return Part(code, n, total) if _is_nearly_all(n, total) else None


def _exception(raised: list[RaisedFacts], begin: float) -> tuple[Part | None, Raised | None]:
    """The class of exception that goes with nearly all failed requests, second by second on their dyno.

    It came when they ended, or when they were sent. Of a request that was sent before the log nobody can tell.
    """
    failed = sum(each.beside.failed for each in raised)
    unseen = sum(each.beside.sent_before(begin) for each in raised)
    found: list[tuple[int, int, str]] = []
    beside: dict[str, tuple[int, int]] = {}
    for each in raised:
        for kind, (ended, sent) in each.beside.with_each().items():
            ended_before, sent_before = beside.get(kind, (0, 0))
            beside[kind] = (ended_before + ended, sent_before + sent)
    least, most = (times * failed for times in _TIMES_PRINTED)
    for kind, (ended, sent) in beside.items():
        if _is_nearly_all(ended, failed) or _is_nearly_all(sent, failed - unseen):
            printed = sum(each.by_kind[kind] for each in raised)
            if least <= printed <= most:
                found.append((max(ended, sent), -printed, kind))
    if not found:
        return (None, None)
    n, _, kind = max(found)
    newest = [last for each in raised if (last := each.newest.get(kind))]
    return (Part(kind, min(n, failed), failed), max(newest, default=None))
