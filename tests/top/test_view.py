"""Rows of the live view: their numbers are of this incarnation, their order and filter are what a person asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from herodyno.cli.session import Session
from herodyno.top.view import SORTS, DynoRow, matching, ordered
from tests.top.live_view import NOW, dyno, judged_view


def row(name: str, **fields: object) -> DynoRow:
    of_dyno = {key: fields.pop(key) for key in ("state", "release", "created_at") if key in fields}
    empty = DynoRow(dyno(name, **of_dyno), False, None, None, 0, 0, None, "")
    return empty._replace(**fields)  # type: ignore[arg-type] # the caller names fields


def test_the_rows_of_an_incident_carry_its_numbers(make_session: Callable[..., Session]) -> None:
    view = judged_view(make_session())
    assert view.found is not None
    rows = {row.dyno.name: row for row in view.rows}
    by_name = {each.dyno: each for each in view.found.incarnations if each.end is None}
    assert {name: (row.requests, row.errors) for name, row in rows.items()} == {
        name: (by_name[name].requests.n, by_name[name].errors.n) for name in rows
    }
    assert [name for name, row in rows.items() if row.mark] == ["web.2"]
    assert rows["web.2"].mark == "!!"
    assert rows["web.2"].memory_pct == by_name["web.2"].memory.last_pct


def test_a_successor_does_not_inherit_the_numbers_of_the_dyno_before(make_session: Callable[..., Session]) -> None:
    from herodyno.top.view import rows_of

    view = judged_view(make_session())
    (new,) = rows_of([dyno("web.2", id="99999999-0000-4000")], 412, view.found, view.found, 60.0)
    assert (new.requests, new.errors, new.mark, new.memory_pct) == (0, 0, "", None)


def test_each_sort_puts_the_most_first_and_the_unknown_last() -> None:
    rows = [
        row("web.1", memory_pct=62.0, per_second=0.5, requests=30, errors=0, p95_ms=200, release=412),
        row("web.2", memory_pct=153.0, per_second=0.7, requests=42, errors=7, p95_ms=30_000, release=411,
            created_at=NOW - timedelta(hours=9)),
        row("web.10", state="crashed", release=None, created_at=None),
    ]  # fmt: skip
    order = {by: [each.dyno.name for each in ordered(rows, by)] for by in SORTS}
    assert order["name"] == ["web.1", "web.2", "web.10"]
    assert order["state"][0] == "web.10"
    assert order["release"] == ["web.1", "web.2", "web.10"]
    assert all(order[by] == ["web.2", "web.1", "web.10"] for by in ("memory", "requests", "errors", "p95", "age"))


def test_a_filter_wants_each_of_its_words() -> None:
    rows = [row("web.1"), row("web.2", state="crashed"), row("worker.1", state="crashed", release=411)]
    assert [each.dyno.name for each in matching(rows, "CRASHED web")] == ["web.2"]
    assert [each.dyno.name for each in matching(rows, "v411")] == ["worker.1"]
    assert matching(rows, " ") == rows
