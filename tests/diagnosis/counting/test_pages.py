"""A page is counted whole, however many paths it has and in whatever parts they are counted."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest

from herodyno.diagnosis.counting.folded_names import FoldedNames
from herodyno.diagnosis.counting.pages import PathTally, page_of


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/orders/17/items/9", "/orders/*/items/*"), ("/a/0d42aa6e-1f6e-4c0a-9b4e-0123456789ab", "/a/*"),
        ("/v2/feed", "/v2/feed"), ("/17", "/17"), ("/", "/"), ("", ""), ("/orders/17x", "/orders/17x"),
    ],
)  # fmt: skip
def test_a_path_without_its_numbers_is_its_page(path: str, page: str) -> None:
    assert page_of(path) == page


def test_folded_paths_are_counted_by_page() -> None:
    parts = [PathTally(most=10) for _ in range(3)]
    for number in range(3000):
        parts[number % 2].add(f"/orders/{number}")
        parts[number % 3].add(f"/{number}")
    parts[2].fold({"/orders/7": 5, "/strange\npath/8": 1})
    whole = PathTally(most=10)
    for part in parts:
        assert len(part.counts) <= 20
        whole.update(pickle.loads(pickle.dumps(part)))
    assert whole.by_page()["/orders/*"] == 3005
    assert whole.total == 6006
    assert whole["/orders/*"] == 0


def pages_of(paths: Iterable[str], parts: int = 1) -> Counter[str]:
    tallies = [PathTally(most=10) for _ in range(parts)]
    for number, path in enumerate(paths):
        tallies[number % parts].add(path)
    whole = PathTally(most=10)
    for tally in tallies:
        whole.update(tally)
        assert len(whole._folded_pages) <= 200
    assert len(whole.by_page()) <= 100
    assert whole.total == sum(tally.total for tally in tallies)
    return whole.by_page()


def test_pages_are_bounded_and_a_kept_page_is_counted_whole_in_any_order() -> None:
    paths = [f"/page-{number % 1000}/{number}" for number in range(2000)]
    paths += [f"/posts-{number % 500}" for number in range(1000)]
    paths += [f"/orders/{number}" for number in range(40)] + [""]
    found = pages_of(paths)
    assert found["/orders/*"] == 40
    assert set(found.values()) == {40, 2}
    random = Random(1)
    for parts in (1, 2, 30):
        random.shuffle(paths)
        assert pages_of(paths, parts) == found


def test_what_is_not_kept_is_not_told() -> None:
    tally = PathTally(most=10)
    for number in range(100, 199):
        tally.fold({f"/page-{number}/1": 1})
    assert (tally.of_page("/orders/*"), tally.of_page("/page-900/*")) == (0, 0)
    tally.fold({f"/page-{number}/1": 1 for number in range(199, 400)})
    assert (tally.of_page("/page-199/*"), tally.of_page("/orders/*")) == (1, 0)
    assert (tally.of_page("/page-200/*"), tally.of_page("/page-900/*"), tally.of_page("/help")) == (None, None, None)


def test_a_folded_path_came_no_more_often_than_its_page_and_a_page_of_one_path_exactly_so_often() -> None:
    tally = PathTally(most=10, folded=FoldedNames())
    tally.add_each(["/orders/17"] * 30 + ["/items/1"] * 20)
    assert (tally.at_most("/orders/17"), tally.at_most("/orders/99")) == ((30, True), (0, True))
    tally.fold({"/orders/99": 2, "/help": 1})
    assert (tally.at_most("/orders/17"), tally.at_most("/orders/99")) == ((30, False), (2, False))
    assert (tally.at_most("/help"), tally.at_most("/about")) == ((1, True), (0, True))
    without = PathTally(most=10)
    without.fold({f"/orders/{n}": 1 for n in range(9)} | {"/help": 1})
    assert (without.at_most("/orders/3"), without.at_most("/items/3"), without.at_most("/help")) == (
        (9, False), (0, False), (1, True),
    )  # fmt: skip


def test_of_folded_paths_the_pages_are_told_whole_and_of_others_the_paths() -> None:
    few, many, too_many = (PathTally(most=10, most_pages=30) for _ in range(3))
    few.add_each([f"/orders/{number}" for number in range(19)] + ["/orders/7", "/help"])
    many.add_each([f"/orders/{number}" for number in range(21)] + ["/help"] * 9)
    too_many.add_each([f"/page-{number}" for number in range(61)] + ["/help"] * 9)
    assert few.top_whole(2) == (("/orders/7", 2), ("/help", 1))
    assert many.top_whole(2) == (("/orders/*", 21), ("/help", 9))
    assert too_many.top_whole(1) == (("/help", 9),)
