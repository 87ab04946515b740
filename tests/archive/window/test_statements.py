"""The statements of facts.sql keep to what engines share, and take values without being changed by them."""

from __future__ import annotations

import re

import duckdb
import pytest

from herodyno.archive.engines.engine import Relation, with_values
from herodyno.archive.window.statements import statement
from herodyno.diagnosis.counting.cells import step_of
from herodyno.diagnosis.counting.grid import CELL_SECONDS, MOST_CELLS
from herodyno.diagnosis.counting.printed import SLOT_SECONDS, rank_of, slot_of
from herodyno.logs.scan.scanner import LONGEST_SERVICE

VALUES = {
    "app": "it's", "first_us": 0, "kinds": ("router",), "last_us": 9, "loose": Relation([(-1,)]),
    "traced": Relation([("", 0)]), "spans": Relation([(-1, "", 0, 0)]), "ids": Relation([(-1, "", "")]),
    "unknown": (("", ""),), "names": ("",), "most": 3, "below": 1, "seconds": Relation([(0,)]),
    "times": Relation([(0,)]),
}  # fmt: skip
NAMES = ("loose", "traced", "names", "others", "service", "cells", "paths", "clients", "shared", "uncertain",
         "uncertain_metrics", "metrics", "printed", "slots",
         "lines_of_slots", "uncertain_printed", "newest", "before", "lines_of_times")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_keeps_to_what_engines_share(name: str) -> None:
    text = with_values(statement(name), VALUES)
    assert "e.app = 'it''s'" in text
    assert not re.search(r"[${}]|--|::|\b(?:FILTER|ASOF|QUALIFY|INTERVAL|date_\w+|list_\w+)\b", text)


def test_a_step_of_the_service_time_is_that_of_the_grid() -> None:
    (expression,) = re.findall(r"CAST\(floor\(ln\(.*?\n.*?AS BIGINT\)", with_values(statement("cells"), VALUES))
    every = f"SELECT range AS service_ms FROM range({LONGEST_SERVICE * 1000:.0f})"
    found = duckdb.sql(f"SELECT r.service_ms, {expression} FROM ({every}) r").fetchall()
    assert all(step == step_of(milliseconds) for milliseconds, step in found)
    assert len(found) == LONGEST_SERVICE * 1000


def test_lines_are_compared_of_the_slots_of_a_rank() -> None:
    (expression,) = re.findall(r"CAST\(\(e\.ts_us.*?4294967296", statement("lines_of_slots"))
    every = f"SELECT range * {SLOT_SECONDS}000000 + 4999999 AS ts_us FROM range(350000000, 350100000)"
    found = duckdb.sql(f"SELECT e.ts_us, {expression} FROM ({every}) e").fetchall()
    for least in range(21):
        assert all((hash_ < 1 << 32 - least) == (rank_of(slot_of(ts_us / 1e6)) >= least) for ts_us, hash_ in found)


def test_a_cell_is_as_wide_as_in_the_grid() -> None:
    text = with_values(statement("cells"), VALUES)
    assert f"% {CELL_SECONDS * 1_000_000}" in text
    assert set(re.findall(r"<= (\d+)", text)) == {str(MOST_CELLS), str(VALUES["last_us"])}
