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
from herodyno.render.dynos import in_order
from herodyno.render.ps import dynos_table, ps_blocks, ps_document
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
        session.output.json(document_of(seen, app=name, now=session.now()))
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
    now = session.now()
    zone = zone_of(now, utc=session.output.utc)
    if columns:
        session.output.show(dynos_table(seen.dynos, columns, newest=seen.newest, now=now, zone=zone))
    else:
        session.output.show(*ps_blocks(seen.dynos, seen.formation, newest=seen.newest, now=now, zone=zone))


def document_of(seen: Seen, *, app: str, now: datetime) -> dict[str, Any]:
    """The same as JSON."""
    return ps_document(seen.dynos, seen.formation, newest=seen.newest, app=app, now=now)


def newest_succeeded(releases: Sequence[Release]) -> int | None:
    """The version dynos should be on: releases that failed or are pending run nowhere."""
    return max((release.version for release in releases if release.status == "succeeded"), default=None)
