"""`herodyno run list`: the one-off dynos, with their age, their command and their cost so far."""

from __future__ import annotations

import typer

from herodyno.cli.options import AppOptions
from herodyno.cli.session import Session
from herodyno.operations.one_off.command import one_offs_of
from herodyno.render.run import run_list_document, run_list_table


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
    name = session.named(session.app_name(options.app, options.remote))
    platform = session.platform
    dynos, formation, sizes = platform.gather(
        lambda: platform.dynos(name), lambda: platform.formation(name), lambda: platform.sizes(name)
    )
    one_offs = one_offs_of(dynos, formation)
    if output.wants_json:
        output.json(run_list_document(one_offs, sizes, app=name, now=session.api_now()))
    elif one_offs:
        output.show(run_list_table(one_offs, sizes, now=session.api_now()))
        output.note(f"to end one: herodyno stop {one_offs[0].name} --app {name}")
    else:
        output.note(f"{name} has no one-off dynos")
