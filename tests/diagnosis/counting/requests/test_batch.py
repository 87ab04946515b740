"""Good requests count the same in any portions, and what waits is bounded."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from random import Random
from typing import Any

import pytest

from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.requests import batch
from herodyno.diagnosis.counting.requests.batch import PendingRequests
from herodyno.diagnosis.counting.segments import Segment
from herodyno.diagnosis.counting.tallies import MOST_NAMES
from herodyno.logs.scan.columns import Requests
from herodyno.logs.scan.stamps import Stamps
from tests.diagnosis.plain_values import plain


def requests(chance: Random, n: int) -> Requests:
    stamps = sorted(f"2026-03-02T1{chance.randint(0, 9)}:0{chance.randint(0, 9)}:07.000000" for _ in range(n))
    pick = chance.choice
    rows = [
        (
            stamp,
            pick(("GET", "POST")),
            pick(("/", "/caf\u00e9", "", "/x" * 300, f"/{chance.randint(1, 99)}")),
            pick(("a.example", "")),
            pick(("192.0.2.7", "192.0.2.7, 10.0.0.1", "", " ")),
            pick(("web.1", "web.2", "worker.1")),
            str(chance.randint(0, 9000)),
            pick(("200", "404")),
        )
        for stamp in stamps
    ]
    fields = ("stamps", "methods", "paths", "hosts", "fwds", "dynos", "services", "statuses")
    columns = dict(zip(fields, map(list, zip(*rows, strict=True)), strict=True))
    return Requests(**{field: [value.encode() for value in columns[field]] for field in Requests._fields})


def counts(parts: list[Requests], *, at_once: bool = True) -> tuple[Facts, dict[bytes, Segment]]:
    pending, facts, stamps = PendingRequests(), Facts(), Stamps()
    segments: defaultdict[bytes, Segment] = defaultdict(Segment)
    for part in parts:
        pending.add(part, stamps)
        if pending.is_enough or not at_once:
            pending.count(segments, facts, stamps)
    pending.count(segments, facts, stamps)
    pending.count(segments, facts, stamps)  # nothing is left
    return facts, segments


def counted(parts: list[Requests], *, at_once: bool = True) -> Any:
    facts, segments = counts(parts, at_once=at_once)
    return plain(facts), {dyno: plain(segment) for dyno, segment in segments.items()}


@pytest.mark.parametrize("enough", [0, 10, 5000])
def test_any_portions_count_the_same(enough: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [requests(Random(seed), 40 * seed) for seed in range(1, 12)]
    expected = counted([Requests(*(list(chain(*columns)) for columns in zip(*parts, strict=True)))])
    assert expected[1][b"web.1"]["incarnation"]["requests"] > 800
    monkeypatch.setattr(batch, "ENOUGH", enough)
    assert counted(parts) == expected
    assert counted(parts, at_once=False) == expected
    monkeypatch.setattr(batch, "MOST_COUNTED", 300)
    assert counted(parts) == expected


def test_a_client_is_the_first_address_and_a_path_is_cut() -> None:
    _, segments = counted([requests(Random(1), 300)])
    facts = segments[b"web.1"]["incarnation"]
    assert facts["clients"]["counts"].keys() == {"192.0.2.7"}
    assert max(map(len, facts["paths"]["counts"])) == 200
    assert facts["paths"]["counts"][""] > 0


@pytest.mark.parametrize("field", ["paths", "hosts", "fwds"])
def test_long_names_are_counted_earlier(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pending, long = PendingRequests(), requests(Random(2), 1)
    monkeypatch.setattr(batch, "MOST_NAME_BYTES", 10_000)
    getattr(long, field)[0] = b"/" + b"x" * 6000
    pending.add(long, Stamps())
    assert not pending.is_enough
    pending.add(long, Stamps())
    assert pending.is_enough


def test_of_too_many_paths_the_most_frequent_of_each_count_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = requests(Random(3), 9)
    paths = [b"/a", b"/b", b"/b", b"/c", b"/d", b"/e", b"/c", b"/f", b"/d"]
    rows = rows._replace(dynos=[b"web.1"] * 9, paths=paths, fwds=[b"192.0.2.7"] * 9)
    monkeypatch.setattr(batch, "MOST_NAMES", 2)
    facts, segments = counts([rows])
    own = segments[b"web.1"].incarnation
    assert own.paths.counts == {"/b": 2, "/c": 2}  # "/d" ties, and was met later
    assert (own.paths.other, own.clients.other, own.requests) == (5, 0, 9)
    assert facts.shared.good["path"]["/d"] == 2


def test_what_is_kept_of_a_dyno_does_not_grow_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many requests, each with a path of its own."""
    monkeypatch.setattr(batch, "MOST_COUNTED", 1500)
    sizes = []
    for n in (6000, 12_000):
        rows = requests(Random(4), n)
        rows = rows._replace(dynos=[b"web.1"] * n, paths=[b"/%d" % place for place in range(n)])
        parts = [Requests(*(column[at : at + 500] for column in rows)) for at in range(0, n, 500)]
        own = counts(parts)[1][b"web.1"].incarnation
        assert own.paths.total == n
        sizes.append(len(own.paths.counts))
    assert max(sizes) <= 4 * MOST_NAMES
