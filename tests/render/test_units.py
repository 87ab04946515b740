"""Numbers and times read as people say them."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from herodyno.render.units import age, clock, duration, rate, share, spoken_duration, stamp, zone_name, zone_of

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h00m"), (81600, "22h40m"), (273600, "3d04h")],
)
def test_a_duration_has_two_units_at_most(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_duration_in_a_sentence() -> None:
    assert [spoken_duration(s) for s in (41, 372, 7500)] == ["41 s", "6 min 12 s", "2 h 5 min"]


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


def test_rates_show_what_zero_still_allows() -> None:
    assert rate(0.0, (0.0, 0.019)) == "0 % (0-1.9)"
    assert rate(0.217, (0.167, 0.277)) == "22 % (17-28)"
    assert (rate(None, None), share(None)) == ("-", "-")


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
