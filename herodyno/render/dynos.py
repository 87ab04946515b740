"""A dyno as a row: its fields in tables, and the same under Heroku's names in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from herodyno.dynos import Dyno, natural_order, short_id
from herodyno.render.text import Column, Field, Role, Span
from herodyno.units import age, json_time, stamp, zone_name

STATE_ROLES: dict[str, Role] = {"up": "good", "crashed": "critical", "starting": "warning", "down": "warning"}

_RECORD: Mapping[str, Callable[[Dyno], Any]] = {
    "name": lambda dyno: dyno.name,
    "id": lambda dyno: dyno.id or None,
    "type": lambda dyno: dyno.type or None,
    "state": lambda dyno: dyno.state or None,
    "size": lambda dyno: dyno.size or None,
    "command": lambda dyno: dyno.command or None,
    "release": lambda dyno: None if dyno.release is None else {"version": dyno.release},
    "created_at": lambda dyno: json_time(dyno.created_at),
    "updated_at": lambda dyno: json_time(dyno.updated_at),
}


def dyno_fields(*, now: datetime, zone: tzinfo, newest: int | None = None) -> dict[str, Field[Dyno]]:
    """The fields by the name --columns has for them; a dyno on a release older than `newest` says so."""
    return {
        "dyno": Field(Column("DYNO"), lambda dyno: Span(dyno.name)),
        "one-off": Field(Column("ONE-OFF"), lambda dyno: Span(dyno.name)),
        "id": Field(Column("ID"), lambda dyno: Span(short_id(dyno.id) or "-", "quiet")),
        "state": Field(Column("STATE"), lambda dyno: Span(dyno.state or "-", STATE_ROLES.get(dyno.state, ""))),
        "age": Field(Column("AGE", right=True), lambda dyno: Span(age(dyno.created_at, now))),
        "created": Field(
            Column(f"CREATED ({zone_name(now, zone)})"), lambda dyno: Span(stamp(dyno.created_at, zone), "quiet")
        ),
        "size": Field(Column("SIZE"), lambda dyno: Span(dyno.size or "-")),
        "release": Field(Column("RELEASE"), lambda dyno: _release(dyno, newest)),
        "command": Field(Column("COMMAND", shrinks=True), lambda dyno: Span(_command(dyno) or "-")),
    }


def dyno_record(dyno: Dyno, *names: str) -> dict[str, Any]:
    """A dyno in JSON: the values of these names, all where none is given; null where the API told nothing."""
    return {name: _RECORD[name](dyno) for name in names or _RECORD}


def in_order(dynos: Sequence[Dyno]) -> list[Dyno]:
    """By type, then number, then (Fir, unknown names) by name."""
    return sorted(dynos, key=lambda dyno: (natural_order(dyno.name), dyno.id))


def _command(dyno: Dyno) -> str:
    """The command as it was typed, without what `run` wraps around it to learn the exit status."""
    from herodyno.operations.one_off.command import as_typed  # most apps have no one-offs, and ps is in a hurry

    return as_typed(dyno.command)


def _release(dyno: Dyno, newest: int | None) -> Span:
    if dyno.release is None:
        return Span("-")
    if newest is not None and dyno.release < newest:
        return Span(f"v{dyno.release}, behind v{newest}", "warning")
    return Span(f"v{dyno.release}")
