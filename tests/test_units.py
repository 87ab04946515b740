"""Times, intervals, counts and sizes have one form each in text and one in JSON."""

import re
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from herodyno.units import (
    age,
    apache_time,
    bound_clock,
    byte_size,
    clock,
    clocks,
    count,
    data_size,
    day,
    duration,
    exact_clock,
    json_seconds,
    json_time,
    megabytes,
    microseconds,
    milliseconds,
    percent,
    rough_clock,
    rough_clocks,
    share,
    spoken_duration,
    stamp,
    time_at,
    zone_name,
    zone_of,
    zoned_clocks,
)  # fmt: skip

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h00m"), (81600, "22h40m"), (273600, "3d04h")],
)
def test_a_duration_has_two_units_at_most(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-3, "0 s"), (0.4, "0 s"), (45, "45 s"), (60, "1 min"), (372, "6 min 12 s"), (7200, "2 h"),
        (9000, "2 h 30 min"), (273_600, "3 d 4 h"),
    ],
)  # fmt: skip
def test_a_duration_in_a_sentence_has_two_units_at_most(seconds: float, shown: str) -> None:
    assert spoken_duration(seconds) == shown


def test_a_clock_that_is_behind_makes_no_negative_age() -> None:
    assert age(NOW + timedelta(seconds=30), NOW) == "0s"
    assert age(None, NOW) == "-"


def test_local_times_name_their_zone_and_utc_is_at_hand(local_time: None) -> None:
    local = zone_of(NOW, utc=False)
    assert (zone_name(NOW, local), clock(NOW, local, today=NOW), stamp(NOW, local)) == (
        "CET", "03:12:40", "2026-11-23T03:12",
    )  # fmt: skip
    assert zone_name(NOW, zone_of(NOW, utc=True)) == "UTC"


def test_a_clock_time_of_another_day_carries_its_date() -> None:
    assert clock(NOW - timedelta(hours=30), UTC, today=NOW) == "21 Nov 20:12"
    assert clock(NOW - timedelta(days=400), UTC, today=NOW) == "2025-10-19 02:12"


def test_both_ends_of_a_window_carry_their_day_unless_both_are_of_today() -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0)
    assert clocks(NOW - timedelta(minutes=6), NOW, UTC, today=NOW) == ("02:06:40", "02:12:40")
    assert clocks(midnight - timedelta(hours=2), NOW, UTC, today=NOW) == ("22 Nov 22:00", "23 Nov 02:12")
    near = timedelta(seconds=20)
    assert clocks(midnight - near, midnight + near, UTC, today=NOW) == ("22 Nov 23:59:40", "23 Nov 00:00:20")
    past = NOW - timedelta(days=1)
    assert clocks(past - near, past, UTC, today=NOW) == ("22 Nov 02:12:20", "22 Nov 02:12:40")
    assert clocks(NOW - timedelta(days=400), NOW, UTC, today=NOW) == ("2025-10-19 02:12", "2026-11-23 02:12")
    india = timezone(timedelta(hours=5, minutes=30))
    assert clocks(midnight - timedelta(hours=2), NOW, india, today=NOW) == ("03:30:00", "07:42:40")
    assert zoned_clocks(NOW - near, NOW, UTC, today=NOW) == ("02:12:20 UTC", "02:12:40 UTC")
    assert bound_clock(NOW, UTC, days=[NOW, midnight - near]) == "23 Nov 02:12:40"
    assert bound_clock(NOW, UTC, days=[NOW, midnight]) == "02:12:40"


def test_both_ends_of_an_estimated_window_carry_their_weekday_unless_both_are_of_today() -> None:
    assert rough_clocks(NOW, NOW + timedelta(hours=1), UTC, today=NOW) == ("02:12", "03:12")
    assert rough_clocks(NOW - timedelta(hours=3), NOW, UTC, today=NOW) == ("Sun 23:12", "Mon 02:12")
    assert rough_clocks(NOW, NOW + timedelta(days=1), UTC, today=NOW) == ("Mon 02:12", "Tue 02:12")
    # A weekday that comes twice between the two and today names no day.
    week = timedelta(days=4)
    assert rough_clocks(NOW - week, NOW + week, UTC, today=NOW) == ("19 Nov 02:12", "27 Nov 02:12")


