"""Moments: ago, a time of day, a day, a date with or without a zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from herodyno.cli.times import parse_time
from herodyno.errors import UsageError

NOW = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
PARIS = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10m", "2026-11-23T02:00Z"),
        ("-2h", "2026-11-23T00:10Z"),
        ("1d ago", "2026-11-22T02:10Z"),
        ("03:00", "2026-11-23T02:00Z"),
        ("03:00:30", "2026-11-23T02:00:30Z"),
        ("14:30", "2026-11-22T13:30Z"),
        ("today", "2026-11-22T23:00Z"),
        ("yesterday", "2026-11-21T23:00Z"),
        ("2026-11-23", "2026-11-22T23:00Z"),
        ("2026-11-23 02:00", "2026-11-23T01:00Z"),
        ("2026-11-23T02:00Z", "2026-11-23T02:00Z"),
        ("2026-11-23T02:00:00.5+00:00", "2026-11-23T02:00:00.5Z"),
        (" 10m ", "2026-11-23T02:00Z"),
    ],
)
def test_a_moment_is_understood_in_the_readers_zone(text: str, meant: str) -> None:
    assert parse_time(text, now=NOW, zone=PARIS, flag="--since") == datetime.fromisoformat(meant)


def test_without_a_zone_it_is_this_machines(local_time: None) -> None:
    assert parse_time("03:00", now=NOW, zone=None, flag="--since") == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "2026-13-01", "10", "10x", "99999999d", "0001-01-01T00:00+14:00"]
)
def test_anything_else_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(UsageError, match="--since") as told:
        parse_time(text, now=NOW, zone=PARIS, flag="--since")
    assert told.value.next_step
