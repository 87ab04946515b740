"""Rows of apps: kept until the log ends, cut where they are long, left out where there are too many."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting import printed
from herodyno.diagnosis.counting.printed_rows import PrintedRows
from herodyno.diagnosis.counting.segments import Segment
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.decoding.lines import Year
from herodyno.logs.scan.scanner import Scanner
from tests.diagnosis.reading import stamp

YEAR: Year = 2026


def rows_of(text: str) -> tuple[PrintedRows, Scanner, Segment, Unassigned]:
    unassigned, segment, scanner = Unassigned(), Segment(), Scanner(year=YEAR)
    rows = PrintedRows(unassigned)
    segments = {b"web.1": segment}
    rows.add(scanner.block(text.encode()).plain, scanner.stamps, segments, segments)
    return rows, scanner, segment, unassigned


def test_a_row_is_counted_with_its_words_and_its_example() -> None:
    text = "".join(f"{stamp(at)} app[web.1]: level=info took {at}ms\n" for at in (3, 4, 12))
    rows, scanner, segment, unassigned = rows_of(text + f"{stamp(13)} app[postgres.1]: level=info no dyno\n")
    assert segment.incarnation.patterns.found == {}
    rows.count(scanner.stamps)
    ((kind, words),) = segment.incarnation.patterns.found
    (found,) = segment.incarnation.patterns.found.values()
    assert (kind, words) == ("line", ("level=info", "took", "<n>ms"))
    assert (found.n, found.events) == (3, 2)
    assert found.example is not None
    assert found.example.text in ("level=info took 3ms", "level=info took 12ms")
    assert sum(unassigned.facts.printed_ranks.values()) == 3


def test_of_a_long_row_as_much_is_kept_as_is_masked() -> None:
    rows, *_ = rows_of(f"{stamp(1)} app[web.1]: level=info {'é' * 400_000}\n" * 30)
    assert sum(len(run.lines) for run in rows._runs) < 30 * 2_000


def test_where_there_are_too_many_rows_slots_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "MOST_LOOKED_AT", 40)
    text = "".join(f"{stamp(at)} app[web.1]: level=info done\n" for at in range(1, 1000))
    rows, scanner, segment, unassigned = rows_of(text)
    rows.leave_out()
    rows.count(scanner.stamps)
    looked_at = sum(segment.incarnation.patterns.lines.values())
    assert 15 < looked_at <= 40
    assert rows.least == unassigned.facts.least_printed_rank > 0
