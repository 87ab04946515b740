"""`run` and `run list`: one-off dynos with what they cost, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from herodyno.dynos import Dyno, DynoSize
from herodyno.operations.prices import cents_so_far
from herodyno.render.dynos import dyno_fields, dyno_record
from herodyno.render.text import Column, Field, Span, Table, table


def run_list_table(one_offs: Sequence[Dyno], sizes: Sequence[DynoSize], *, now: datetime) -> Table:
    """One line per one-off dyno."""
    fields = {
        **dyno_fields(now=now, zone=UTC),
        "so far": Field[Dyno](
            Column("SO FAR", right=True), lambda dyno: Span(_price(cents_so_far(dyno, sizes, now)))
        ),
    }  # fmt: skip
    return table([fields[name] for name in ("one-off", "id", "state", "age", "size", "so far", "command")], one_offs)


def run_list_document(
    one_offs: Sequence[Dyno], sizes: Sequence[DynoSize], *, app: str, now: datetime
) -> dict[str, Any]:
    """`herodyno.run-list/1`: Heroku's own field names; `cents_so_far` is null where the API tells no price."""
    names = ("name", "id", "type", "state", "size", "command", "created_at")
    return {
        "schema": "herodyno.run-list/1",
        "app": {"name": app},
        "dynos": [{**dyno_record(dyno, *names), "cents_so_far": cents_so_far(dyno, sizes, now)} for dyno in one_offs],
    }


def run_document(
    dyno: Dyno | None,
    *,
    app: str,
    command: str,
    attached: bool,
    call: dict[str, Any],
    price: str,
    exit_status: int | None,
    told_by: str,
) -> dict[str, Any]:
    """`herodyno.run/1`. `dyno` is None in a dry run, `exit_status` None where nobody waited for it."""
    return {
        "schema": "herodyno.run/1",
        "app": {"name": app},
        "command": command,
        "attached": attached,
        "call": call,
        "dyno": dyno and dyno_record(dyno, "name", "id", "type", "size"),
        "price": price or None,
        "exit_status": exit_status,
        "told_by": told_by or None,
    }


def _price(cents: float | None) -> str:
    return "-" if cents is None else f"${cents / 100:,.2f}"
