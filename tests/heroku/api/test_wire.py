"""The decoders take whatever the schema allows, and whatever a changed API may leave out, add or turn to null."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.heroku.api import wire
from herodyno.heroku.api.fields import Unusable

SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "schema.json").read_text(encoding="utf-8"))

# Noun of the schema -> its decoder, here always fed one object.
DECODERS: dict[str, Callable[[Any], object]] = {
    "account": wire.account_from,
    "app": wire.app_from,
    "dyno": wire.dyno_from,
    "formation": lambda json: wire.formation_from([json]),
    "release": lambda json: wire.releases_from([json]),
    "dyno-size": lambda json: wire.sizes_from([json]),
}
# The schema says of `cost` only that it is an object. `oci_image` is of version=3.sdk, the one that is asked for.
UNDESCRIBED = {"cents", "unit", "oci_image"}

DYNO = {
    "id": "01234567-89ab-cdef-0123-456789abcdef",
    "name": "web.1",
    "type": "web",
    "state": "up",
    "size": "Standard-1X",
    "command": "bundle exec puma",
    "release": {"id": "01234567-89ab-cdef-0123-456789abcdef", "version": 42},
    "created_at": "2026-11-23T02:00:00Z",
    "updated_at": "2026-11-23T04:00:00+02:00",
    "attach_url": None,
}


def values(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Whatever this node of the schema allows."""
    options = [values(option) for option in node.get("anyOf", ())]
    kinds = node.get("type", [] if options else ["null"])
    return st.one_of(options + [_of_kind(kind, node) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def _of_kind(kind: str, node: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "object":
        return st.fixed_dictionaries({name: values(inner) for name, inner in node.get("properties", {}).items()})
    if kind == "array":
        return st.lists(values(node.get("items", {})), max_size=2)
    if kind == "string":
        if "enum" in node:
            return st.sampled_from([value for value in node["enum"] if value is not None])
        if node.get("format") == "date-time":
            return st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
        return st.text(max_size=20)
    plain: dict[str, st.SearchStrategy[Any]] = {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers(),
        "number": st.floats() | st.integers(),
    }
    return plain[kind]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every field of every object inside."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield (*path, name)
            yield from places(value, (*path, name))


def mutated(document: Any, path: tuple[Any, ...], how: object) -> Any:
    document = copy.deepcopy(document)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    if how == "missing":
        del holder[path[-1]]
    elif how == "extra":
        holder["a_field_of_next_year"] = {"deep": [1]}
    else:
        holder[path[-1]] = how
    return document


WRONG = ["missing", "extra", None, [], {}, "", "text", 7, -1, 1.5, True, 10**400, float("inf"), "\ud800", "0000-99-99"]


@pytest.mark.parametrize("variant", ["3", "3.sdk"])
@pytest.mark.parametrize("noun", DECODERS)
def test_b29_b30_b34_any_one_field_may_be_null_missing_wrong_or_new(noun: str, variant: str) -> None:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(values(SCHEMA[variant]["definitions"][noun]))
        DECODERS[noun](document)
        path = data.draw(st.sampled_from(list(places(document))))
        DECODERS[noun](mutated(document, path, data.draw(st.sampled_from(WRONG))))

    check()


@pytest.mark.parametrize("variant", ["3", "3.sdk"])
@pytest.mark.parametrize("noun", DECODERS)
def test_the_decoders_read_only_fields_the_schema_knows(noun: str, variant: str) -> None:
    read: set[str] = set()

    class Watched(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            read.add(key)
            return Watched() if key in {"cost", "release", "space", "team", "user", "dyno_size"} else default

    DECODERS[noun](Watched(version=1))
    described = json.dumps(SCHEMA[variant]["definitions"][noun])
    assert {name for name in read if f'"{name}"' not in described} <= UNDESCRIBED


@pytest.mark.parametrize("nothing", [{}, dict.fromkeys(DYNO), DYNO | {"new": 1}])
def test_b29_b30_b34_a_dyno_of_nothing_is_still_a_row(nothing: dict[str, Any]) -> None:
    dyno = wire.dynos_from([nothing])[0]
    assert (dyno.release, dyno.created_at) in {(None, None), (42, datetime(2026, 11, 23, 2, tzinfo=UTC))}


def test_a_dyno_keeps_what_the_api_says_in_utc() -> None:
    assert wire.dyno_from(DYNO) == Dyno(
        name="web.1",
        id="01234567-89ab-cdef-0123-456789abcdef",
        type="web",
        state="up",
        size="Standard-1X",
        command="bundle exec puma",
        release=42,
        created_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
        updated_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
    )


def test_b33_dynos_come_in_natural_order_and_with_any_state() -> None:
    found = wire.dynos_from([{"name": "web.10", "state": "dreaming"}, {"name": "web.2"}])
    assert [(dyno.name, dyno.state) for dyno in found] == [("web.2", ""), ("web.10", "dreaming")]


@pytest.mark.parametrize("said", ["fir", "Fir", {"id": "1", "name": "fir"}])
def test_a_generation_is_read_in_either_shape(said: object) -> None:
    assert wire.app_from({"generation": said}).generation == "fir"


@pytest.mark.parametrize("said", ["cedar", None, {}, {"name": None}, 7])
def test_a_generation_that_is_not_told_is_cedar(said: object) -> None:
    assert wire.app_from({"generation": said}).generation == "cedar"


def test_an_app_tells_its_space_and_team() -> None:
    told = {"name": "example-app", "space": {"name": "safe", "shield": True}, "organization": {"name": "ops"}}
    assert wire.app_from(told) == App(name="example-app", space="safe", shield=True, team="ops")


def test_a_size_has_a_price_only_where_one_is_told() -> None:
    priced, unpriced = wire.sizes_from(
        [
            {"name": "Standard-1X", "memory": 0.5, "compute": 1, "cost": {"cents": 2500, "unit": "month"}},
            {"name": "Odd", "memory": "much", "cost": None},
        ]
    )
    assert priced == DynoSize(name="Standard-1X", memory_gb=0.5, compute=1, cost_cents=2500, cost_unit="month")
    assert unpriced == DynoSize(name="Odd")


def test_a_formation_takes_a_quantity_in_words_and_a_size_in_either_place() -> None:
    found = wire.formation_from([{"type": "web", "quantity": "3", "dyno_size": {"name": "Basic"}}])
    assert found == [Formation(type="web", quantity=3, size="Basic")]


def test_releases_come_newest_first() -> None:
    found = wire.releases_from([{"version": 7}, {"version": 9, "current": True, "user": {"email": "a@b.example"}}, {}])
    assert found == [Release(version=9, current=True, user="a@b.example"), Release(version=7)]


@pytest.mark.parametrize(
    ("reply", "path"),
    [
        (None, "dynos: null, not a list"),
        ({}, "dynos: an object, not a list"),
        (7, "dynos: a number, not a list"),
        ("web.1", "dynos: a string, not a list"),
        ([DYNO, DYNO, None], "dynos[2]: null, not an object"),
        ([[]], "dynos[0]: a list, not an object"),
        ([True], "dynos[0]: true or false, not an object"),
    ],
)
def test_b27_b28_a_reply_that_cannot_be_used_names_the_place(reply: object, path: str) -> None:
    with pytest.raises(Unusable) as caught:
        wire.dynos_from(reply)
    assert str(caught.value) == path


def test_half_a_surrogate_pair_becomes_a_mark_that_can_be_printed() -> None:
    assert wire.dyno_from({"name": "web.1", "command": json.loads('"a\\ud800b 🦉"')}).command == "a\ufffdb 🦉"


def test_the_api_has_another_name_for_shield_sizes() -> None:
    assert wire.private_size("Shield-M") == "Private-M"
    assert wire.private_size("standard-2x") == "standard-2x"


def test_updates_are_absolute_numbers_and_leave_out_what_stays() -> None:
    updates = [
        wire.FormationUpdate(type="web", quantity=0),
        wire.FormationUpdate(type="worker", quantity=2, size="shield-m"),
        wire.FormationUpdate(type="clock", size="standard-2x"),
    ]
    assert wire.updates_json(updates) == {
        "updates": [
            {"type": "web", "quantity": 0},
            {"type": "worker", "quantity": 2, "size": "Private-m"},
            {"type": "clock", "size": "standard-2x"},
        ]
    }


def test_an_attach_url_is_not_in_the_repr() -> None:
    one_off = wire.one_off_from({"name": "run.1", "attach_url": "rendezvous://r.example:5000/secret"})
    assert one_off.attach_url == "rendezvous://r.example:5000/secret"
    assert "secret" not in repr(one_off)
