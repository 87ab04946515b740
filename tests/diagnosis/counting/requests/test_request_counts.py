"""Rows wait dyno by dyno, each name once, in the order of the log."""

from __future__ import annotations

from herodyno.diagnosis.counting.requests.request_counts import RequestCounts, request_rows
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.held import Frequent, Places
from herodyno.logs.scan.stamps import Stamps


def rows(*told: tuple[str, str, str]) -> Requests:
    """Requests of (second of noon, dyno, path)."""
    columns = [[each.encode() for each in column] for column in zip(*told, strict=True)]
    n = len(told)
    return Requests(
        stamps=[b"2026-03-02T12:00:%s.000000" % second for second in columns[0]],
        methods=[b"GET"] * n,
        paths=columns[2],
        hosts=[b"a.example"] * n,
        fwds=[b"192.0.2.%d" % place for place in range(n)],
        dynos=columns[1],
        services=[b"%d" % (place % 2) for place in range(n)],
        statuses=[b"200"] * n,
    )


def test_rows_of_two_times_are_told_dyno_by_dyno() -> None:
    counts = RequestCounts()
    assert not counts
    counts.add(request_rows(rows(("01", "web.2", "/a"), ("02", "web.1", "/b"), ("31", "web.1", "/a")), Stamps()))
    counts.add(request_rows(rows(("32", "web.1", "/c"), ("33", "web.1", "/a")), Stamps()))
    assert counts
    names = counts.names()
    assert (names.paths, list(names.of_paths)) == (b"/a\n/b\n/c", [3, 1, 1])
    assert (names.fwds.count(b"\n"), list(names.of_fwds)) == (2, [2, 2, 1])
    assert (list(names.services), names.statuses) == ([b"0", b"1"], {b"200": 5})
    first, second = counts.take_by_dyno(Places([0, 1, 2], [0, -1, 2], [0, 1], b"\x07\x09"), 400)
    assert (first.dyno, second.dyno) == (b"web.1", b"web.2")
    assert list(first.of_cells) == [1, 1, 2]
    assert first.cells[2] == first.cells[1] == first.cells[0] + 1
    assert first.steps == b"\x09\x07\x07\x09"
    assert first.paths == Frequent([1, 0, 2], [1, 2, 1], 0)
    assert first.clients == Frequent([2, 0], [1, 1], 0)  # the client at -1 is none
    assert first.services == Frequent([1, 0], [2, 2], 0)


def test_of_more_than_twice_so_many_paths_the_most_frequent_are_told() -> None:
    paths = ("/a", "/b", "/b", "/c", "/d", "/e", "/c", "/d")
    for most, told in ((2, Frequent([1, 2], [2, 2], 4)), (3, Frequent([0, 1, 2, 3, 4], [1, 2, 2, 2, 1], 0))):
        counts = RequestCounts()
        counts.add(request_rows(rows(*(("01", "web.1", path) for path in paths)), Stamps()))
        (own,) = counts.take_by_dyno(Places(range(5), [-1] * 8, [0, 0], b"\x07\x07"), most)
        assert own.paths == told
        assert own.clients == Frequent([], [], 0)