def test_an_estimated_time_has_no_seconds_and_on_another_day_the_weekday() -> None:
    assert rough_clock(NOW, UTC, today=NOW) == "02:12"
    assert rough_clock(NOW - timedelta(hours=6), UTC, today=NOW) == "Sun 20:12"


def test_an_estimated_time_of_another_week_has_its_date() -> None:
    assert rough_clock(NOW - timedelta(days=6), UTC, today=NOW) == "Tue 02:12"
    assert rough_clock(NOW - timedelta(days=7), UTC, today=NOW) == "16 Nov 02:12"
    assert rough_clock(NOW - timedelta(days=400), UTC, today=NOW) == "2025-10-19 02:12"


def test_the_times_of_log_lines_name_day_zone_and_milliseconds() -> None:
    at = NOW + timedelta(microseconds=5999)
    assert (day(at), exact_clock(at), apache_time(at)) == (
        "Mon 23 Nov 2026, UTC", "02:12:40.005", "23/Nov/2026:02:12:40 +0000",
    )  # fmt: skip


@pytest.mark.parametrize(
    "at",
    [
        NOW,
        NOW + timedelta(microseconds=1),
        NOW.astimezone(timezone(timedelta(hours=-7))),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_time_in_json_is_utc_to_the_microsecond_whatever_it_was_and_is_read_back(at: datetime) -> None:
    text = json_time(at)
    assert text is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)
    assert datetime.fromisoformat(text) == at
    assert json_time(None) is None


@pytest.mark.parametrize("year", [1971, 2026, 8999])
def test_a_time_is_a_whole_number_of_microseconds_in_any_year(year: int) -> None:
    at = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert time_at(microseconds(at)) == at
    assert microseconds(at + timedelta(microseconds=1)) - microseconds(at) == 1


def test_an_interval_in_json_is_seconds_to_the_microsecond() -> None:
    assert json_seconds(0.1 + 0.2) == 0.3


def test_counts_and_sizes_have_separators_and_a_unit() -> None:
    assert [count(1500), count(1, "error"), count(1500, "error"), count(2, "reply", "replies")] == [
        "1,500", "1 error", "1,500 errors", "2 replies",
    ]  # fmt: skip
    assert [megabytes(781.2), megabytes(2048), megabytes(None)] == ["781 MB", "2,048 MB", "-"]
    assert byte_size(32 << 20) == "32 MB"
    assert [milliseconds(410), milliseconds(30_000), milliseconds(None)] == ["410 ms", "30.0 s", "-"]


def test_shares_and_rates_are_in_per_cent() -> None:
    assert [share(0.26), share(46, 48), share(1, 0), share(None)] == ["26 %", "96 %", "-", "-"]
    assert [percent(it) for it in (0.217, 0.26, 0.00049, 0)] == ["21.7 %", "26 %", "0.05 %", "0 %"]


def test_a_time_of_last_summer_is_in_summer_time_and_the_hour_that_comes_twice_is_told_apart(local_time: None) -> None:
    local = zone_of(NOW, utc=False)
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert (zone_name(summer, local), clock(summer, local, today=summer)) == ("CEST", "14:00:00")
    for hour, name in ((0, "CEST"), (1, "CET")):
        twice = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert (zone_name(twice, local), clock(twice, local, today=twice)) == (name, "02:30:00")
        assert twice.astimezone(local).astimezone(UTC) == twice


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize("odd", [datetime.max, datetime.min])
def test_the_edges_of_time_are_shown_in_any_zone(odd: datetime, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        assert clock(odd.replace(tzinfo=UTC), zone_of(NOW, utc=False), today=NOW)
        assert stamp(odd.replace(tzinfo=UTC), zone_of(NOW, utc=False))
    time.tzset()


def test_a_size_of_data_is_in_the_unit_that_suits_it() -> None:
    sizes = (812, 999, 1000, 15 * 1024, 1.23 * 2**20, 340 * 2**20, 7 * 2**30, 2000 * 2**30)
    assert [data_size(size) for size in sizes] == [
        "812 B", "999 B", "1.0 KB", "15 KB", "1.2 MB", "340 MB", "7.0 GB", "2,000 GB",
    ]  # fmt: skip
