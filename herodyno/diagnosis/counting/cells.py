"""What happened in one cell of a grid: requests, errors, and service times in steps of 1/8 octave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import exp, log
from typing import NamedTuple

# A median read from the steps is within 5 %.
_STEPS_PER_E = 8 / log(2)
_LAST_STEP = 255  # one byte
MOST_BYTES = 64


def step_of(milliseconds: int) -> int:
    """The histogram step of a service time. All times above a month share the last step."""
    return min(_LAST_STEP, int(log(max(1, milliseconds)) * _STEPS_PER_E + 0.5))


@cache
def milliseconds_of(step: int) -> float:
    """The service time in the middle of a step."""
    return exp(step / _STEPS_PER_E)


class Cell(NamedTuple):
    """What happened in one cell: requests, server errors, service times of the requests without error.

    A day of fifty dynos has tens of thousands of cells with a few requests each. One byte for each request is the
    smallest form of few, and the fastest to make. Many are pairs of bytes: a step, and how many requests took it.
    """

    requests: int = 0
    errors: int = 0
    steps: bytes = b""
    pairs: bytes = b""

    @property
    def service(self) -> Counter[int]:
        """How many requests took each step of time."""
        counts = Counter(self.steps)
        for step, n in zip(self.pairs[::2], self.pairs[1::2], strict=True):
            counts[step] += n
        return counts

    @property
    def timed(self) -> int:
        """How many requests have a service time here."""
        return len(self.steps) + sum(self.pairs[1::2])

    @property
    def median_ms(self) -> float | None:
        """The median service time, or None without any."""
        if self.pairs:
            return median_ms(self.service)
        return milliseconds_of(sorted(self.steps)[(len(self.steps) - 1) // 2]) if self.steps else None


def joined(cells: Sequence[Cell]) -> Cell:
    """All that happened in some cells. Service times are packed where they are many."""
    if len(cells) == 1:
        return cells[0]
    requests, errors, steps, pairs = zip(*cells, strict=True)
    return Cell(sum(requests), sum(errors), *as_shorter(b"".join(steps), b"".join(pairs)))


def as_shorter(steps: bytes, pairs: bytes) -> tuple[bytes, bytes]:
    """The steps and pairs of a cell as pairs, where they are many."""
    return as_pairs(steps, pairs) if pairs or len(steps) > MOST_BYTES else (steps, pairs)


def as_pairs(steps: bytes, pairs: bytes = b"") -> tuple[bytes, bytes]:
    """The steps and pairs of a cell, as few pairs."""
    shortest = bytearray()
    for step, n in Cell(steps=steps, pairs=pairs).service.items():
        full, rest = divmod(n, 255)
        shortest += bytes((step, 255)) * full + bytes((step, rest))
    return b"", bytes(shortest)


def median_ms(service: dict[int, int]) -> float | None:
    """The median service time in a histogram of steps, or None when it is empty."""
    total = sum(service.values())
    seen = 0
    for step in sorted(service):
        seen += service[step]
        if seen * 2 >= total:
            return milliseconds_of(step)
    return None
