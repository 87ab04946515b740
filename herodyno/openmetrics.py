"""OpenMetrics text: a metric is declared once, samples are collected under it, and an exposition is written of them.

Only counters and gauges are used, and no sample has a time. So a text of gauges is the same in OpenMetrics and in the
older text format of Prometheus, the only one that the node exporter reads from files: it refuses the types `info` and
`stateset`, and times, and gives a summary a count and a sum of 0 when it has none. Source: OpenMetrics 1.0; the node
exporter's text-file collector.
"""

from __future__ import annotations

from sys import float_info
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["counter", "gauge"]

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Ours: Heroku's longest name is far shorter. A longer one is of somebody who plays with the log.
LONGEST_LABEL = 200
_MOST = float_info.max


class Metric(NamedTuple):
    """A metric. `name` ends with its `unit`, and is without the `_total` of a counter's samples."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    unit: str = ""


class Samples:
    """The samples of metrics, each metric in the place of its first sample.

    No series comes twice, because one that does costs Prometheus the whole exposition: the first is kept.
    """

    def __init__(self) -> None:
        self._of: dict[Metric, dict[tuple[str, ...], float]] = {}

    def add(self, metric: Metric, value: float | None, *labels: str) -> None:
        """Add a sample. None, no number, and what is beyond any number are no samples."""
        assert len(labels) == len(metric.labels), metric.name
        if value is not None and -_MOST <= value <= _MOST:
            self._of.setdefault(metric, {}).setdefault(tuple(map(_clean, labels)), value)

    def merge(self, other: Samples) -> None:
        """Add the samples of another."""
        for metric, samples in other._of.items():
            for labels, value in samples.items():
                self._of.setdefault(metric, {}).setdefault(labels, value)

    def metrics(self) -> list[Metric]:
        """The metrics that have a sample."""
        return list(self._of)

    def text(self, *, is_openmetrics: bool = True) -> str:
        """The exposition, or that of Prometheus' older text format."""
        lines = []
        for metric, samples in self._of.items():
            sample_name = f"{metric.name}_total" if metric.kind == "counter" else metric.name
            name = metric.name if is_openmetrics else sample_name
            lines += [f"# HELP {name} {metric.help}", f"# TYPE {name} {metric.kind}"]
            if metric.unit and is_openmetrics:
                lines.append(f"# UNIT {name} {metric.unit}")
            lines += [f"{sample_name}{_labels(metric, values)} {_number(value)}" for values, value in samples.items()]
        return "\n".join([*lines, *(["# EOF"] if is_openmetrics else []), ""])


def _labels(metric: Metric, values: tuple[str, ...]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in zip(metric.labels, values, strict=True))
    return f"{{{pairs}}}" if pairs else ""


def _clean(text: str) -> str:
    """A label's value: control characters, surrogates and what reorders text have no place in it."""
    cut = text[:LONGEST_LABEL]
    return cut if cut.isprintable() else "".join(each if each.isprintable() else "?" for each in cut)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _number(value: float) -> str:
    whole = int(value)
    return str(whole) if whole == value and abs(whole) < 1 << 53 else repr(float(value))
