"""What was seen of one incarnation's memory: samples by time, the extremes of them, and the R codes of memory."""

from __future__ import annotations

from operator import gt

from herodyno.diagnosis.counting.bursts import Spans
from herodyno.diagnosis.counting.samples import MemorySamples

EPISODE_GAP_SECONDS = 60.000001  # a gap of over 60 s ends an episode; spans part at a gap of so much or more
BLOCK_SECONDS = 300


class MemoryFacts:
    """Memory samples in 5-minute blocks, and the R codes of memory."""

    __slots__ = (
        "_quota", "last", "max_mb", "n", "over_quota", "pages", "r14", "r14_spans", "r15", "samples",
    )  # fmt: skip

    def __init__(self) -> None:
        self.n = 0  # samples seen
        self.samples = MemorySamples()
        self.last: tuple[float, float, float] | None = None  # (seconds, total, swap)
        self.max_mb: float | None = None
        self._quota: tuple[float, float] | None = None  # (seconds, MB)
        self.over_quota = 0
        self.pages: list[tuple[float, int]] = []  # first and last (seconds, pages read in)
        self.r14 = 0
        self.r14_spans = Spans(EPISODE_GAP_SECONDS)
        self.r15 = 0

    @property
    def quota_mb(self) -> float | None:
        """The quota that the newest sample named."""
        return self._quota[1] if self._quota else None

    @property
    def blocks(self) -> dict[int, list[tuple[float, float, float]]]:
        """The samples (seconds, total, swap) by block."""
        blocks: dict[int, list[tuple[float, float, float]]] = {}
        for sample in self.samples:
            blocks.setdefault(int(sample[0] // BLOCK_SECONDS), []).append(sample)
        return blocks

    def sample(self, seconds: float, total: float, swap: float, quota: float | None, pages: int | None) -> None:
        """Take in one memory sample."""
        sample = (seconds, total, swap)
        self.n += 1
        self.samples.add(sample)
        if self.last is None or sample > self.last:
            self.last = sample
        if self.max_mb is None or total > self.max_mb:
            self.max_mb = total
        if quota is not None:
            self._take_quota((seconds, quota))
            self.over_quota += total > quota
        if pages is not None:
            self._pages((seconds, pages))

    def take(
        self, seconds: list[float], totals: list[float], swaps: list[float], quotas: list[float], pages: list[int]
    ) -> None:
        """Take in many whole memory samples, at least one, field by field."""
        self.n += len(seconds)
        self.samples.extend(seconds, totals, swaps)
        last = max(zip(seconds, totals, swaps, strict=True))
        self.last = last if self.last is None else max(self.last, last)
        self.max_mb = max(totals) if self.max_mb is None else max(self.max_mb, *totals)
        self._take_quota(max(zip(seconds, quotas, strict=True)))
        self.over_quota += sum(map(gt, totals, quotas))
        points = list(zip(seconds, pages, strict=True))
        self._pages(min(points))
        if len(points) > 1:
            self._pages(max(points))

    def update(self, other: MemoryFacts) -> None:
        """Merge."""
        self.n += other.n
        self.samples.update(other.samples)
        if other.last is not None and (self.last is None or other.last > self.last):
            self.last = other.last
        if other.max_mb is not None:
            self.max_mb = other.max_mb if self.max_mb is None else max(self.max_mb, other.max_mb)
        if other._quota is not None:
            self._take_quota(other._quota)
        self.over_quota += other.over_quota
        for point in other.pages:
            self._pages(point)
        self.r14 += other.r14
        self.r14_spans.update(other.r14_spans)
        self.r15 += other.r15

    def _take_quota(self, quota: tuple[float, float]) -> None:
        if self._quota is None or quota > self._quota:
            self._quota = quota

    def _pages(self, point: tuple[float, int]) -> None:
        if len(self.pages) == 2 and point >= self.pages[0]:  # the usual case: time goes forward
            if point > self.pages[1]:
                self.pages[1] = point
            return
        points = sorted([*self.pages, point])
        self.pages = [points[0], points[-1]] if len(points) > 1 else points
