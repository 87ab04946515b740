"""A line has the number that it would have if all lines were read."""

from __future__ import annotations

from herodyno.archive.window.line_numbers import NumberedLine, numbered

SECOND = 1_000_000


def test_lines_of_one_time_are_numbered_in_their_order() -> None:
    rows = [
        (5 * SECOND, "metrics", "web.1", None, None),
        (5 * SECOND, None, None, None, None),
        (5 * SECOND, "metrics", "web.2", "id", "sample"),
        (5 * SECOND, None, "web.1", None, None),
        (5 * SECOND, "app", "web.2", None, None),
        (5 * SECOND, "app", "web.1", None, None),
        (5 * SECOND, "app", "web.2", None, None),
        (5 * SECOND + 1, None, None, None, None),
        (9 * SECOND, None, "web.1", None, None),
    ]
    found = list(numbered(rows, {5 * SECOND: 10, 5 * SECOND + 1: 17, 9 * SECOND: 70}))
    assert [(line.number, line.place) for line in found] == [
        (11, 0), (12, 0), (13, 0), (14, 1), (15, 0), (16, 0), (17, 1), (18, 0), (71, 0)
    ]  # fmt: skip
    assert found[2] == NumberedLine(13, 5 * SECOND, "metrics", 0, "web.2", "id", "sample")
