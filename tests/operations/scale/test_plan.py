"""The plan of a scale: absolute numbers, prices by the API, near misses, floors, and the words that undo it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from herodyno.dynos import DynoSize, Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.scale.grammar import parse_scale_words
from herodyno.operations.scale.plan import ScalePlan, formation_words, plan_scale, require_quantity, scale_write
from herodyno.operations.writes import TypeChange

FORMATION = [
    Formation(type="web", quantity=4, size="Standard-1X"),
    Formation(type="worker", quantity=2, size="Standard-2X"),
    Formation(type="my-app", quantity=0, size="Standard-1X"),
]


def plan(sizes: Sequence[DynoSize], *arguments: str) -> ScalePlan:
    return plan_scale("example-app", parse_scale_words(arguments), FORMATION, sizes)


def test_a_relative_count_becomes_absolute(sizes: Sequence[DynoSize]) -> None:
    done = plan(sizes, "web+1", "worker-2")
    assert [(each.quantity_before, each.quantity_after) for each in done.types] == [(4, 5), (2, 0)]


def test_a_size_alone_keeps_the_count_and_takes_the_apis_spelling(sizes: Sequence[DynoSize]) -> None:
    [web] = plan(sizes, "web=STANDARD-2x").types
    assert (web.quantity_after, web.size_after, web.resizes) == (4, "Standard-2X", True)


@pytest.mark.parametrize(("word", "told"), [("web=standard-2x", True), ("web=5", False), ("my-app=standard-2x", False)])
def test_a_size_restarts_what_runs_and_nothing_else(sizes: Sequence[DynoSize], word: str, told: bool) -> None:
    notes = [note for note in plan(sizes, word).notes if "restarts all" in note]
    assert notes == (["The new size restarts all 4 web dynos at once."] if told else [])


def test_the_price_is_the_apis_times_the_count_and_the_difference_adds_up(sizes: Sequence[DynoSize]) -> None:
    done = plan(sizes, "web=6:standard-2x", "worker-1")
    assert [(each.cents_before, each.cents_after) for each in done.types] == [(10_000, 30_000), (10_000, 5_000)]
    assert done.cents_difference == 15_000


def test_a_price_the_api_does_not_tell_is_not_made_up(sizes: Sequence[DynoSize]) -> None:
    done = plan(sizes, "web=1:private-m", "worker+1")
    assert done.types[0].cents_after is None
    assert done.cents_difference is None


def test_eco_is_one_price_for_the_account_and_not_multiplied(sizes: Sequence[DynoSize]) -> None:
    done = plan(sizes, "web=4:eco")
    assert done.types[0].cents_after is None
    assert any("whole account" in note for note in done.notes)


def test_shield_is_what_the_api_calls_private(sizes: Sequence[DynoSize]) -> None:
    assert plan(sizes, "web=2:Shield-M").types[0].size_after == "Private-M"


@pytest.mark.parametrize(
    ("size", "meant"), [("2x", "Standard-2X"), ("standrad-1x", "Standard-1X"), ("perf-m", "Performance-M")]
)
def test_a_size_that_is_none_names_the_nearest(sizes: Sequence[DynoSize], size: str, meant: str) -> None:
    with pytest.raises(UsageError) as refusal:
        plan(sizes, f"web=:{size}")
    assert size in refusal.value.message
    assert meant in refusal.value.next_step


def test_a_type_that_is_none_names_the_nearest_and_refuses_the_whole_batch(sizes: Sequence[DynoSize]) -> None:
    with pytest.raises(NotFound) as refusal:
        plan(sizes, "web=2", "wroker=1")
    assert "Did you mean worker?" in refusal.value.next_step


def test_below_zero_is_refused_and_not_cut_to_zero(sizes: Sequence[DynoSize]) -> None:
    with pytest.raises(UsageError, match="worker has 2") as refusal:
        plan(sizes, "worker-3")
    assert "worker=0" in refusal.value.next_step


def test_what_is_already_so_is_not_sent(sizes: Sequence[DynoSize]) -> None:
    done = plan(sizes, "web=4:standard-1x", "worker=1")
    assert [each.type for each in done.changes] == ["worker"]


def test_the_undo_brings_back_what_was_there(sizes: Sequence[DynoSize]) -> None:
    assert plan(sizes, "web=0", "worker=basic").undo == (
        "web=4:Standard-1X",
        "worker=2:Standard-2X",
        "--app",
        "example-app",
        "--confirm",
        "example-app",
    )
    assert plan(sizes, "web=5").undo == ("web=4:Standard-1X", "--app", "example-app")


def test_a_resize_says_that_it_restarts_the_type(sizes: Sequence[DynoSize]) -> None:
    assert any("restarts all 4 web dynos" in note for note in plan(sizes, "web=standard-2x").notes)


def test_a_web_size_that_can_be_autoscaled_names_the_autoscaler(sizes: Sequence[DynoSize]) -> None:
    assert any("autoscale" in note for note in plan(sizes, "web=5:performance-m").notes)


def test_an_app_without_process_types_is_told_what_to_do(sizes: Sequence[DynoSize]) -> None:
    with pytest.raises(NotFound, match="no process types"):
        plan_scale("example-app", parse_scale_words(["web=1"]), [], sizes)


def test_without_a_list_of_sizes_the_size_goes_as_typed() -> None:
    assert plan([], "web=:anything-new").types[0].size_after == "anything-new"


def test_if_quantity_refuses_when_somebody_changed_it() -> None:
    [word] = parse_scale_words(["web=5"])
    require_quantity(word, FORMATION, 4)
    with pytest.raises(Refused, match="web is at 4, not 3"):
        require_quantity(word, FORMATION, 3)


def test_the_formation_as_words_can_be_fed_back(sizes: Sequence[DynoSize]) -> None:
    words = formation_words(FORMATION)
    assert words == ["my-app=0:Standard-1X", "web=4:Standard-1X", "worker=2:Standard-2X"]
    assert plan(sizes, *words).changes == ()


def change(process_type: str, before: tuple[int, str], after: tuple[int, str]) -> TypeChange:
    return TypeChange(
        type=process_type, quantity_before=before[0], quantity_after=after[0],
        size_before=before[1], size_after=after[1], cents_before=None, cents_after=None,
    )  # fmt: skip


def test_a_scale_sends_only_what_changes_in_absolute_numbers() -> None:
    types = (
        change("web", (2, "Eco"), (3, "Eco")),
        change("clock", (1, "Eco"), (1, "Basic")),
        change("worker", (1, "Eco"), (1, "eco")),
    )
    write = scale_write(ScalePlan(app="example-app", types=types))
    assert str(write) == (
        "PATCH /apps/example-app/formation "
        '{"updates": [{"type": "web", "quantity": 3}, {"type": "clock", "size": "Basic"}]}'
    )
    assert write.undo == (
        "herodyno",
        "scale",
        "web=2:Eco",
        "clock=1:Eco",
        "--app",
        "example-app",
        "--confirm",
        "example-app",
    )
