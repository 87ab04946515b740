"""`sizes` for several apps: the dyno sizes that they use, how many dynos each, and what that costs."""

from __future__ import annotations

from herodyno.cli.fleet.asking import apps_of, each_app, failure_of, sizes_if_known, told_of
from herodyno.cli.options import AppFlags
from herodyno.cli.session import Session
from herodyno.dynos import Formation
from herodyno.errors import HerodynoError
from herodyno.heroku.which_apps import SelectedApp
from herodyno.render.fleet.sizes import used_sizes, used_sizes_document, used_sizes_table


def sizes_of_several(session: Session, flags: AppFlags) -> None:
    """Show the sizes. Raises, after the answer, the error of apps that gave none."""
    output, platform = session.output, session.platform
    apps = apps_of(session, flags)
    known = sizes_if_known(session)

    def ask(selected: SelectedApp) -> list[Formation]:
        return platform.formation(selected.name)

    formations: dict[str, list[Formation]] = {}
    errors: dict[str, HerodynoError] = {}
    for selected, answer in each_app(session, apps, ask, calls_each=1):
        if answer.error:
            errors[selected.name] = answer.error
        else:
            formations[selected.name] = answer.value or []
    used = used_sizes(formations, known)
    if output.wants_json:
        output.json(used_sizes_document(used, formations, errors))
    elif formations:
        output.show(*used_sizes_table(used, formations))
    for name, error in errors.items():
        output.note(told_of(name, error.message))
    if failed := failure_of([*errors.values()], len(apps)):
        raise failed
