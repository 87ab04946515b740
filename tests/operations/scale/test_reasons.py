"""The same effect asks the same question, whatever words led to it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from herodyno.dynos import DynoSize, Formation
from herodyno.operations.scale.grammar import parse_scale_words
from herodyno.operations.scale.plan import plan_scale

FORMATION = [
    Formation(type="web", quantity=4, size="Standard-1X"),
    Formation(type="worker", quantity=1, size="Standard-2X"),
    Formation(type="big", quantity=10, size="Performance-M"),
    Formation(type="private", quantity=10, size="Private-M"),
    Formation(type="none", quantity=0, size="Standard-1X"),
]


def reasons(sizes: Sequence[DynoSize], words: str, *, step: int = 100_00) -> tuple[str, ...]:
    parsed = parse_scale_words(words.split())
    return plan_scale("example-app", parsed, FORMATION, sizes, price_step_cents=step).reasons


@pytest.mark.parametrize(
    "words", ["web=1", "web-3", "web=0", "web-4", "web=7", "web+3", "web=8", "worker=3", "worker+2", "none=2", "none+3"]
)
def test_a_count_that_falls_or_grows_by_more_than_half_is_asked_in_any_spelling(
    sizes: Sequence[DynoSize], words: str
) -> None:
    [reason] = reasons(sizes, words)
    assert reason.endswith(" dynos")


@pytest.mark.parametrize(
    "words", ["web=2", "web-2", "web=6", "web+2", "worker=2", "worker+1", "none+1", "none=0", "web=4", "private+5"]
)
def test_half_of_it_or_one_dyno_more_goes_unasked(sizes: Sequence[DynoSize], words: str) -> None:
    assert reasons(sizes, words) == ()


def test_both_spellings_of_one_change_have_the_same_reasons(sizes: Sequence[DynoSize]) -> None:
    assert reasons(sizes, "web=8") == reasons(sizes, "web+4") == reasons(sizes, "web=8:standard-1x")
    assert reasons(sizes, "web=8") == ("web goes from 4 to 8 dynos",)


def test_what_costs_more_than_the_step_is_asked_with_the_price(sizes: Sequence[DynoSize]) -> None:
    assert reasons(sizes, "big+1") == ("it costs $250.00/month more, above the price step of $100.00/month",)
    assert reasons(sizes, "big+1", step=250_00) == ()
    assert reasons(sizes, "big+1", step=249_99) != ()


def test_the_price_is_of_the_whole_change(sizes: Sequence[DynoSize]) -> None:
    assert reasons(sizes, "web+2 worker+1") == (), "+$50 and +$50"
    assert reasons(sizes, "web+2 worker+1", step=99_99) != ()
    assert reasons(sizes, "web-2 worker+1", step=0) == (), "no dearer"
    assert reasons(sizes, "private+1 worker+1", step=49_99) != (), "a price that is not known hides no other"


def test_a_resize_of_what_runs_is_asked_and_of_what_does_not_run_is_not(sizes: Sequence[DynoSize]) -> None:
    assert reasons(sizes, "web=basic") == ("web goes from Standard-1X to Basic: all 4 dynos restart at once",)
    assert reasons(sizes, "web=4:basic") == reasons(sizes, "web=:basic") == reasons(sizes, "web=basic")
    assert reasons(sizes, "worker=basic") == ("worker goes from Standard-2X to Basic: its dyno restarts",)
    assert reasons(sizes, "none=basic") == ()
    assert reasons(sizes, "web=0:basic") == ("web goes from 4 to 0 dynos",)


def test_the_way_back_is_confirmed_exactly_where_it_would_be_asked(sizes: Sequence[DynoSize]) -> None:
    for words in ("web=2", "web=6", "web=1", "web=8", "web=basic", "big-1", "big+1", "none=basic", "worker-1"):
        plan = plan_scale("example-app", parse_scale_words(words.split()), FORMATION, sizes)
        there = [Formation(type=each.type, quantity=each.quantity_after, size=each.size_after) for each in plan.types]
        back = plan_scale("example-app", parse_scale_words(plan.undo[:1]), there, sizes)
        assert ("--confirm" in plan.undo) is bool(back.reasons), words
