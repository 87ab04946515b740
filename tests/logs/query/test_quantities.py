"""Numbers with units: read whole or not at all, compared in one unit or not at all."""

import pytest

from herodyno.logs.query.quantities import Quantity, quantity


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("49ms", Quantity(49, "ms")),
        ("906.01MB", Quantity(906.01, "MB")),
        ("-3", Quantity(-3, "")),
        ("0.5", Quantity(0.5, "")),
        ("", None),
        ("H12", None),
        ("1.2.3", None),
        ("12 ms", None),
        ("٣", None),
    ],
)
def test_a_quantity_is_the_whole_text_or_nothing(text: str, meant: Quantity | None) -> None:
    assert quantity(text) == meant


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [("2s", "1999ms", 1), ("1m", "60s", 0), ("900MB", "1GB", -1), ("512kB", "524288bytes", 0), ("5", "4ms", 1)],
)
def test_quantities_are_compared_in_one_unit(a: str, b: str, order: int) -> None:
    first, second = quantity(a), quantity(b)
    assert first
    assert second
    both = first.against(second)
    assert both
    assert (both[0] > both[1]) - (both[0] < both[1]) == order


def test_a_time_and_a_size_have_nothing_in_common() -> None:
    assert Quantity(1, "ms").against(Quantity(1, "MB")) is None
