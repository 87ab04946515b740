"""A second of a dyno is read line by line where any line of it may be of a traceback."""

from __future__ import annotations

from herodyno.archive.window.printed_lines import traced_seconds

SECOND = 1_000_000


def test_a_traceback_reaches_into_the_next_second_from_the_last_moments_of_its_own() -> None:
    rows = [
        ("web.1", 0, 1, 0, 7),
        ("web.1", 5 * SECOND, 2, 1, 1),
        ("web.2", 5 * SECOND, 0, 0, 49),
        ("web.2", 6 * SECOND, 1, 0, 49),
        ("web.2", 7 * SECOND, 0, 0, 60),
        ("web.2", 9 * SECOND, 0, 0, 60),
        ("web.3", 8 * SECOND, 0, 0, 60),
    ]
    assert traced_seconds(rows, 99) == {
        ("web.1", 0), ("web.1", 5 * SECOND), ("web.1", 6 * SECOND),
        ("web.2", 6 * SECOND), ("web.2", 7 * SECOND), ("web.2", 8 * SECOND),
    }  # fmt: skip
    assert traced_seconds(rows, 2) is None
