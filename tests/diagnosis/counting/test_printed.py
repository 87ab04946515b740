"""What incarnations printed: events, lines and examples, the same in any order, and few slots of very many lines."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest

from herodyno.diagnosis.counting import printed
from herodyno.diagnosis.counting.printed import PrintedFacts, joined, least_rank, rank_of, slot_of
from herodyno.logs.patterns.masks import masked
from tests.diagnosis.plain_values import plain

ALL = [(0.0, 1e9)]


def facts_of(lines: list[tuple[float, int, str]]) -> PrintedFacts:
    facts = PrintedFacts()
    for seconds, number, text in lines:
        facts.add("line", masked(text), seconds, number, text)
    return facts


def test_a_burst_within_a_slot_is_one_event_of_several_lines() -> None:
    facts = facts_of([(100.0, 1, "pool of 3 empty"), (101.0, 2, "pool of 4 empty"), (109.0, 3, "pool of 5 empty")])
    (template,) = joined({("web.1", 0): facts})
    found = template.of["web.1", 0]
    assert (template.template, template.kind, template.process_type) == ("pool of <n> empty", "line", "web")
    assert (found.n, found.events, found.first) == (3, 2, 100.0)
    assert found.example is not None
    assert found.example.text in ("pool of 3 empty", "pool of 5 empty")


def test_what_is_counted_within_spans_begins_within_them() -> None:
    facts = facts_of([(float(at), at, "a line") for at in range(0, 100, 5)])
    (template,) = joined({("web.1", 0): facts})
    found = template.of["web.1", 0]
    spans = [(50.0, 60.0), (0.0, 11.0), (52.0, 56.0)]
    assert found.events_within(spans) == found.lines_within(spans) == facts.lines_within(spans) == 5
    assert found.events_within(ALL) == 20
    assert found.events_within([]) == 0


def test_dynos_share_templates_and_process_types_do_not() -> None:
    lines = [[(5.0, 1, f"cannot reach {letter}x at once")] for letter in "abcdefghijklmnopqrstu"]
    lives = {(f"web.{number}", 0): facts_of(own) for number, own in enumerate(lines)}
    lives["worker.1", 0] = facts_of([(5.0, 1, "cannot reach ax at once")])
    assert [(each.template, each.process_type, len(each.of)) for each in joined(lives)] == [
        ("cannot reach <*> at once", "web", 21),
        ("cannot reach ax at once", "worker", 1),
    ]


def test_joining_leaves_the_facts_as_they_are() -> None:
    lives = {("web.1", 0): facts_of([(float(at), at, f"user {at}x is here") for at in range(40)])}
    before = plain(lives)
    first = plain(joined(lives))
    assert plain(lives) == before
    assert plain(joined(lives)) == first


@pytest.mark.parametrize("most", [10, 100, 10_000])
def test_any_order_and_parts_leave_out_the_same_slots(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "MOST_LOOKED_AT", most)
    dice = random.Random(most)
    lines = [(dice.uniform(0, 5000), number, f"job {dice.choice('abc')} took {number}") for number in range(900)]
    rank = least_rank(Counter(rank_of(slot_of(seconds)) for seconds, _, _ in lines))
    whole = facts_of(lines)
    whole.leave_out(rank)
    assert sum(whole.lines.values()) <= most
    for parts in (2, 5):
        dice.shuffle(lines)
        halves = [facts_of(lines[at::parts]) for at in range(parts)]
        for at, half in enumerate(halves):
            half.leave_out(min(at, rank))  # a part of few lines leaves out less
        for half in halves[1:]:
            halves[0].update(half)
        halves[0].leave_out(rank)
        assert plain(halves[0]) == plain(whole)


@pytest.mark.parametrize("rank", [0, 1, 7, 20])
def test_the_slots_below_a_rank_are_left_out_and_no_other(rank: int) -> None:
    slots = range(5000)
    printed = facts_of([(slot * 5.0, slot, "job done") for slot in slots])
    printed.leave_out(rank)
    kept = [slot for slot in slots if rank_of(slot) >= rank]
    assert list(printed.lines) == kept
    assert [list(found.slots) for found in printed.found.values()] == [kept]
    assert 0 in kept  # a slot of the highest rank


def test_each_rank_has_half_the_slots_of_the_one_before_spread_over_time() -> None:
    ranks = Counter(map(rank_of, range(350_000_000, 350_000_000 + 4096)))
    assert [ranks[rank] for rank in range(5)] == pytest.approx([2048, 1024, 512, 256, 128], abs=9)
    looked_at = [slot for slot in range(350_000_000, 350_000_000 + 4096) if rank_of(slot) >= 3]
    assert max(b - a for a, b in pairwise(looked_at)) <= 21
