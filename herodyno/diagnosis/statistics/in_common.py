"""What nearly all failed requests have in common: a path, a method, a client, a code, or an exception beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts, SharedFacts
from herodyno.diagnosis.counting.raised import Raised

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
    """A value that `n` of `of` failed requests have, and `good` of `good_of` others."""

    value: str
    n: int
    of: int
    good: int = 0
    good_of: int = 0

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


def in_common(shared: SharedFacts, by_code: Mapping[str, int], dynos: Iterable[IncarnationFacts]) -> InCommon:
    """What the failed requests have in common. `by_code` counts all of them, `dynos` those that a dyno served."""
    exception, raised = _exception(list(dynos))
    client = _value(shared, "client")
    return InCommon(
        path=_value(shared, "path"),
        method=_value(shared, "method"),
        client=client if client and client.good_of >= MIN_OTHERS else None,
        code=_most({code: n for code, n in by_code.items() if n}),
        exception=exception,
        raised=raised,
    )


def _is_nearly_all(n: int, of: int) -> bool:
    return of >= MIN_FAILED and n >= NEARLY_ALL * of


def _value(shared: SharedFacts, key: str) -> Part | None:
    bad, good = shared.bad.get(key), shared.good.get(key)
    for value, n in bad.top(1) if bad else ():
        part = Part(value, n, bad.total if bad else 0, good[value] if good else 0, good.total if good else 0)
        others = part.good / part.good_of if part.good_of else 0.0
        if value and _is_nearly_all(n, part.of) and n / part.of - others >= MIN_DIFFERENCE:
            return part
    return None


def _most(by_code: Mapping[str, int]) -> Part | None:
    code, n = max(by_code.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    total = sum(by_code.values())
    return Part(code, n, total) if _is_nearly_all(n, total) else None


def _exception(dynos: list[IncarnationFacts]) -> tuple[Part | None, Raised | None]:
    """The class of exception that goes with nearly all failed requests, second by second on their dyno."""
    failed = sum(dyno.raised.beside.failed for dyno in dynos)
    found: list[tuple[int, int, str]] = []
    for kind in {kind for dyno in dynos for kind in dyno.raised.beside.kinds}:
        beside = sum(dyno.raised.beside.failed_with(kind) for dyno in dynos)
        printed = sum(dyno.exceptions[kind] for dyno in dynos)
        least, most = (times * failed for times in _TIMES_PRINTED)
        if _is_nearly_all(beside, failed) and least <= printed <= most:
            found.append((beside, -printed, kind))
    if not found:
        return (None, None)
    beside, _, kind = max(found)
    newest = [each for dyno in dynos if (each := dyno.raised.newest.get(kind))]
    return (Part(kind, beside, failed), max(newest, default=None))
