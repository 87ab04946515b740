"""Bursts by path in columns are those that a Spans for each path would have."""

from __future__ import annotations

import itertools
import pickle
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.errors import path_bursts
from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.errors.path_bursts import PathBursts

errors = st.lists(st.tuples(st.sampled_from(("H12", "5xx")), st.sampled_from("abc"), st.integers(0, 200)), max_size=80)


def seen(*rows: tuple[str, str, float]) -> PathBursts:
    bursts = PathBursts()
    if rows:
        bursts.add_all(*zip(*rows, strict=True))
    return bursts


@given(errors)
def test_each_path_has_the_spans_of_its_errors_in_any_order(rows: list[tuple[str, str, float]]) -> None:
    expected: dict[tuple[str, str], Spans] = {}
    for family, path, at in rows:
        expected.setdefault((family, path), Spans()).add(at)

    bursts = seen(*rows)

    assert bursts.by_path() == {key: list(spans) for key, spans in expected.items()}
    assert sorted(bursts) == sorted(span for spans in expected.values() for span in spans)
    assert bursts.events() == sum(spans.events() for spans in expected.values())


@given(errors, st.integers(0, 80), st.booleans())
def test_parts_merge_to_the_whole(rows: list[tuple[str, str, float]], cut: int, is_pickled: bool) -> None:
    one, two = seen(*rows[:cut]), seen(*rows[cut:])

    one.update(pickle.loads(pickle.dumps(two)) if is_pickled else two)

    assert one.by_path() == seen(*rows).by_path()


def test_beyond_a_number_of_paths_the_others_of_a_family_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_bursts, "MOST_PATHS_IN_BURSTS", 2)

    bursts = seen(("H12", "a", 0), ("5xx", "a", 1), ("5xx", "b", 2), ("5xx", "c", 20), ("H12", "a", 40), ("H1", "d", 5))

    assert bursts.by_path() == {
        ("H12", "a"): [(0, 0), (40, 40)],
        ("5xx", "a"): [(1, 1)],
        ("5xx", ""): [(2, 2), (20, 20)],
        ("H1", ""): [(5, 5)],
    }


paths = st.sampled_from(["", *"abcdefgh", "aa", "ca"])
many = st.lists(st.tuples(st.sampled_from(("H12", "5xx")), paths, st.integers(0, 99)))


@given(many, st.randoms(use_true_random=False), st.lists(st.integers(1, 9), min_size=1))
def test_no_order_and_no_part_changes_which_paths_are_apart(
    rows: list[tuple[str, str, float]], random: Random, sizes: list[int]
) -> None:
    """By the rule itself: the shortest three of all paths, whatever came when."""
    apart = sorted({(len(path), path, family) for family, path, _ in rows if path})[:3]
    expected: dict[tuple[str, str], Spans] = {}
    for family, path, at in rows:
        expected.setdefault((family, path if (len(path), path, family) in apart else ""), Spans()).add(at)
    random.shuffle(rows)
    whole, parts = PathBursts(), [PathBursts()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path_bursts, "MOST_PATHS_IN_BURSTS", 3)
        for size in itertools.cycle(sizes):
            if not rows:
                break
            some, rows = rows[:size], rows[size:]
            whole.add_all(*zip(*some, strict=True))
            parts[-1].add_all(*zip(*some, strict=True))
            parts.extend([PathBursts()] if random.random() < 0.3 else [])
        random.shuffle(parts)
        merged = PathBursts()
        for part in parts:
            merged.update(part)

        assert whole.by_path() == merged.by_path() == {key: list(spans) for key, spans in expected.items()}


def test_paths_without_end_take_no_more_room_than_those_that_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_bursts, "MOST_PATHS_IN_BURSTS", 10)
    bursts = PathBursts()
    sizes = []
    for number in range(3000, 0, -1):  # each is before all that came
        bursts.add_all(["H12"], [f"/{number:04}"], [float(number)])
        sizes.append(len(pickle.dumps(bursts)))

    assert max(sizes[1000:]) <= max(sizes[:1000])
    assert list(bursts.by_path()) == [("H12", ""), *(("H12", f"/{number:04}") for number in range(10, 0, -1))]


def test_a_path_takes_places_in_columns_and_no_object_of_its_own() -> None:
    paths = [f"/orders/{number}" for number in range(900)]
    bursts = PathBursts()
    for hour in range(3):
        bursts.add_all(["H12"] * 900, paths, [hour * 3600.0] * 900)

    assert bursts.events() == 2700
    assert len(pickle.dumps(bursts)) < sum(map(len, paths)) + 900 * 16 + 2700 * 24


def test_errors_without_an_end_take_no_more_room_than_their_bursts() -> None:
    bursts = PathBursts()
    for second in range(20_000):
        bursts.add_all(["H12"], ["/"], [float(second)])

    assert list(bursts) == [(0.0, 19_999.0)]
    assert len(pickle.dumps(bursts)) < 1000


def test_no_errors_are_no_bursts() -> None:
    assert (list(PathBursts()), PathBursts().events(), PathBursts().by_path()) == ([], 0, {})
