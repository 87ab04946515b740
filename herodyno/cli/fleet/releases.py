"""`releases` for several apps: what was released where, the newest of all apps first."""

from __future__ import annotations

from herodyno.cli.fleet.asking import apps_of, each_app, failure_of, told_of
from herodyno.cli.options import AppFlags
from herodyno.cli.session import Session
from herodyno.heroku.which_apps import SelectedApp
from herodyno.operations.rollback_plan import current_release
from herodyno.render.dynos import in_order
from herodyno.render.fleet.releases import AppReleases, releases_of_apps_document, releases_of_apps_table
from herodyno.units import count, zone_of

# Releases, dynos.
CALLS_OF_AN_APP = 2


def releases_of_several(session: Session, flags: AppFlags, most: int) -> None:
    """Show the newest `most` releases of all apps; in JSON, of each. Raises the error of apps without an answer."""
    output, platform = session.output, session.platform
    apps = apps_of(session, flags)

    def ask(selected: SelectedApp) -> AppReleases:
        name = selected.name
        found, dynos = platform.gather(lambda: platform.releases(name, limit=most), lambda: platform.dynos(name))
        running = current_release(found)
        return AppReleases(name, found, in_order(dynos), running.version if running else None)

    rows = [
        answer.value or AppReleases(selected.name, error=answer.error)
        for selected, answer in each_app(session, apps, ask, calls_each=CALLS_OF_AN_APP)
    ]
    errors = [row.error for row in rows if row.error]
    if output.wants_json:
        output.json(releases_of_apps_document(rows))
    elif any(row.releases for row in rows):
        now = session.now()
        output.show(releases_of_apps_table(rows, most=most, now=now, zone=zone_of(now, utc=output.utc)))
    elif len(errors) < len(rows):
        output.note(f"no releases in {count(len(rows) - len(errors), 'app')}")
    for row in rows:
        if row.error:
            output.note(told_of(row.name, row.error.message))
    if failed := failure_of(errors, len(apps)):
        raise failed
