"""What people type for an interval or a share is read exactly, or refused with what to type."""

from __future__ import annotations

import pytest

from herodyno.errors import UsageError
from herodyno.typed_values import parse_duration, parse_share


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400), ("2d", 172800), ("0s", 0)]
)
def test_durations_are_seconds(text: str, seconds: float) -> None:
    assert parse_duration(text, flag="--pause") == seconds


@pytest.mark.parametrize("text", ["", "5x", "-5m", "m", "1h30m", "٣m", "9999999999", "1e3", "nan"])
def test_what_is_no_duration_is_refused_with_the_flag(text: str) -> None:
    with pytest.raises(UsageError, match="--pause") as refusal:
        parse_duration(text, flag="--pause")
    assert "--pause 90s" in refusal.value.next_step


def test_what_chooses_the_dynos_to_end_needs_its_unit() -> None:
    assert parse_duration("12h", flag="--older-than", unit_needed=True) == 43_200
    with pytest.raises(UsageError, match="--older-than '12' has no unit; nothing was sent") as refusal:
        parse_duration("12", flag="--older-than", unit_needed=True)
    assert refusal.value.next_step == "Write it as --older-than 12m or 12h."


@pytest.mark.parametrize(("text", "fraction"), [("90%", 0.9), ("90", 0.9), ("150%", 1.5), ("0.5%", 0.005)])
def test_shares_are_fractions(text: str, fraction: float) -> None:
    assert parse_share(text, flag="--batch") == pytest.approx(fraction)


@pytest.mark.parametrize("text", ["", "%", "-1%", "x", "90%%", "0.9", "1"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_share(text, flag="--batch")
