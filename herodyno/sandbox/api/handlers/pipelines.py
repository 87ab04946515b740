"""Pipelines, and the coupling of each app with its pipeline and stage."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import fixed_id, generation_pair, pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply
from herodyno.sandbox.world.resources import App, Named, Refused


def pipeline(call: Call) -> Reply:
    """One pipeline by name or id."""
    found = _found(call)
    made = min((app.created_at for app in _apps_of(call, found)), default=call.world.now)
    owner = {"id": call.world.account.id, "type": "user"}
    shown = {"created_at": time(made), "id": found.id, "name": found.name, "owner": owner, "updated_at": time(made)}
    return Reply(body=shown | {"generation": generation_pair("cedar")})


def couplings(call: Call) -> Reply:
    """The apps of a pipeline, by id, each with its stage."""
    found = _found(call)
    return Reply(body=[_coupling(app) for app in _apps_of(call, found)], ranges=("id",))


def coupling_of_app(call: Call) -> Reply:
    """The pipeline of an app. Refused (404) for an app in no pipeline, as the CLI expects."""
    if call.app.pipeline is None:
        raise Refused(404, "not_found", "Couldn't find that pipeline coupling.", resource="pipeline-coupling")
    return Reply(body=_coupling(call.app))


def _found(call: Call) -> Named:
    known = [*call.world.pipelines, *(app.pipeline for app in call.world.apps.values() if app.pipeline)]
    for each in known:
        if call.args[0] in (each.id, each.name):
            return each
    raise Refused(404, "not_found", "Couldn't find that pipeline.", resource="pipeline")


def _apps_of(call: Call, wanted: Named) -> list[App]:
    return [app for app in call.world.apps.values() if app.pipeline and app.pipeline.id == wanted.id]


def _coupling(app: App) -> Json:
    return {
        "app": {"id": app.id},
        "created_at": time(app.created_at),
        "generation": generation_pair(app.generation),
        "id": fixed_id("pipeline-couplings", app.id),
        "pipeline": pair(app.pipeline),
        "stage": app.pipeline_stage,
        "updated_at": time(app.created_at),
    }
