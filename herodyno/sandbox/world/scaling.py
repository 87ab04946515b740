"""Scaling: checks what a formation may become, and starts and ends dynos until it is so."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.sandbox.heroku_facts import DYNOS_OF_A_TYPE
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.resources import App, Formation, FormationUpdate, Refused, Size
from herodyno.sandbox.world.sizes import SIZES, check_mix, size_named, sizes_for


def scale(actions: DynoActions, app: App, updates: Sequence[FormationUpdate], by: str) -> list[Formation]:
    """Make all updates or none. When the size of a type changes, all its dynos restart.

    Refused: 404 for an unknown type, 422 for a size or quantity that the app may not have.
    """
    wanted = _checked(app, updates)
    now = actions.simulator.now
    for type, (quantity, size) in wanted.items():
        row = app.formation[type]
        resized = size.name != row.size
        row.quantity, row.size, row.updated_at = quantity, size.name, now
        actions.scale(app, type, quantity)
        if resized:
            for dyno in [each for each in app.dynos.values() if each.type == type and not each.one_off]:
                if dyno.size != size.name:
                    actions.restart(app, dyno, "resized")
    app.process_tier = tier_of(app)
    rows = [(each.type, each.quantity, each.size) for each in sorted(app.formation.values(), key=lambda row: row.type)]
    actions.simulator.write(app.log, "app", "api", log_lines.scaled(rows, by))
    return [app.formation[type] for type in wanted]


def tier_of(app: App) -> str:
    """The app's process_tier, as the API shows it."""
    rows = sorted(app.formation.values(), key=lambda row: not row.quantity)
    tier = SIZES[rows[0].size].tier if rows else "production"
    return "private" if tier == "fir" else tier


def _checked(app: App, updates: Sequence[FormationUpdate]) -> dict[str, tuple[int, Size]]:
    if not app.releases:
        raise Refused(422, "invalid_params", "App must be deployed before dynos can be scaled.")
    offered = sizes_for(app.generation, in_space=app.space is not None)
    wanted: dict[str, tuple[int, Size]] = {}
    for update in updates:
        row = app.formation.get(update.type)
        if row is None:
            message = f"Couldn't find that process type ({update.type})."
            raise Refused(404, "not_found", message, resource="formation")
        size = SIZES[row.size] if update.size is None else size_named(update.size, offered)
        quantity = row.quantity if update.quantity is None else update.quantity
        if quantity < 0:
            raise Refused(422, "invalid_params", "Quantity must be a non-negative integer.")
        wanted[update.type] = (quantity, size)
    after = {type: (row.quantity, SIZES[row.size]) for type, row in app.formation.items()} | wanted
    check_mix([size for type, (quantity, size) in after.items() if quantity or type in wanted])
    for quantity, size in wanted.values():
        limit = DYNOS_OF_A_TYPE[size.tier]
        if quantity > limit:
            message = f"Cannot run more than {limit} {size.name} size dynos."
            raise Refused(422, "cannot_run_above_limit", message, limit=limit, size=size.name)
    return wanted
