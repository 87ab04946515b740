"""Exceptions are joined to failed requests by dyno and second, the same in any order and any portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.raised import MOST_CELLS, MOST_CLASSES, WIDEST_CELL, Beside, Raised, RaisedFacts
from tests.diagnosis.plain_values import plain

Step = tuple[float, str]
steps = st.lists(
    st.tuples(st.floats(0, 5000, width=32), st.sampled_from(["", "KeyError", "IOError", *map(str, range(60))])),
    max_size=80,
)


def filled(several: Sequence[Step], first: int = 1) -> RaisedFacts:
    facts = RaisedFacts()
    for number, (at, kind) in enumerate(several, first):
        if kind:
            facts.add([Raised(at, number, kind, f"at {at}")])
        else:
            facts.beside.add_failure(at, at - 30)
    return facts


@given(steps, st.integers(0, 80), st.booleans())
def test_parts_in_any_order_give_the_whole(several: list[Step], cut: int, is_reversed: bool) -> None:
    one, other = filled(several[:cut]), filled(several[cut:])
    other.shift(len(several[:cut]))
    merged, left = (other, one) if is_reversed else (one, other)
    merged.update(left)
    assert plain(merged) == plain(filled(several))


def test_a_failure_goes_with_an_exception_of_the_same_or_the_next_second() -> None:
    facts = filled([(10.9, "KeyError"), (11.1, ""), (13.5, ""), (9.2, "")])
    assert (facts.beside.failed, facts.beside.with_each()) == (3, {"KeyError": (2, 0)})


def test_a_failure_goes_with_an_exception_of_the_second_in_which_it_was_sent() -> None:
    facts = filled([(10.9, "KeyError"), (40.8, ""), (43.0, "")])
    assert facts.beside.with_each() == {"KeyError": (0, 1)}
    assert facts.beside.sent_before(11.0) == 1


def test_the_last_exception_is_the_youngest_whichever_line_came_first() -> None:
    facts = filled([(20, "KeyError"), (30, "IOError"), (25, "KeyError")])
    assert facts.last is not None
    assert (facts.last.kind, facts.newest["KeyError"].message) == ("IOError", "at 25")


@pytest.mark.parametrize("n", [20, MOST_CLASSES, MOST_CLASSES + 1, 40_000])
def test_classes_are_bounded_each_of_another_name_and_claim_nothing_once_there_are_too_many(n: int) -> None:
    raised = [Raised(at * 0.4, at, f"E{at * 7919 % n}Error", "") for at in range(n)]
    whole, parts = Beside(), [Beside() for _ in range(3)]
    for place, each in enumerate(raised):
        whole.add_failure(each.seconds, each.seconds)
        whole.add_exceptions([each])
        parts[place % 3].add_failure(each.seconds, each.seconds)
        parts[place % 3].add_exceptions([each])
        assert whole.n_classes == sum(map(len, whole.classes.values())) <= MOST_CLASSES
    while len(parts) > 1:
        parts[0].update(parts.pop())
    assert plain(parts[0]) == plain(whole)
    assert bool(whole.with_each()) == (n <= MOST_CLASSES)


def test_cells_are_bounded_and_claim_nothing_once_they_are_wide() -> None:
    add: list[Callable[[Beside, float], None]] = [
        lambda beside, at: beside.add_failure(at, at),
        lambda beside, at: beside.add_exceptions([Raised(at, 1, "KeyError", "")]),
    ]
    beside = Beside()
    for second in range(20_000):
        add[second % 2](beside, float(second))
        assert max(len(beside.requests), len(beside.classes)) <= MOST_CELLS
    assert beside.width > WIDEST_CELL
    assert (beside.failed, beside.with_each()) == (10_000, {})
