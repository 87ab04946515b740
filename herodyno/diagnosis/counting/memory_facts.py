"""Memory of one incarnation: samples by time, their extremes, and the R codes of memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from herodyno.diagnosis.counted import Counted, greatest, merging, part, total
from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.samples import MemorySamples
from herodyno.logs.events import MemorySample

EPISODE_GAP_SECONDS = 60.000001  # a gap above 60 s ends an episode; Spans end at a gap of this length or more
BLOCK_SECONDS = 300


# So many counts of pages are kept: those of the last five minutes.
PAGE_COUNTS = 16


def _last_counts(mine: list[tuple[float, int]], other: list[tuple[float, int]]) -> list[tuple[float, int]]:
    return sorted(mine + other)[-PAGE_COUNTS:]


@dataclass(slots=True, eq=False)
class MemoryFacts(Counted):
    """Memory samples in 5-minute blocks, and the R codes of memory."""

    n: int = total()  # samples seen
    samples: MemorySamples = part(MemorySamples)
    last: tuple[float, float, float] | None = greatest()  # (seconds, total, swap)
    max_mb: float | None = greatest()
    quota: tuple[float, float] | None = greatest()  # (seconds, MB)
    over_quota: int = total()
    pages: list[tuple[float, int]] = merging(list, _last_counts)  # the last (seconds, pages read in so far)
    r14: int = total()
    r14_spans: Spans = part(partial(Spans, EPISODE_GAP_SECONDS))
    r15: int = total()

    @property
    def quota_mb(self) -> float | None:
        """The quota that the newest sample named."""
        return self.quota[1] if self.quota else None

    @property
    def levels(self) -> dict[int, Sequence[float]]:
        """The total MB of the samples, by time, of each block."""
        seconds, totals, begin = self.samples.seconds, self.samples.totals.tolist(), 0
        levels: dict[int, Sequence[float]] = {}
        while begin < len(seconds):
            block = int(seconds[begin] // BLOCK_SECONDS)
            end = bisect_left(seconds, (block + 1) * BLOCK_SECONDS, begin)
            levels[block] = totals[begin:end]
            begin = end
        return levels

    def add(self, event: MemorySample, seconds: float) -> bool:
        """Count one event. Returns False for an event without a total, which is not counted."""
        if event.total_mb is not None:
            self.add_sample(seconds, event.total_mb, event.swap_mb or 0.0, event.quota_mb, event.pages_in)
        return event.total_mb is not None

    def add_sample(self, seconds: float, total: float, swap: float, quota: float | None, pages: int | None) -> None:
        """Count one memory sample."""
        self.add_samples([seconds], [total], [swap], [quota], [pages])

    def add_r14(self, seconds: Sequence[float]) -> None:
        """Count R14 lines, logged at these times."""
        if seconds:
            self.r14 += len(seconds)
            self.r14_spans.add_all(seconds)

    def add_samples(
        self,
        seconds: Sequence[float],
        totals: Sequence[float],
        swaps: Sequence[float],
        quotas: Sequence[float | None],
        pages: Sequence[int | None],
    ) -> None:
        """Count one or more samples, field by field."""
        self.n += len(seconds)
        self.samples.extend(seconds, totals, swaps)
        last, highest = max(zip(seconds, totals, swaps, strict=True)), max(totals)
        self.last = last if self.last is None else max(self.last, last)
        self.max_mb = highest if self.max_mb is None else max(self.max_mb, highest)
        numbers = zip(seconds, quotas, totals, strict=True)
        told = [(at, quota, total) for at, quota, total in numbers if quota is not None]
        if told:
            at, quota, _ = max(told)
            self.quota = (at, quota) if self.quota is None else max(self.quota, (at, quota))
            self.over_quota += sum([total > quota for _, quota, total in told])
        counted = [(at, page) for at, page in zip(seconds, pages, strict=True) if page is not None]
        self.pages = _last_counts(self.pages, counted)
