"""`logs --table`: the same fields aligned, with tabs, as CSV and as JSON; nothing foreign moves a terminal."""

from __future__ import annotations

import csv
import json
from zoneinfo import ZoneInfo

import pytest

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.render.logs.columns import AlignedColumns, CsvColumns, JsonRows, JsonTable, TabSeparated
from herodyno.render.logs.plain import Format
from tests.cli.schemas import valid
from tests.logs.log_lines import line, request

PARIS = ZoneInfo("Europe/Paris")
FIELDS = ("dyno", "code", "service", "path")
HOSTILE = line('app[web.1]: code=none path="a\tb\x1b[2J\u202e" =cmd', 3)
LINES = [
    line(request(dyno="web.1", service=30), 0),
    line(request(dyno="web.12", service=30_000, code="H12", path="/api/a"), 1),
    line("app[worker.1]: started", 2),
]


def written(form: Format, *batches: list[LogLine | Mark]) -> str:
    return form.head + "".join(form.lines(batch) for batch in batches) + form.foot(LogSummary())


def aligned(*batches: list[LogLine | Mark], fields: tuple[str, ...] = FIELDS, **options: object) -> list[str]:
    form = AlignedColumns(fields, **{"zone": PARIS, "screen": 9, **options})  # type: ignore[arg-type] # as each test needs
    return written(form, *batches).splitlines()


def test_columns_are_as_wide_as_their_values_numbers_to_the_right_and_what_is_missing_a_dash() -> None:
    assert aligned([*LINES]) == [
        "dyno      code  service  path",
        "web.1     -        30ms  /",
        "web.12    H12   30000ms  /api/a",
        "worker.1  -           -  -",
    ]


def test_the_first_screen_sizes_the_columns_and_a_longer_value_widens_its_own_from_there_on() -> None:
    later = [line(request(dyno="worker-of-mails.1", path="/late"), 5), line(request(dyno="web.3"), 6)]
    assert aligned([*LINES[:2]], [*later], screen=2, fields=("dyno", "path")) == [
        "dyno    path",
        "web.1   /",
        "web.12  /api/a",
        "worker-of-mails.1  /late",
        "web.3              /",
    ]
    form = AlignedColumns(FIELDS, zone=PARIS, screen=9, at_once=True)
    assert form.lines(LINES[:1]) == "dyno   code  service  path\nweb.1  -        30ms  /\n"
    assert AlignedColumns(FIELDS, zone=PARIS, screen=2).lines(LINES[:1]) == ""


def test_a_terminal_never_wraps_a_row_unless_all_is_wanted() -> None:
    long = line(request(path=f"/{'a' * 60}"), 0)
    assert aligned([long], fields=("path", "dyno"), width=80)[1] == f"/{'a' * 38}…  web.1"
    assert aligned([long], fields=("dyno", "path"), width=30)[1] == f"web.1  /{'a' * 21}…"
    assert aligned([long], fields=("dyno", "path"), width=30, draws=False)[1].endswith("a~")
    assert aligned([long], fields=("path", "dyno"))[1] == f"/{'a' * 60}  web.1"


def test_times_are_local_and_a_new_day_and_a_gap_have_a_line_of_their_own() -> None:
    gap = Mark("gap", None, "the connection was lost\x1b[2J")
    assert aligned([LINES[0], gap, line(request(), 86_400)], fields=("time", "dyno")) == [
        "time          dyno",
        "── Mon 23 Nov 2026, CET ──",
        "03:00:00.000  web.1",
        "── the connection was lost^[[2J ──",
        "── Tue 24 Nov 2026, CET ──",
        "03:00:00.000  web.1",
    ]


@pytest.mark.parametrize("fields", [("app.path", "text"), ("text", "app.path")])
def test_nothing_foreign_moves_the_terminal_or_makes_a_column_of_its_own(fields: tuple[str, ...]) -> None:
    tabs = written(TabSeparated(fields), [HOSTILE])
    for text in (tabs, written(AlignedColumns(fields, zone=PARIS, screen=9), [HOSTILE])):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "a b^[[2J\\u{202e}" in text
    assert [row.count("\t") for row in tabs.splitlines()] == [1, 1]


def test_tabs_csv_records_and_document_have_the_same_fields() -> None:
    rows = [["web.1", "", "30ms", "/"], ["web.12", "H12", "30000ms", "/api/a"], ["worker.1", "", "", ""]]
    tabs = [row.split("\t") for row in written(TabSeparated(FIELDS), [*LINES]).splitlines()]
    assert tabs == [list(FIELDS), *([cell or "-" for cell in row] for row in rows)]
    assert list(csv.reader(written(CsvColumns(FIELDS), [*LINES]).splitlines())) == [list(FIELDS), *rows]
    records = [valid(text)["fields"] for text in written(JsonRows(FIELDS), [*LINES]).splitlines()]
    assert [[value or "" for value in record.values()] for record in records] == rows
    assert [list(record) for record in records] == [list(FIELDS)] * 3
    document = valid(written(JsonTable(FIELDS), [*LINES]))
    assert document["columns"] == list(FIELDS)
    assert document["rows"] == [[value or None for value in row] for row in rows]
    assert json.loads(written(JsonTable(FIELDS)))["rows"] == []


def test_no_cell_of_a_csv_is_a_formula() -> None:
    assert written(CsvColumns(("sum",)), [line("app[web.1]: sum==1+1")]).splitlines() == ["sum", "'=1+1"]
