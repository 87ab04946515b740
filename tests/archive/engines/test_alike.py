"""A difference between two answers is seen."""

from __future__ import annotations

from tests.archive.engines.alike import difference


def test_a_difference_is_seen() -> None:
    assert difference([[1, "a", 2.0, None]], [[1, "a", 2.0 + 1e-9, None]]) == ""
    for other in ([[2, "a", 2.0, None]], [[1, "b", 2.0, None]], [[1, "a", 2.1, None]], [[1, "a", 2.0, 0]], [], [[1]]):
        assert difference([[1, "a", 2.0, None]], other) != ""
    assert difference({"a": 1}, {"a": 1, "b": 2}) != ""
    assert difference(1, 1.0) != ""
