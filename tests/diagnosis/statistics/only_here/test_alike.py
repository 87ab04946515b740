"""Lines that differ in a word or two are one kind, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from herodyno.diagnosis.counting.printed import Joined, PrintedFacts, joined
from herodyno.diagnosis.statistics.only_here.alike import kinds_of
from herodyno.logs.patterns.masks import masked

NAMES, TOWNS = ("amara", "bo", "chidi", "emre", "freya"), ("Bergen", "Cadiz", "Evora", "Faro")
SESSIONS = [f"session of {name} in {town} not found in the store, started anew" for name in NAMES for town in TOWNS]


def lines(texts: Iterable[str]) -> list[Joined]:
    facts = PrintedFacts()
    for place, text in enumerate(texts):
        facts.add("line", masked(text), 60.0 * place, place, text)
    return joined({("web.1", 0): facts})


def test_names_that_vary_make_one_kind_with_all_its_events() -> None:
    (kind,) = kinds_of(lines([*SESSIONS, "mail sent"]))
    assert kind.template == "session of <*> in <*> not found in the store, started anew"
    assert kind.of["web.1", 0].events == len(SESSIONS)


def test_the_order_of_the_lines_does_not_matter() -> None:
    mixed = lines([*SESSIONS, *(f"GET /{path} done in 7 ms" for path in ("a", "b", "c"))])
    expected = [kind.template for kind in kinds_of(mixed)]
    for seed in range(5):
        Random(seed).shuffle(mixed)
        assert sorted(kind.template for kind in kinds_of(mixed)) == sorted(expected)


def test_short_lines_and_lines_of_other_words_stay_apart() -> None:
    assert (
        kinds_of(lines(["cache is full", "disk is full", "one two three four five", "six seven eight nine ten"])) == []
    )


def test_what_makes_a_kind_leaves_its_templates_as_they_are() -> None:
    before = lines(SESSIONS)
    kinds_of(before)
    assert [each.of["web.1", 0].events for each in before] == [1] * len(SESSIONS)
