"""The axis of a picture says the day where the window is of more than one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.render.report.columns import Clock
from herodyno.render.report.style import time_axis

MIDNIGHT_MS = 1_795_392_000_000


@pytest.mark.parametrize(("start", "form"), [(-3_600_000, "%d %b %H:%M"), (0, "%H:%M")])
def test_a_window_over_midnight_is_labelled_with_days(start: int, form: str) -> None:
    clock = Clock(MIDNIGHT_MS + start, 60_000, 120, "UTC", timedelta())
    assert form == time_axis(clock)["axis"]["labelExpr"].split("'")[1]
