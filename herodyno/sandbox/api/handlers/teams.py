"""Teams and private spaces, with the apps in them."""

from __future__ import annotations

from datetime import datetime

from herodyno.sandbox.api.handlers.apps import app_json
from herodyno.sandbox.api.handlers.dynos import dyno_json
from herodyno.sandbox.api.handlers.json_fields import fixed_id, in_variant, pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply
from herodyno.sandbox.world.resources import App, Named, Refused

NOT_OF_A_TEAM_APP = {"acm", "organization", "process_tier"}


def list_teams(call: Call) -> Reply:
    """All teams."""
    return Reply(body=[_team_json(call, each) for each in call.world.teams], ranges=("id", "name"))


def team(call: Call) -> Reply:
    """One team by name or id."""
    return Reply(body=_team_json(call, _find(call.world.teams, call.args[0], "team")))


def team_apps(call: Call) -> Reply:
    """The apps of a team."""
    owner = _find(call.world.teams, call.args[0], "team")
    return Reply(body=[_team_app(app, call) for app in _apps_of(call, team=owner)], ranges=("id", "name"))


def list_spaces(call: Call) -> Reply:
    """All private spaces."""
    return Reply(body=[_space_json(call, each) for each in call.world.spaces], ranges=("id", "name"))


def space(call: Call) -> Reply:
    """One private space by name or id."""
    return Reply(body=_space_json(call, _find(call.world.spaces, call.args[0], "space")))


def space_dynos(call: Call) -> Reply:
    """The dynos of a space by app, for `heroku spaces:ps`. Beyond the schema."""
    here = _find(call.world.spaces, call.args[0], "space")
    groups = [
        {
            "app_id": app.id,
            "app_name": app.name,
            "dynos": [dyno_json(app, each) for each in call.world.listed_dynos(app.name)],
        }
        for app in _apps_of(call, space=here)
    ]
    return Reply(body=groups)


def _find(places: list[Named], name_or_id: str, kind: str) -> Named:
    for each in places:
        if name_or_id in (each.id, each.name):
            return each
    raise Refused(404, "not_found", f"Couldn't find that {kind}.", resource=kind)


def _apps_of(call: Call, *, team: Named | None = None, space: Named | None = None) -> list[App]:
    return [app for app in call.world.apps.values() if (app.team if team else app.space) == (team or space)]


def _made(apps: list[App], call: Call) -> datetime:
    """When a team or space was created: as early as its oldest app."""
    return min((app.created_at for app in apps), default=call.world.now)


def _team_app(app: App, call: Call) -> Json:
    shown = {key: value for key, value in app_json(app, call.variant).items() if key not in NOT_OF_A_TEAM_APP}
    return shown | {"joined": True, "locked": False}


def _team_json(call: Call, team: Named) -> Json:
    made = time(_made(_apps_of(call, team=team), call))
    full = {
        "created_at": made,
        "credit_card_collections": True,
        "default": False,
        "enterprise_account": None,
        "id": team.id,
        "identity_provider": None,
        "membership_limit": None,
        "name": team.name,
        "pipeline_cost_consent_at": None,
        "pipeline_cost_consent_user_email": None,
        "provisioned_licenses": False,
        "role": "admin",
        "type": "team",
        "updated_at": made,
    }
    return in_variant("team", call.variant, full)


def _space_json(call: Call, space: Named) -> Json:
    apps = _apps_of(call, space=space)
    made = time(_made(apps, call))
    owner = next((app.team for app in apps if app.team), Named(id=fixed_id("teams", space.name), name="example-team"))
    full = {
        "cidr": "10.0.0.0/16",
        "created_at": made,
        "data_cidr": "10.1.0.0/16",
        "generation": apps[0].generation if apps else "cedar",
        "id": space.id,
        "name": space.name,
        "organization": {"name": owner.name},
        "region": {"id": fixed_id("regions", "virginia"), "name": "virginia"},
        "shield": space.shield,
        "state": "allocated",
        "team": pair(owner),
        "updated_at": made,
    }
    return in_variant("space", call.variant, full)
