"""First and last sights of dynos in rows are those that counting the rows would give."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.selection.sights import Sights
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan.scanner import Scanner
from tests.diagnosis.oracle import seen_in
from tests.diagnosis.plain_values import plain
from tests.diagnosis.reading import request, sample, stamp

AN_ID = "8c1d7a55-0000-4000-8000-000000000001"
LINES = [
    f"{stamp(5)} app[worker.1]: hello\n",
    f"{stamp(5)} app[api]: Release v2 created\n",
    request(6, "web.1", service=2_000),
    request(40, "web.1", service=39_000),
    request(41, "web.2", code="H12", status=503, service=30_000),
    sample(42, "web.3", AN_ID, 100.0),
    f"{stamp(43)} heroku[web.4]: Error R14 (Memory quota exceeded)\n",
    request(44, "web.2"),
    request(150, "web.1", service=99_000),
]


@pytest.mark.parametrize("slot_seconds", [0, 5])
@pytest.mark.parametrize("in_block", [1, 3, 20])
@pytest.mark.parametrize("order", [1, -1])
def test_rows_that_do_not_count_show_when_each_dyno_was_first_and_last_seen(
    slot_seconds: int, in_block: int, order: int
) -> None:
    lines = LINES[::order]
    sights, boundaries, scanner = Sights(), Boundaries(), Scanner(year=2026, slot_seconds=slot_seconds)
    for at in range(0, len(lines), in_block):
        block = scanner.block("".join(lines[at : at + in_block]).encode())
        for event in block.events:
            boundaries.add(event)
        if block.rows:
            sights.add(block, scanner.stamps, scanner.stamps.seconds(block.earliest))

    sights.tell(boundaries, scanner.stamps)

    expected = seen_in(read_events(["".join(lines).encode()], year=2026))
    assert plain(boundaries.names) == plain(expected.names)
    assert plain(boundaries.ids) == plain(expected.ids)


def test_nothing_seen_tells_nothing() -> None:
    boundaries = Boundaries()
    Sights().tell(boundaries, Scanner(year=2026).stamps)
    assert plain(boundaries) == plain(Boundaries())
