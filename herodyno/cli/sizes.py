"""`herodyno sizes`: the dyno sizes this app may use, with memory, price and what uses them now."""

from __future__ import annotations

from typing import NamedTuple

import typer

from herodyno.cli.options import (
    AppPatterns,
    Apps,
    AppsFile,
    Pipeline,
    Remote,
    Stage,
    Team,
    is_for_several,
    only_app,
)
from herodyno.cli.session import Session
from herodyno.operations.prices import cents_per_month, is_flat
from herodyno.render.sizes import sizes_document, sizes_table


class SizesOptions(NamedTuple):
    """The flags of `sizes`."""

    app_names: Apps = None
    remote: Remote = None
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""


def sizes(ctx: typer.Context, options: SizesOptions) -> None:
    """List the dyno sizes an app may use: memory, compute, price, current use.

    Examples:
      herodyno sizes --app example-app
      herodyno sizes --app example-app --json
      herodyno sizes --team example

    Prices are what the API tells; "-" where it tells none. Of several apps it shows
    the sizes that they use, with what the dynos cost together. Set a size with:
      herodyno scale web=standard-2x --app example-app --confirm example-app
    """
    session = Session.of(ctx)
    if is_for_several(options):
        from herodyno.cli.fleet.sizes import sizes_of_several

        sizes_of_several(session, options)
        return
    output, platform = session.output, session.platform
    name = session.app_name(only_app(options), options.remote)
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
