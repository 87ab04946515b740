"""Timestamps checked many at once: those pass that Python's own parser of ISO 8601 accepts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.scan.stamps import Stamps
from herodyno.units import USABLE_YEARS, microseconds


@given(st.lists(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2999, 1, 1)), max_size=5))
def test_times_are_times_and_have_their_seconds(times: list[datetime]) -> None:
    stamps = Stamps()
    written = [time.isoformat(timespec="microseconds").encode() for time in times]
    assert stamps.are_times(written)
    in_utc = [time.replace(tzinfo=UTC) for time in times]
    assert [stamps.seconds(stamp) for stamp in written] == [time.timestamp() for time in in_utc]
    assert [stamps.microseconds(stamp) for stamp in written] == [microseconds(time) for time in in_utc]
    assert [stamps.stamp(microseconds(time)) for time in in_utc] == written


@given(st.lists(st.tuples(st.integers(0, 25), st.sampled_from(b"0123456789-T:. x\n")), min_size=1, max_size=3))
def test_what_is_no_time_does_not_pass(changes: list[tuple[int, int]]) -> None:
    stamp = bytearray(b"2026-03-02T12:00:01.000002")
    for at, byte in changes:
        stamp[at] = byte
    try:
        found = datetime.fromisoformat(stamp.decode())
        is_time = found.isoformat(timespec="microseconds").encode() == stamp and found.year in USABLE_YEARS
    except ValueError:
        is_time = False
    assert Stamps().are_times([b"2026-03-02T12:00:01.000002", bytes(stamp)]) == is_time


@pytest.mark.parametrize("minute", [b"2026-02-29T12:00:00.000000", b"2026-13-01T12:00:00.000000"])
def test_a_stamp_of_the_right_shape_may_be_no_day_that_exists(minute: bytes) -> None:
    assert not Stamps().is_time(minute)
    assert Stamps().is_time(b"2028-02-29T12:00:00.000000")
