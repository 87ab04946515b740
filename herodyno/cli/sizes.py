"""`herodyno sizes`: the dyno sizes this app may use, with memory, price and what uses them now."""

from __future__ import annotations

import typer

from herodyno.cli.options import AppOptions
from herodyno.cli.session import Session
from herodyno.operations.prices import cents_per_month, is_flat
from herodyno.render.sizes import sizes_document, sizes_table


def sizes(ctx: typer.Context, options: AppOptions) -> None:
    """List the dyno sizes an app may use: memory, compute, price, current use.

    Examples:
      herodyno sizes --app example-app
      herodyno sizes --app example-app --json

    Prices are what the API tells; "-" where it tells none. Set a size with:
      herodyno scale web=standard-2x --app example-app --confirm example-app
    """
    session = Session.of(ctx)
    output, platform = session.output, session.platform
    name = session.app_name(options.app, options.remote)
    unsorted, formation, _ = platform.gather(
        lambda: platform.sizes(name), lambda: platform.formation(name), output.prepare
    )
    known = sorted(unsorted, key=lambda size: (cents_per_month(size) is None, cents_per_month(size) or 0, size.name))
    if output.wants_json:
        output.json(sizes_document(name, known, formation))
        return
    output.show(sizes_table(known, formation))
    if any(is_flat(size) for size in known):
        output.note("Eco has one price for all Eco dynos of the account together")
