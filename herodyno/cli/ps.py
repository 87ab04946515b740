"""`herodyno ps`: one line per dyno, and wanted against running for each process type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.ps_options import Columns, Sort, in_wanted_order, wanted_columns
from herodyno.cli.session import Session
from herodyno.dynos import Dyno, Formation, Release, natural_order
from herodyno.errors import NotFound
from herodyno.render.text import Block
from herodyno.render.views import chosen_table, dynos_table, formation_table, in_order, one_offs_table
from herodyno.units import zone_of


def ps(
    ctx: typer.Context,
    targets: Annotated[list[str] | None, typer.Argument(metavar="[TYPE|DYNO]...", show_default=False)] = None,
    app: App = None,
    remote: Remote = None,
    sort: Sort = "name",
    columns: Columns = None,
) -> None:
    """Show the dynos of an app: id, state, age, size, release.

    Examples:
      herodyno ps --app example-app
      herodyno ps web --app example-app
      herodyno ps web.2 worker --app example-app --json
      herodyno ps --sort age --columns dyno,age,state --app example-app

    A dyno on a release older than the newest that succeeded is marked. One-off
    dynos (run, scheduler, release) stand apart with their command.
    """
    session = Session.of(ctx)
    chosen = wanted_columns(columns, wants_json=session.output.wants_json)
    name = session.app_name(app, remote)
    seen = look(session, name).only(targets or [], name)
    seen = seen._replace(dynos=in_wanted_order(seen.dynos, sort))
    if session.output.wants_json:
        session.output.json(document(seen, app=name, now=session.now()))
        return
    show(session, seen, chosen)
    if not seen.dynos:
        none = [each.type for each in seen.formation if not each.quantity]
        start = f"; start one: herodyno scale {min(none, key='web'.__ne__)}=1 --app {name}" if none else ""
        session.output.note(f"{name} has no {'such dynos' if targets else 'dynos'} running{start}")
    elif any(dyno.state == "crashed" for dyno in seen.dynos):
        session.output.note(f"next: herodyno diagnose --app {name}")


class Seen(NamedTuple):
    """What the API told in one round trip. `newest` is the newest succeeded release, or None."""

    dynos: Sequence[Dyno]
    formation: Sequence[Formation]
    newest: int | None

    def only(self, targets: Sequence[str], app: str) -> Seen:
        """The part that the words name: process types or dyno names. Raises NotFound for a word that names nothing."""
        if not targets:
            return self
        types = {wanted.type for wanted in self.formation} | {dyno.type for dyno in self.dynos}
        names = {dyno.name for dyno in self.dynos}
        for word in targets:
            if word not in types | names:
                there = ", ".join([*sorted(types), *sorted(names, key=natural_order)]) or "nothing"
                raise NotFound(f"{app} has no process type or dyno {word!r}", next_step=f"there is: {there}")
        dynos = [dyno for dyno in self.dynos if dyno.name in targets or dyno.type in targets]
        formation = [wanted for wanted in self.formation if wanted.type in targets]
        return Seen(dynos=dynos, formation=formation, newest=self.newest)


def look(session: Session, app: str) -> Seen:
    """Ask for dynos, formation and releases side by side, and load what will show them meanwhile."""
    platform = session.platform
    dynos, formation, releases, _ = platform.gather(
        lambda: platform.dynos(app),
        lambda: platform.formation(app),
        lambda: platform.releases(app),
        session.output.prepare,
    )
    return Seen(dynos=in_order(dynos), formation=formation, newest=newest_succeeded(releases))


def show(session: Session, seen: Seen, columns: Sequence[str] = ()) -> None:
    """The tables, on whatever stdout is; of `columns` one alone."""
    now, utc = session.now(), session.output.utc
    if columns:
        dynos = [_as_typed(dyno) for dyno in seen.dynos]
        session.output.show(chosen_table(dynos, columns, newest=seen.newest, now=now, zone=zone_of(now, utc=utc)))
        return
    session.output.show(*blocks(seen, now=now, utc=utc))


def newest_succeeded(releases: Sequence[Release]) -> int | None:
    """The version dynos should be on: releases that failed or are pending run nowhere."""
    return max((release.version for release in releases if release.status == "succeeded"), default=None)


def blocks(seen: Seen, *, now: datetime, utc: bool) -> list[Block]:
    """The tables, those with nothing in them left out."""
    zone = zone_of(now, utc=utc)
    regular = [dyno for dyno in seen.dynos if not dyno.is_one_off]
    one_offs = [_as_typed(dyno) for dyno in seen.dynos if dyno.is_one_off]
    tables = [
        dynos_table(regular, newest=seen.newest, now=now, zone=zone),
        one_offs_table(one_offs, now=now, zone=zone),
        formation_table(seen.formation, seen.dynos),
    ]
    return [table for table in tables if table.rows]


def _as_typed(dyno: Dyno) -> Dyno:
    from herodyno.operations.one_off.command import as_typed  # most apps have no one-offs, and ps is in a hurry

    return dyno._replace(command=as_typed(dyno.command))


def document(seen: Seen, *, app: str, now: datetime) -> dict[str, Any]:
    """`herodyno.ps/1`: the nouns under Heroku's own field names, times in UTC."""
    return {
        "schema": "herodyno.ps/1",
        "generated_at": _utc(now),
        "app": {"name": app},
        "newest_release": seen.newest,
        "formation": [
            {"type": it.type, "quantity": it.quantity, "size": it.size or None, "command": it.command or None}
            for it in seen.formation
        ],
        "dynos": [
            {
                "name": dyno.name,
                "id": dyno.id or None,
                "type": dyno.type or None,
                "state": dyno.state or None,
                "size": dyno.size or None,
                "command": dyno.command or None,
                "release": None if dyno.release is None else {"version": dyno.release},
                "created_at": _utc(dyno.created_at),
                "updated_at": _utc(dyno.updated_at),
            }
            for dyno in seen.dynos
        ],
    }


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")
