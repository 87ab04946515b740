"""Which size fits what was used: with its price, never of less than a day, never smaller than the load allows."""

from __future__ import annotations

import pytest

from herodyno.dynos import DynoSize, Formation
from herodyno.operations.size_advice import SizeAdvice, Used, size_advice


def size(name: str, mb: int, compute: int, dollars: int | None, *, dedicated: bool = False) -> DynoSize:
    cents = None if dollars is None else dollars * 100
    return DynoSize(name, "", mb / 1024, compute, dedicated, cents, "month")


SIZES = [
    size("Eco", 512, 1, 5),
    size("Basic", 512, 1, 7),
    size("Standard-1X", 512, 1, 25),
    size("Standard-2X", 1024, 2, 50),
    size("Performance-M", 2560, 12, 250, dedicated=True),
    size("Performance-L", 14336, 50, 500, dedicated=True),
    size("Performance-L-RAM", 30720, 24, 500, dedicated=True),
]


def used(memory: float | None, load: float | None, hours: float, most: float | None = None, over: int = 0) -> Used:
    return Used(memory, most or memory, load, hours * 3600, over)


def advice(
    now: str,
    memory: float | None,
    load: float | None,
    hours: float = 24,
    dynos: int = 2,
    *,
    most: float | None = None,
    over: int = 0,
) -> SizeAdvice:
    return size_advice(used(memory, load, hours, most, over), Formation("web", dynos, now), SIZES)


@pytest.mark.parametrize(
    ("now", "memory", "load", "kind", "advised", "cents"),
    [
        ("standard-1x", 420.0, 0.5, "fits", "", None),
        ("Standard-1X", 430.0, 0.5, "larger", "Standard-2X", 5000),
        ("Standard-2X", 300.0, 0.4, "smaller", "Standard-1X", -5000),
        # One processor's worth of load would be two on half the CPU.
        ("Standard-2X", 300.0, 1.0, "fits", "", None),
        ("Standard-2X", 300.0, None, "fits", "", None),
        ("Standard-1X", 900.0, 0.5, "none_fits", "", None),
        ("Performance-L", 1000.0, 0.2, "smaller", "Performance-M", -50000),
        ("Performance-L", 1000.0, 2.0, "fits", "", None),
        # More memory with less CPU.
        ("Performance-L", 14000.0, 0.4, "larger", "Performance-L-RAM", 0),
        ("Performance-L", 14000.0, 40.0, "none_fits", "", None),
        ("Performance-L", 14000.0, None, "none_fits", "", None),
        ("Standard-1X", 430.0, None, "larger", "Standard-2X", 5000),
        ("Basic", 100.0, 0.1, "fits", "", None),
        ("Private-S", 100.0, 0.1, "unknown", "", None),
    ],
)
def test_the_cheapest_size_of_the_kind_that_holds_memory_and_load(
    now: str, memory: float, load: float | None, kind: str, advised: str, cents: int | None
) -> None:
    found = advice(now, memory, load)
    assert (found.kind, found.advised, found.cents) == (kind, advised, cents)
    assert f"{memory:,.0f} MB (p95) and a fifth more are {memory * 1.2:,.0f} MB" in found.sentence


def test_the_sentence_has_the_price_and_what_costs_nothing_first() -> None:
    found = advice("Standard-1X", 700.0, 0.5, dynos=4)
    assert "Standard-2X holds that, +$100.00/month for 4 dynos" in found.sentence
    assert "WEB_CONCURRENCY" in found.sentence
    assert "-$50.00/month for 2 dynos" in advice("Standard-2X", 300.0, 0.4).sentence


@pytest.mark.parametrize(("memory", "hours"), [(None, 400), (300.0, 23.999), (9000.0, 1)])
def test_less_than_a_day_is_not_enough(memory: float | None, hours: float) -> None:
    found = advice("Standard-2X", memory, 0.1, hours)
    assert (found.kind, found.advised, found.needed_mb) == ("not_enough_data", "", None)
    assert "24 hours are needed" in found.sentence


def test_the_time_that_is_measured_is_told_to_the_minute_and_never_rounded_up() -> None:
    assert "memory of 22 h 3 min, 24" in advice("Standard-2X", 300.0, 0.1, 22.05).sentence
    assert "memory of 23 h 59 min, 24" in advice("Standard-2X", 300.0, 0.1, 23.9999).sentence


@pytest.mark.parametrize(
    ("most", "over", "words"),
    [
        (1300.0, 1500, "240 MB, the most was 1,300 MB; Standard-2X has 1,024 MB and 1,500 R14 or R15 came: no other"),
        # Some quotas are exceeded between two samples.
        (1000.0, 60, "240 MB; Standard-2X has 1,024 MB and 60 R14 or R15 came: no other size is advised"),
        # A log without the platform's errors.
        (1025.0, 0, "the most was 1,025 MB; Standard-2X has 1,024 MB: no other size is advised"),
    ],
)
def test_a_quota_that_was_exceeded_is_no_reason_to_take_a_smaller_one(most: float, over: int, words: str) -> None:
    found = advice("Standard-2X", 200.0, 0.1, most=most, over=over)
    assert (found.kind, found.advised, found.cents) == ("over_quota", "", None)
    assert words in found.sentence


def test_a_size_that_would_not_hold_the_most_is_not_advised() -> None:
    found = advice("Standard-2X", 200.0, 0.1, most=700.0)
    assert (found.kind, found.advised) == ("fits", "")
    assert found.sentence.endswith("which fits, and a smaller one would not hold the most, 700 MB")
    found = advice("Standard-1X", 700.0, 0.1, most=1300.0, over=9)
    assert (found.kind, found.advised) == ("none_fits", "")
    assert "840 MB, the most was 1,300 MB; Standard-1X has 512 MB, and no size of its kind" in found.sentence
    found = advice("Performance-M", 2500.0, 0.1, most=15_000.0, over=9)
    assert (found.kind, found.advised) == ("larger", "Performance-L-RAM")


def test_without_the_api_no_size_is_named() -> None:
    assert size_advice(used(300.0, 0.1, 99), None, []).kind == "unknown"


def test_a_size_without_a_price_says_so() -> None:
    free = [size("Standard-1X", 512, 1, None), size("Standard-2X", 1024, 2, None)]
    found = size_advice(used(600.0, 0.1, 99), Formation("web", 1, "Standard-1X"), free)
    assert (found.kind, found.cents) == ("larger", None)
    assert "at a price that the API does not give" in found.sentence


def test_a_size_with_a_price_comes_before_one_without() -> None:
    some = [size("Standard-1X", 512, 1, 25), size("Standard-9X", 4608, 9, None), size("Standard-2X", 1024, 2, 50)]
    found = size_advice(used(600.0, 0.1, 99), Formation("web", 1, "Standard-1X"), some)
    assert (found.advised, found.cents) == ("Standard-2X", 2500)


@pytest.mark.parametrize(
    ("load", "words"),
    [(40.0, "holds that and the load"), (None, "holds that with as much CPU; how much the load needs is not known")],
)
def test_why_more_memory_with_less_cpu_is_not_advised_is_told(load: float | None, words: str) -> None:
    assert advice("Performance-L", 14000.0, load).sentence.endswith(f"and no size of its kind {words}")
