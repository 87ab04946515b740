"""`ps` for several apps: a line per app and process type, with totals."""

from __future__ import annotations

import json
from collections.abc import Iterator

from herodyno.cli.fleet.asking import apps_of, each_app, failure_of, sizes_if_known
from herodyno.cli.fleet.metrics import show_metrics
from herodyno.cli.options import AppFlags
from herodyno.cli.session import Session
from herodyno.dynos import newest_succeeded
from herodyno.errors import NotFound
from herodyno.heroku.which_apps import SelectedApp
from herodyno.render.fleet.ps import AppState, fleet_blocks, fleet_document, fleet_record

# Without the app itself, which a list may have told.
CALLS_OF_AN_APP = 4


def ps_of_several(session: Session, flags: AppFlags, types: list[str], *, form: str, file: str = "") -> None:
    """Show the apps: in JSON as one document or (`form` jsonl) a line for each; as metrics, which may go to a file.

    `types` are the process types to show, [] for all.

    Raises, after the answer, the error of apps that gave none.
    """
    output = session.output
    apps = apps_of(session, flags)
    sizes = sizes_if_known(session)
    found = _states(session, apps, types)
    if form == "jsonl":
        states = []
        for state in found:
            record = fleet_record(state, sizes, now=session.api_now())
            output.write(json.dumps({"schema": "herodyno.ps-app/1", **record}, separators=(",", ":")) + "\n")
            states.append(state)
    else:
        states = list(found)
        now = session.api_now()
        if form == "openmetrics":
            from herodyno.render.fleet.metrics.ps import ps_samples

            show_metrics(session, ps_samples(states, sizes, now=now), file)
        elif output.wants_json:
            output.json(fleet_document(states, sizes, now=now, calls_left=session.platform.rate_limit_remaining))
        else:
            output.show(*fleet_blocks(states, sizes, now=now))
    _check_types(states, types)
    failed = failure_of([state.error for state in states if state.error], len(states))
    if failed:
        raise failed


def _states(session: Session, apps: list[SelectedApp], types: list[str]) -> Iterator[AppState]:
    platform = session.platform

    def ask(selected: SelectedApp) -> AppState:
        name = selected.name
        app, dynos, formation, releases = platform.gather(
            lambda: selected.known or platform.app(name),
            lambda: platform.dynos(name),
            lambda: platform.formation(name),
            lambda: platform.releases(name),
        )
        state = AppState(name, app, dynos, formation, newest_succeeded(releases))
        return state.only(types) if types else state

    for selected, answer in each_app(session, apps, ask, calls_each=CALLS_OF_AN_APP):
        yield answer.value or AppState(selected.name, error=answer.error)


def _check_types(states: list[AppState], types: list[str]) -> None:
    """Raise NotFound for a process type that no app has."""
    known = {name for state in states for name in state.types}
    unknown = [name for name in types if name not in known]
    if unknown and not any(state.error for state in states):
        raise NotFound(f"no app here has a process type {unknown[0]!r}")
