"""Near misses."""

from __future__ import annotations

import pytest

from herodyno.operations.near_misses import did_you_mean, near_misses

SIZES = ["Eco", "Standard-1X", "Standard-2X", "Performance-M", "Performance-2XL"]


@pytest.mark.parametrize(
    ("word", "first"),
    [("2x", "Standard-2X"), ("standard2x", "Standard-2X"), ("ECO", "Eco"), ("perf-m", "Performance-M")],
)
def test_the_nearest_comes_first(word: str, first: str) -> None:
    assert near_misses(word, SIZES)[0] == first


def test_nothing_near_lists_what_there_is() -> None:
    assert did_you_mean("zzz", ["web", "clock"]) == "There are: clock, web."
    assert did_you_mean("zzz", []) == ""
