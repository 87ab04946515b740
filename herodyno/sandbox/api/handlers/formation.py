"""The formation: quantity, size and command of each process type, and the scale calls.

The schema has integer quantities and `dyno_size`. The CLI sends strings ("3", "+1") and `size`. Heroku takes both.
"""

from __future__ import annotations

import re

from herodyno.sandbox.api.handlers.json_fields import pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply, text
from herodyno.sandbox.world.resources import App, Formation, FormationUpdate, Refused

QUANTITY = re.compile(r"^(?P<sign>[+-]?)(?P<number>\d{1,9})$")


def formation_json(call: Call, app: App, formation: Formation) -> Json:
    """A process type of a formation as JSON."""
    return {
        "app": pair(app),
        "command": formation.command,
        "created_at": time(formation.created_at),
        "dyno_size": {"id": call.world.size(formation.size).id, "name": formation.size},
        "id": formation.id,
        "quantity": formation.quantity,
        "size": formation.size,
        "type": formation.type,
        "updated_at": time(formation.updated_at),
    }


def list_formation(call: Call) -> Reply:
    """All process types of an app."""
    app = call.app
    body = [formation_json(call, app, each) for each in call.world.formation(app.name)]
    return Reply(body=body, ranges=("id", "type"))


def info(call: Call) -> Reply:
    """One process type by type or id."""
    app = call.app
    return Reply(body=formation_json(call, app, _find(call, app, call.args[1])))


def scale(call: Call) -> Reply:
    """Make all updates or none. The reply has the types that the call named."""
    app, updates = call.app, call.body.get("updates")
    if not isinstance(updates, list) or not all(isinstance(each, dict) for each in updates):
        raise Refused(422, "invalid_params", "Require updates, a list of process types to change.")
    asked = [_update(call, app, text(each, "type"), each) for each in updates]
    changed = call.world.scale(app.name, asked)
    types = {each.type for each in asked}
    return Reply(body=[formation_json(call, app, each) for each in changed if each.type in types])


def scale_one(call: Call) -> Reply:
    """Change one process type."""
    app = call.app
    type = _find(call, app, call.args[1]).type
    call.world.scale(app.name, [_update(call, app, type, call.body)])
    return Reply(body=formation_json(call, app, _find(call, app, type)))


def _find(call: Call, app: App, type_or_id: str) -> Formation:
    for each in call.world.formation(app.name):
        if type_or_id in (each.type, each.id):
            return each
    raise Refused(404, "not_found", "Couldn't find that formation.", resource="formation")


def _update(call: Call, app: App, type: str, sent: Json) -> FormationUpdate:
    named = sent.get("dyno_size")
    if isinstance(named, dict):
        by_id = {size.id: size.name for size in call.world.sizes.values()}
        size = text(named, "name") or by_id.get(text(named, "id"), "?")
    else:
        size = text(sent, "size") or text(sent, "dyno_size")
    quantity = sent.get("quantity")
    if quantity is not None:
        now = next((each.quantity for each in call.world.formation(app.name) if each.type == type), 0)
        quantity = _absolute(quantity, now)
    return FormationUpdate(type=type, quantity=quantity, size=size or None)


def _absolute(quantity: object, now: int) -> int:
    found = QUANTITY.match(str(quantity)) if isinstance(quantity, int | str) else None
    if found is None or (isinstance(quantity, int) and quantity < 0):
        raise Refused(422, "invalid_params", f"Invalid quantity: {quantity!r}.")
    number = int(found["number"])
    if not found["sign"]:
        return number
    return max(0, now + number if found["sign"] == "+" else now - number)
