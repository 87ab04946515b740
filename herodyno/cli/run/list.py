"""`herodyno run list`: the one-off dynos, with their age, their command and their cost so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import typer

from herodyno.cli.options import AppOptions
from herodyno.cli.session import Session
from herodyno.dynos import Dyno, DynoSize, short_id
from herodyno.operations.one_off.command import cents_so_far, one_offs_of
from herodyno.render.text import Column, Span, Table
from herodyno.render.units import age


def run_list(ctx: typer.Context, options: AppOptions) -> None:
    """List the one-off dynos of an app: id, state, age, size, price so far, command.

    Examples:
      herodyno run list --app example-app
      herodyno stop run.1234 --app example-app

    Forgotten consoles keep running, and costing, for up to a day. The price is the
    size's, as the API tells it, for the dyno's age; "-" where it tells none.
    A program named list: herodyno run -- list
    """
    session = Session.of(ctx)
    output = session.output
    name = session.app_name(options.app, options.remote)
    platform = session.platform
    dynos, formation, sizes = platform.gather(
        lambda: platform.dynos(name), lambda: platform.formation(name), lambda: platform.sizes(name)
    )
    one_offs = one_offs_of(dynos, formation)
    if output.wants_json:
        output.json(document(one_offs, sizes, app=name, now=session.now()))
    elif one_offs:
        output.show(table(one_offs, sizes, now=session.now()))
        output.note(f"to end one: herodyno stop {one_offs[0].name} --app {name}")
    else:
        output.note(f"{name} has no one-off dynos")


def table(one_offs: Sequence[Dyno], sizes: Sequence[DynoSize], *, now: datetime) -> Table:
    """One line per dyno."""
    return Table(
        columns=(
            Column(heading="ONE-OFF"),
            Column(heading="ID"),
            Column(heading="STATE"),
            Column(heading="AGE", right=True),
            Column(heading="SIZE"),
            Column(heading="SO FAR", right=True),
            Column(heading="COMMAND", shrinks=True),
        ),
        rows=tuple(
            tuple(
                Span(cell)
                for cell in (
                    dyno.name,
                    short_id(dyno.id) or "-",
                    dyno.state or "-",
                    age(dyno.created_at, now),
                    dyno.size or "-",
                    _price(cents_so_far(dyno, sizes, now)),
                    dyno.command or "-",
                )
            )
            for dyno in one_offs
        ),
    )


def document(one_offs: Sequence[Dyno], sizes: Sequence[DynoSize], *, app: str, now: datetime) -> dict[str, Any]:
    """`herodyno.run-list/1`: Heroku's own field names. `cents_so_far` is null where the API gives no price."""
    return {
        "schema": "herodyno.run-list/1",
        "app": {"name": app},
        "dynos": [
            {
                "name": dyno.name,
                "id": dyno.id or None,
                "type": dyno.type or None,
                "state": dyno.state or None,
                "size": dyno.size or None,
                "command": dyno.command or None,
                "created_at": dyno.created_at and dyno.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "cents_so_far": cents_so_far(dyno, sizes, now),
            }
            for dyno in one_offs
        ],
    }


def _price(cents: float | None) -> str:
    return "-" if cents is None else f"${cents / 100:,.2f}"
