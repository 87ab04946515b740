"""OTLP's metrics of memory and load as the lines that log-runtime-metrics writes on Cedar.

A verdict, a query and a picture then see the memory of Fir as they see that of Cedar. Other metrics are left out.
The names are those of OpenTelemetry's conventions and of its collector for containers. Heroku's own list of names
could not be read in full, so that the names which Fir sends today are not proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from herodyno.archive.otlp.requests import Point

_KINDS = ("container.", "k8s.pod.", "k8s.container.", "heroku.dyno.", "heroku.", "dyno.")
# Field of a line -> ends of names that mean it, the best first.
_MEMORY = {
    "memory_total": ("memory.usage", "memory.total", "memory_total", "memory.working_set"),
    "memory_rss": ("memory.rss", "memory_rss"),
    "memory_cache": ("memory.cache", "memory_cache"),
    "memory_swap": ("memory.swap", "memory_swap"),
    "memory_quota": ("memory.limit", "memory_limit", "memory.quota", "memory_quota"),
}
_LOAD = {f"load_avg_{minutes}m": (f"load_average.{minutes}m", f"load_avg_{minutes}m") for minutes in (1, 5, 15)}
_RANKS = {
    f"{kind}{name}": (field, rank)
    for fields, kinds in ((_MEMORY, _KINDS), (_LOAD, ("system.cpu.", *_KINDS)))
    for field, names in fields.items()
    for rank, (name, kind) in enumerate((name, kind) for name in names for kind in kinds)
}
_BYTES = {"": 1, "By": 1, "bytes": 1, "kBy": 10**3, "KiBy": 2**10, "MBy": 10**6, "MiBy": 2**20, "GiBy": 2**30}
_MOST = 1e9  # of a number in a line
_MOST_NAMES = 100  # ours: of metrics that are left out
_US_PER_SECOND = 1_000_000


class Sample(NamedTuple):
    """What is known of a dyno at a time, as the text of a line behind `source=… dyno=…`."""

    resource: dict[str, str]
    at_us: int
    text: str


@dataclass(slots=True)
class MetricNames:
    """Whether a metric of memory came, and the first names of metrics that were left out."""

    has_memory: bool = False
    left_out: set[str] = field(default_factory=set)

    def see(self, name: str, meaning: str) -> None:
        """Take in the name of a metric, and the field that it means, "" for none."""
        self.has_memory |= meaning in _MEMORY
        if not meaning and len(self.left_out) < _MOST_NAMES:
            self.left_out.add(name)


def samples(points: Iterable[Point], names: MetricNames) -> Iterator[Sample]:
    """The samples of a request: of each resource and second one of memory, one of load, in the order of the points."""
    found: dict[tuple[int, int], dict[str, tuple[int, float]]] = {}
    of: dict[tuple[int, int], Point] = {}
    for point in points:
        meaning, rank = _RANKS.get(point.name, ("", 0))
        names.see(point.name, meaning)
        value = _in_line(meaning, point)
        if value is None or point.attributes.get("state", "used") != "used":
            continue
        key = id(point.resource), point.at_us // _US_PER_SECOND
        of.setdefault(key, point)
        best = found.setdefault(key, {}).get(meaning)
        if best is None or rank < best[0]:
            found[key][meaning] = rank, value
    for key, values in found.items():
        if not {"memory_total", "memory_rss"} & values.keys():
            values = {field: value for field, value in values.items() if field in _LOAD}
        for fields, unit in ((_MEMORY, "MB"), (_LOAD, "")):
            words = [f"sample#{field}={values[field][1]:.2f}{unit}" for field in fields if field in values]
            if words:
                yield Sample(of[key].resource, of[key].at_us, " ".join(words))


def _in_line(field: str, point: Point) -> float | None:
    """The number as a line has it, in MB of 2^20 bytes; None for what is no such number."""
    scale = (_BYTES.get(point.unit, 0) / 2**20) if field in _MEMORY else bool(field)
    value = point.value * scale
    return value if scale and isfinite(value) and 0 <= value < _MOST else None
