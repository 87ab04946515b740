"""One comparison as a row of the table: our cost, the cost of the peer, the ratio, and its target."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tests.bench.measure import Cost

Metric = Literal["wall", "to_last", "cpu", "peak_mb"]
WORDS: dict[Metric, str] = {"wall": "time", "to_last": "time to the last line", "cpu": "cpu", "peak_mb": "peak memory"}
SLACK = 1.3  # machines are shared and noisy


@dataclass(frozen=True)
class Row:
    """`target` is the largest ratio that we claim; for peak memory without a peer, the most MiB. None is no claim."""

    what: str
    ours: Cost
    peer: str
    theirs: Cost | None
    metric: Metric
    target: float | None = None

    @property
    def ratio(self) -> float:
        """Ours by theirs; ours alone where there is no peer."""
        ours = float(getattr(self.ours, self.metric))
        return ours if self.theirs is None else ours / float(getattr(self.theirs, self.metric))

    @property
    def verdict(self) -> str:
        """What the ratio is against the target."""
        if self.target is None:
            return ""
        if self.ratio <= self.target:
            return "met"
        return "within 1.3" if self.ratio <= self.target * SLACK else "**missed**"

    def cells(self) -> list[str]:
        """As the table shows it."""
        theirs = "" if self.theirs is None else f"{shown(self.theirs, self.metric)} {self.peer}"
        ratio = "" if self.theirs is None else f"{self.ratio:.2f}" if self.ratio < 10 else f"{self.ratio:.0f}"
        unit = "" if self.theirs is not None else " MiB"
        target = "" if self.target is None else f"{self.target:.3g}{unit}"
        return [self.what, WORDS[self.metric], shown(self.ours, self.metric), theirs, ratio, target, self.verdict]


def shown(cost: Cost, metric: Metric) -> str:
    """A measure with its unit."""
    value = float(getattr(cost, metric))
    if metric == "peak_mb":
        return f"{value:.0f} MiB"
    return f"{value * 1000:.0f} ms" if value < 10 else f"{value:.1f} s"


def table(headings: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table with aligned columns."""
    cells = [headings, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def told(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows, each shown on stderr as soon as it is there: a long run that is cut off has not lost them."""
    for row in rows:
        print(" | ".join(row), file=sys.stderr, flush=True)
        yield row


COMPARED = ["what", "measure", "herodyno", "peer", "ratio", "target", ""]
