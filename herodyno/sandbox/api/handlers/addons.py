"""Add-ons and their attachments: the database of each app whose config vars have one."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.sandbox.api.handlers.json_fields import fixed_id, pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply
from herodyno.sandbox.world.resources import App, Refused


def addons(call: Call) -> Reply:
    """The add-ons of all apps."""
    return Reply(body=[_database(app) for app in _with_database(call.world.apps.values())], ranges=("id", "name"))


def addons_of_app(call: Call) -> Reply:
    """The add-ons of an app."""
    return Reply(body=[_database(app) for app in _with_database([call.app])], ranges=("id", "name"))


def attachments(call: Call) -> Reply:
    """What is attached to the apps: each database, to its own app."""
    return Reply(body=[_attachment(app) for app in _with_database(call.world.apps.values())])


def attachments_of_app(call: Call) -> Reply:
    """What is attached to an app."""
    return Reply(body=[_attachment(app) for app in _with_database([call.app])])


def addon(call: Call) -> Reply:
    """One add-on by id or name. Refused (404) when there is none."""
    app = call.app
    found = _database(app)
    if not _with_database([app]) or call.args[1] not in (found["id"], found["name"]):
        raise Refused(404, "not_found", "Couldn't find that add-on.", resource="addon")
    return Reply(body=found)


def _with_database(apps: Iterable[App]) -> list[App]:
    return [app for app in apps if "DATABASE_URL" in app.config]


def _attachment(app: App) -> Json:
    database = _database(app)
    return {
        "addon": {"app": pair(app), "id": database["id"], "name": database["name"]},
        "app": pair(app),
        "created_at": time(app.created_at),
        "id": fixed_id("addon-attachments", app.id),
        "log_input_url": None,
        "name": "DATABASE",
        "namespace": None,
        "updated_at": time(app.created_at),
        "web_url": None,
    }


def _database(app: App) -> Json:
    """The only add-on of a sandbox app: the database whose URL is in its config vars."""
    plan = "heroku-postgresql:essential-0"
    return {
        "actions": [],
        "addon_service": {"id": fixed_id("addon-services", "heroku-postgresql"), "name": "heroku-postgresql"},
        "app": pair(app),
        "billed_price": None,
        "billing_entity": {"id": app.id, "name": app.name, "type": "app"},
        "config_vars": ["DATABASE_URL"],
        "created_at": time(app.created_at),
        "id": fixed_id("addons", app.id),
        "name": f"postgresql-{app.id[:8]}",
        "plan": {"id": fixed_id("plans", plan), "name": plan},
        "provider_id": f"resource-{app.id[:8]}",
        "provision_message": "",
        "state": "provisioned",
        "updated_at": time(app.created_at),
        "web_url": None,
    }
