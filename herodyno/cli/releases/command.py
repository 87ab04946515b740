"""`herodyno releases`: what was released, when, by whom, how it ended, and which dynos run it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

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
from herodyno.heroku_facts import LARGEST_PAGE_ITEMS
from herodyno.operations.rollback_plan import current_release
from herodyno.render.dynos import in_order
from herodyno.render.releases import releases_document, releases_table
from herodyno.units import zone_of


class ReleasesOptions(NamedTuple):
    """The flags of `releases`."""

    app_names: Apps = None
    remote: Remote = None
    num: Annotated[
        int, typer.Option("--num", "-n", metavar="N", min=1, max=LARGEST_PAGE_ITEMS, help="the newest N")
    ] = 15
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""


def releases(ctx: typer.Context, options: ReleasesOptions) -> None:
    """List the releases of an app, newest first, with the dynos that run each.

    Examples:
      herodyno releases --app example-app
      herodyno releases --num 50 --app example-app --json
      herodyno releases --apps 'example-*'

    "expired": Heroku no longer keeps the code, so there is no way back to it. A
    failed release never ran. To go back to an earlier one: rollback. Of several
    apps it lists the newest of all.
    """
    session = Session.of(ctx)
    if is_for_several(options):
        from herodyno.cli.fleet.releases import releases_of_several

        releases_of_several(session, options, options.num)
        return
    output, platform = session.output, session.platform
    name = session.app_name(only_app(options), options.remote)
    found, unsorted, _ = platform.gather(
        lambda: platform.releases(name, limit=options.num), lambda: platform.dynos(name), output.prepare
    )
    dynos, running = in_order(unsorted), current_release(found)
    current = running.version if running else None
    if output.wants_json:
        output.json(releases_document(name, found, dynos, current=current))
    elif not found:
        output.note(f"{name} has no releases")
    else:
        now = session.now()
        output.show(releases_table(found, dynos, current=current, now=now, zone=zone_of(now, utc=output.utc)))
