"""A size that does not fit is said with its price and what that rests on; one that fits is not."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.used import TypeUse
from herodyno.dynos import DynoSize, Formation
from herodyno.operations.size_finding import size_finding

SIZES = [
    DynoSize(name=name, id=name, memory_gb=mb / 1024, compute=compute, dedicated=False, cost_cents=cents,
             cost_unit="month")
    for name, mb, compute, cents in [("Standard-1X", 512, 1, 2500), ("Standard-2X", 1024, 2, 5000)]
]  # fmt: skip


def told(mb: float, now: str, load: float | None = 0.1, hours: float = 25, over: int = 0) -> str:
    use = TypeUse("web", mb, load, 100, hours * 3600, 512.0, mb, over)
    return size_finding(use, [Formation("web", 2, now)] if now else [], SIZES if now else [])


def test_a_larger_size_is_told_with_its_price_and_what_that_rests_on() -> None:
    assert told(500.0, "Standard-1X") == (
        "size of web: 500 MB (p95) and a fifth more are 600 MB; Standard-1X has 512 MB: Standard-2X holds that, "
        "+$50.00/month for 2 dynos; fewer processes or threads (WEB_CONCURRENCY) may do, try them first "
        "(100 memory samples in 1 d 1 h)"
    )


def test_a_smaller_size_needs_a_load_that_it_holds() -> None:
    assert "Standard-1X holds that, -$50.00/month for 2 dynos (100 " in told(300.0, "Standard-2X")
    assert told(300.0, "Standard-2X", load=None) == ""
    assert told(300.0, "Standard-2X", over=1) == ""


@pytest.mark.parametrize(("mb", "hours"), [(300.0, 25), (500.0, 23.99)], ids=["it fits", "less than a day"])
@pytest.mark.parametrize("now", ["Standard-1X", ""])
def test_nothing_is_said_of_a_size_that_fits_or_of_less_than_a_day(mb: float, hours: float, now: str) -> None:
    assert told(mb, now, hours=hours) == ""


def test_without_the_api_the_quota_of_the_log_is_compared_and_no_price_is_said() -> None:
    assert told(500.0, "") == (
        "size of web: 500 MB (p95) and a fifth more are 600 MB; its quota is 512 MB (100 memory samples in 1 d 1 h); "
        "sizes and prices are not known without the API"
    )
