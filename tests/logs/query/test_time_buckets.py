"""Buckets of time lie on the clock of their zone, also where the clock is changed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.query.time_buckets import TimeBuckets

PARIS, KOLKATA, LORD_HOWE = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")


def local(start: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(start, zone).strftime("%a %d %H:%M %z")


@pytest.mark.parametrize(
    ("seconds", "zone", "wanted"),
    [
        (60, PARIS, "Mon 23 03:12 +0100"),
        (3600, KOLKATA, "Mon 23 07:00 +0530"),
        (21_600, KOLKATA, "Mon 23 06:00 +0530"),
        (86_400, PARIS, "Mon 23 00:00 +0100"),
        (604_800, PARIS, "Mon 23 00:00 +0100"),
    ],
)
def test_a_bucket_begins_on_the_clock_of_the_zone(seconds: int, zone: ZoneInfo, wanted: str) -> None:
    at = datetime(2026, 11, 23, 2, 12, 58, 700_000, tzinfo=UTC)
    assert local(TimeBuckets(seconds, zone).start(at), zone) == wanted


@pytest.mark.parametrize(
    ("day", "seconds", "wanted"),
    [
        ("2026-03-29", 86_400, [24, 23, 24]),
        ("2026-10-25", 86_400, [24, 25, 24]),
        ("2026-10-25", 3600, [1] * 73),
        ("2026-03-29", 10_800, [3] * 8 + [2] + [3] * 15),
    ],
)
def test_a_day_on_which_the_clock_changes_is_shorter_or_longer_and_no_hour_is_lost(
    day: str, seconds: int, wanted: list[int]
) -> None:
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=PARIS)
    buckets = TimeBuckets(seconds, PARIS)
    first = buckets.start((noon - timedelta(days=1)).replace(hour=0))
    starts = buckets.between(first, buckets.start((noon + timedelta(days=2)).replace(hour=0)))
    assert [(b - a) // 3600 for a, b in pairwise(starts)] == wanted


INSTANTS = st.integers(int(datetime(2026, 3, 1).timestamp()), int(datetime(2026, 11, 30).timestamp()))


@given(
    st.lists(INSTANTS, min_size=1, max_size=20),
    st.sampled_from([1, 10, 60, 300, 420, 3600, 7200, 21_600, 86_400, 604_800]),
    st.sampled_from([PARIS, KOLKATA, LORD_HOWE]),
)
def test_a_wider_bucket_holds_whole_ones_in_whatever_order_times_come(
    instants: list[int], seconds: int, zone: ZoneInfo
) -> None:
    buckets = TimeBuckets(seconds, zone)
    wider = buckets.widened()
    assert wider.seconds % seconds == 0
    for instant in instants:
        assert buckets.start_of(instant) == TimeBuckets(seconds, zone).start_of(instant) <= instant
        if zone is not LORD_HOWE:  # half an hour of summer time divides an hour
            assert wider.start_of(buckets.start_of(instant)) == wider.start_of(instant)
