"""The series of a report: no request and no error is lost in them, gaps stay gaps, and cells are never too many."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.series import EMPTY
from herodyno.diagnosis.sections import series
from tests.diagnosis.reading import judged, log, sample, stamp
from tests.diagnosis.traffic import NEW, OLD, errors, restart, traffic


def cells(found: Diagnosis) -> int:
    """The cells of all incarnations together."""
    return sum(len(row.series.requests) for row in found.incarnations)


def incident() -> Diagnosis:
    """Four dynos for six minutes. web.2 fails 25 requests, and is restarted."""
    return judged(traffic(4, 300) + errors("web.2", 25, seconds=180) + restart(200, "web.2"))


def test_each_request_and_each_error_stands_in_one_cell() -> None:
    found = incident()
    for row in found.incarnations:
        assert (sum(row.series.requests), sum(row.series.errors)) == (row.requests.n, row.errors.n)
        assert sum(good + failed for _, good, failed in row.series.service) == row.requests.n - row.requests.websockets
    assert found.clock is not None
    assert max(row.series.first + len(row.series.requests) for row in found.incarnations) == found.clock.cells


def test_a_restart_is_the_end_of_one_series_and_the_beginning_of_another() -> None:
    old, new = (next(row for row in incident().incarnations if row.id == one) for one in (OLD, NEW))
    assert [level for level in old.series.mb if level] == [300]
    assert [level for level in new.series.mb if level] == [120]
    assert old.series.first + old.series.mb.index(300) < new.series.first + new.series.mb.index(120)


def test_a_cell_keeps_the_highest_and_the_lowest_level_and_one_without_samples_has_none() -> None:
    row = judged("".join(sample(at, "web.1", OLD, mb) for at, mb in ((1, 200), (9, 700), (20, 300), (95, 250))))
    (series_of_web,) = (it.series for it in row.incarnations)
    assert series_of_web.mb == (700, None, None, 250)
    assert series_of_web.low_mb == (200, None, None, 250)


def test_r14_lines_mark_the_cells_they_came_in() -> None:
    lines = [f"{stamp(at)} heroku[web.1]: Error R14 (Memory quota exceeded)\n" for at in (1, 31, 200)]
    (row,) = judged("".join(lines)).incarnations
    assert row.series.r14 == (0, 1, 6)


def test_cells_grow_wider_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = cells(incident())
    monkeypatch.setattr(series, "MOST_CELLS", narrow // 2)
    assert 0 < cells(incident()) <= narrow // 2


def test_errors_whose_lines_name_no_dyno_have_a_series_of_their_own() -> None:
    line = f'{stamp(40)} heroku[router]: at=error code=H10 desc="x" method=GET path="/" host=x fwd="192.0.2.7" dyno= '
    found = judged(f"{line}connect= service= status=503 bytes=\n" + traffic(1, 9))
    assert sum(found.without_dyno.errors) == found.unattributed.errors == 1


def test_a_log_without_a_time_has_no_clock() -> None:
    found = judged("no time here\n")
    assert (found.clock, found.without_dyno) == (None, EMPTY)
    assert judged(log("daily-cycle")).clock is not None


def test_where_dynos_ran_and_no_line_came_is_a_gap_and_where_nobody_asked_is_none() -> None:
    measured = [sample(at, f"web.{n}", f"{OLD[:-1]}{n}", 200) for n in (1, 2) for at in (*range(0, 300, 20), 900, 920)]
    found = judged("".join(measured) + traffic(2, 20, seconds=300.0))
    assert found.clock is not None
    assert found.clock.gaps == ((10, 30),)
    # A missing clock fails the test.
    assert judged(traffic(2, 3) + errors("web.2", 1, start=5000.0)).clock.gaps == ()  # type: ignore[union-attr]
