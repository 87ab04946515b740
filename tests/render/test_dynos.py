"""A dyno's fields are declared once: what ps, ps --columns and run list show are choices among them."""

from __future__ import annotations

from datetime import UTC, datetime

from herodyno.cli.ps.command import COLUMNS
from herodyno.dynos import Dyno
from herodyno.operations.one_off.command import command_for_dyno
from herodyno.render.dynos import dyno_fields, dyno_record
from herodyno.render.ps.tables import DYNOS, ONE_OFFS

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)
UNKNOWN = Dyno(name="web.1")


def test_every_column_that_can_be_asked_for_is_a_field() -> None:
    assert {*COLUMNS, *DYNOS, *ONE_OFFS} == set(dyno_fields(now=NOW, zone=UTC))


def test_what_the_api_did_not_tell_is_a_dash_in_text_and_null_in_json() -> None:
    fields = dyno_fields(now=NOW, zone=UTC)
    assert {fields[name].cell(UNKNOWN).text for name in COLUMNS if name != "dyno"} == {"-"}
    assert {name: value for name, value in dyno_record(UNKNOWN).items() if value is not None} == {"name": "web.1"}


def test_a_record_holds_the_names_asked_for_in_their_order() -> None:
    dyno = UNKNOWN._replace(id="6f1c02ab", created_at=NOW, release=7)
    assert dyno_record(dyno, "id", "name") == {"id": "6f1c02ab", "name": "web.1"}
    assert (dyno_record(dyno)["created_at"], dyno_record(dyno)["release"]) == (
        "2026-11-23T02:12:40.000000Z", {"version": 7},
    )  # fmt: skip


def test_an_old_release_is_marked() -> None:
    cell = dyno_fields(now=NOW, zone=UTC, newest=8)["release"].cell(UNKNOWN._replace(release=7))
    assert cell == ("v7, behind v8", "warning")


def test_a_command_is_shown_as_it_was_typed() -> None:
    dyno = UNKNOWN._replace(command=command_for_dyno("rake 'a b'"))
    assert dyno_fields(now=NOW, zone=UTC)["command"].cell(dyno).text == "rake 'a b'"
