"""An exposition read by a strict reader that is not ours."""

from __future__ import annotations

from typing import NamedTuple

from prometheus_client.openmetrics.parser import text_string_to_metric_families


class Series(NamedTuple):
    """The name of a sample and its labels, in alphabetical order."""

    name: str
    labels: tuple[tuple[str, str], ...]


def parsed(text: str) -> dict[Series, float]:
    """The samples. Raises ValueError for what is no OpenMetrics; fails where a series comes twice."""
    found: dict[Series, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert sample.timestamp is None
            series = Series(sample.name, tuple(sorted(sample.labels.items())))
            assert series not in found, series
            found[series] = sample.value
    return found


def values(text: str, name: str, **labels: str) -> list[float]:
    """The values of the samples of this name that have these labels."""
    wanted = set(labels.items())
    return [value for series, value in parsed(text).items() if series.name == name and wanted <= set(series.labels)]
