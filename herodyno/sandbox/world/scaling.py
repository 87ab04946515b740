"""Scaling: what a formation may become, and the orders that make it so."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_orders import DynoOrders
from herodyno.sandbox.world.nouns import App, Formation, FormationUpdate, Refused, Size
from herodyno.sandbox.world.sizes import SIZES, TIERS, check_mix, size_named, sizes_for


def scale(orders: DynoOrders, app: App, updates: Sequence[FormationUpdate], by: str) -> list[Formation]:
    """All updates or none. A type whose size changes has all its dynos restarted."""
    wanted = _checked(app, updates)
    now = orders.stage.now
    for type, (quantity, size) in wanted.items():
        row = app.formation[type]
        resized = size.name != row.size
        row.quantity, row.size, row.updated_at = quantity, size.name, now
        orders.scale(app, type, quantity)
        if resized:
            for dyno in [each for each in app.dynos.values() if each.type == type and not each.one_off]:
                if dyno.size != size.name:
                    orders.restart(app, dyno, "resized")
    app.process_tier = tier_of(app)
    shown = [(each.type, each.quantity, each.size) for each in sorted(app.formation.values(), key=lambda row: row.type)]
    orders.stage.write(app.log, "app", "api", log_lines.scaled(shown, by))
    return [app.formation[type] for type in wanted]


def tier_of(app: App) -> str:
    """process_tier as the API tells it."""
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
        limit = TIERS[size.tier]
        if quantity > limit:
            message = f"Cannot run more than {limit} {size.name} size dynos."
            raise Refused(422, "cannot_run_above_limit", message, limit=limit, size=size.name)
    return wanted
