"""Paging by Range: what a page shows, where the next page begins, what is refused."""

from __future__ import annotations

import pytest

from herodyno.sandbox.api.paging import page
from herodyno.sandbox.world.resources import Refused

RELEASES = [{"version": version, "id": f"id-{version:04d}"} for version in range(1, 501)]


def versions(asked: str) -> list[int]:
    return [item["version"] for item in page(RELEASES, ("version", "id"), asked)[0]]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", list(range(1, 201))),
        ("version ..; max=3", [1, 2, 3]),
        ("version ..; max=3;", [1, 2, 3]),
        ("version ..; order=desc, max=1", [500]),
        ("version ..; max=2, order=desc", [500, 499]),
        ("version 9..; max=2", [9, 10]),
        ("version ]9..; max=2", [10, 11]),
        ("]9..; max=2", [10, 11]),
        ("version 9..11", [9, 10, 11]),
        ("version ]11..9; order=desc", [10, 9]),
        ("id ]id-0498..", [499, 500]),
        ("version 600..", []),
    ],
)
def test_a_range_shows(asked: str, shown: list[int]) -> None:
    assert versions(asked) == shown


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("size", [1, 7, 200, 250, 1000])
def test_following_next_range_sees_everything_once(order: str, size: int) -> None:
    seen: list[int] = []
    asked = f"version ..; order={order}, max={size}"
    while asked:
        items, headers = page(RELEASES, ("version", "id"), asked)
        seen += [item["version"] for item in items]
        assert headers["Content-Range"].startswith(f"version {items[0]['version']}..{items[-1]['version']}")
        asked = headers.get("Next-Range", "")
    assert seen == sorted(seen, reverse=order == "desc")
    assert len(seen) == 500


def test_a_value_may_hold_dots() -> None:
    dynos = [{"name": name} for name in ("web.1", "web.2", "web.3")]
    shown, headers = page(dynos, ("name",), "name ..; max=2")
    assert headers["Next-Range"] == "name ]web.2..; max=2"
    assert page(dynos, ("name",), headers["Next-Range"])[0] == [{"name": "web.3"}]
    assert len(shown) == 2


@pytest.mark.parametrize(
    "asked", ["nonsense", "colour ..", "version ..; max=0", "version ..; max=1001", "version ..; max=x", "id ..; by=2"]
)
def test_what_cannot_be_satisfied_is_416(asked: str) -> None:
    with pytest.raises(Refused) as refused:
        page(RELEASES, ("version", "id"), asked)
    assert refused.value.status == 416


def test_an_empty_list_says_what_it_could_be_sorted_by() -> None:
    assert page([], ("id", "name"), "") == ([], {"Accept-Ranges": "id, name"})
