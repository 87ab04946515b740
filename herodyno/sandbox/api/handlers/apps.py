"""Apps: list, info, maintenance mode, config vars, and what `heroku apps:info` asks for."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import fixed_id, in_variant, pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply, Variant
from herodyno.sandbox.world.resources import App, Refused


def app_json(app: App, variant: Variant) -> Json:
    """An app as JSON. `process_tier` is beyond the schema (see BEYOND_THE_SCHEMA)."""
    fir = app.generation == "fir"
    full = {
        "acm": False,
        "archived_at": None,
        "base_image_name": None,
        "build_stack": _stack(app.stack),
        "buildpack_provided_description": "Python",
        "buildpacks": [{"id": "heroku/python", "version": "1.0.0", "homepage": ""}] if fir else None,
        "created_at": time(app.created_at),
        "current_build_architecture": [],
        "generation": app.generation,
        "git_url": f"https://git.heroku.com/{app.name}.git",
        "id": app.id,
        "internal_routing": False if app.space else None,
        "maintenance": app.maintenance,
        "name": app.name,
        "organization": pair(app.team),
        "owner": {"email": app.owner.email, "id": app.owner.id},
        "process_tier": app.process_tier,
        "region": pair(app.region),
        "released_at": time(app.released_at),
        "repo_size": None,
        "slug_size": None if fir else 41_943_040,
        "space": app.space and {"id": app.space.id, "name": app.space.name, "shield": app.space.shield},
        "stack": _stack(app.stack),
        "team": pair(app.team),
        "updated_at": time(app.updated_at),
        "web_url": f"https://{app.host}/",
    }
    return in_variant("app", variant, full)


def _stack(name: str) -> Json:
    return {"id": fixed_id("stacks", name), "name": name}


def list_apps(call: Call) -> Reply:
    """All apps but the forbidden ones."""
    hidden = call.state.options.forbidden_apps
    apps = [app_json(app, call.variant) for app in call.world.apps.values() if app.name not in hidden]
    return Reply(body=apps, ranges=("id", "name", "updated_at"))


def info(call: Call) -> Reply:
    """One app."""
    return Reply(body=app_json(call.app, call.variant))


def update(call: Call) -> Reply:
    """Switch maintenance mode. Refused (422) for any other change: a sandbox app keeps its name and stack."""
    app, wanted = call.app, call.body
    if not isinstance(wanted.get("maintenance"), bool) or set(wanted) != {"maintenance"}:
        raise Refused(422, "invalid_params", "The sandbox changes only an app's maintenance (true or false).")
    call.world.set_maintenance(app.name, wanted["maintenance"])
    return Reply(body=app_json(app, call.variant))


def config_vars(call: Call) -> Reply:
    """The config vars of an app."""
    return Reply(body=dict(call.app.config))


def set_config_vars(call: Call) -> Reply:
    """Set config vars; null removes one. Refused (422) for a value that is not a string."""
    values = call.body
    if not all(value is None or isinstance(value, str) for value in values.values()):
        raise Refused(422, "invalid_params", "Config vars must be strings, or null to remove one.")
    call.world.set_config(call.app.name, values)
    return Reply(body=dict(call.app.config))


def buildpacks(call: Call) -> Reply:
    """The buildpacks of an app. A Fir app has none here."""
    if call.app.generation == "fir":
        return Reply(body=[])
    python = {
        "url": "https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku/python.tgz",
        "name": "heroku/python",
    }
    return Reply(body=[{"ordinal": 0, "buildpack": python}])


def collaborators(call: Call) -> Reply:
    """The owner, as the only collaborator of an app."""
    app = call.app
    owner = {
        "app": pair(app),
        "created_at": time(app.created_at),
        "id": fixed_id("collaborators", app.id),
        "permissions": [{"name": name, "description": ""} for name in ("deploy", "manage", "operate", "view")],
        "role": "owner",
        "updated_at": time(app.created_at),
        "user": {"email": app.owner.email, "federated": False, "id": app.owner.id},
    }
    return Reply(body=[owner])


def domains(call: Call) -> Reply:
    """The herokuapp.com domain of an app."""
    app = call.app
    own = {
        "acm_status": None,
        "acm_status_reason": None,
        "app": pair(app),
        "cname": None,
        "created_at": time(app.created_at),
        "hostname": app.host,
        "id": fixed_id("domains", app.id),
        "kind": "heroku",
        "sni_endpoint": None,
        "status": "none",
        "updated_at": time(app.created_at),
    }
    return Reply(body=[own], ranges=("id", "hostname"))


def certificates(call: Call) -> Reply:
    """The certificates of an app: none, for its only domain is Heroku's."""
    _ = call.app  # refused (404) where there is no such app
    return Reply(body=[])
