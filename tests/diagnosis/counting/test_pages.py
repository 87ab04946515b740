"""A page is counted whole, however many paths it has and in whatever parts they are counted."""

from __future__ import annotations

import pickle

import pytest

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


def test_pages_are_bounded_and_the_frequent_stay() -> None:
    tally = PathTally(most=10)
    for number in range(3000):
        tally.add(f"/page-{number}/{number}")
        tally.add(f"/orders/{number}")
    assert len(tally.by_page()) <= 40
    assert tally.by_page()["/orders/*"] == 3000
    assert tally.total == 6000
