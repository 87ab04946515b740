"""Templates: the same for the same lines, in any order and merged from any parts; few, whatever the lines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from herodyno.logs.patterns.masks import masked
from herodyno.logs.patterns.templates import MOST_ALIKE, MOST_CHILDREN, MOST_PATHS, Templates, Words

WORDS = ["user", "logged", "in", "from", "job", "done", "a=1", "a=2", "b=x", "<n>", "[<id>]", "--"]


def counted(lines: Iterable[Words]) -> Templates[Counter[str]]:
    table: Templates[Counter[str]] = Templates(Counter)
    for words in lines:
        table.at(words)["lines"] += 1
    return table


def shown(table: Templates[Counter[str]]) -> dict[str, int]:
    found = [(" ".join(words), count["lines"]) for words, count in table]
    assert found == [(" ".join(words), count["lines"]) for words, count in table], "asking changes nothing"
    assert len(dict(found)) == len(found)
    return dict(found)


def merged(parts: Sequence[Iterable[Words]]) -> dict[str, int]:
    tables = [counted(part) for part in parts]
    while len(tables) > 1:
        tables[0].update(tables.pop(random.randrange(1, len(tables))))
    return shown(tables[0])


def made_up(seed: int) -> list[Words]:
    """Lines whose words come from few or from very many, so that each bound is met in some of them."""
    dice = random.Random(seed)
    many = [*WORDS, *(f"w{number}" for number in range(dice.choice([1, 20, 400])))]
    places = [dice.sample(many, dice.choice([1, 2, 9, min(17, len(many)), len(many)])) for _ in range(6)]
    size = dice.choice([30, 300, 1500])
    return [tuple(dice.choice(place) for place in places[: dice.choice([0, 1, 2, 5, 6])]) for _ in range(size)]


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_any_parts_give_the_same_templates(seed: int) -> None:
    lines = made_up(seed)
    expected = shown(counted(lines))
    dice = random.Random(-seed)
    for parts in (1, 2, 7):
        dice.shuffle(lines)
        assert merged([lines[at::parts] for at in range(parts)]) == expected
    assert sum(expected.values()) == len(lines)


def test_the_bounds_are_met_in_the_lines_made_up() -> None:
    tables = [counted(made_up(seed)) for seed in range(12)]
    groups = [group for table in tables for group in table._groups.values()]
    assert any(group.is_varied and group.wild for group in groups)
    assert any(not group.is_varied and "<*>" in " ".join(words) for group in groups for words, _ in group)


def test_few_lines_of_one_beginning_stay_as_they_are() -> None:
    lines = [masked(f"cannot connect to {name} now") for name in ("redis", "postgres")]
    assert shown(counted(lines)) == {"cannot connect to redis now": 1, "cannot connect to postgres now": 1}


def test_many_lines_of_one_beginning_are_one_template() -> None:
    names = [f"{letter}nn" for letter in "abcdefghijklmnopq"]
    assert len(names) > MOST_ALIKE
    lines = [masked(f"cannot connect to {name} as role={name}") for name in names]
    assert shown(counted(lines)) == {"cannot connect to <*> as role=<*>": len(names)}


def test_a_line_stays_apart_among_very_many_that_begin_with_names() -> None:
    names = [f"{a}{b}{c}" for a in "abcdefgh" for b in "ijklmnop" for c in "qrst"]
    assert len(names) > MOST_PATHS > max(MOST_CHILDREN)
    lines = [masked(f"{name} has logged in from home") for name in names] + [masked("pool of connections is all empty")]
    assert shown(counted(lines)) == {"<*> has logged in from home": len(names), "pool of connections is all empty": 1}


def test_the_number_of_templates_is_bounded_whatever_the_lines() -> None:
    dice = random.Random(5)
    table = counted(tuple("".join(dice.choices("abcdefgh", k=5)) for _ in range(5)) for _ in range(6000))
    assert len(list(table)) <= MOST_PATHS
