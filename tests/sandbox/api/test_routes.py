"""Every call the sandbox answers is exactly what Heroku's published schema says, in both of its variants."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from herodyno.sandbox.api.routes import BEYOND_THE_SCHEMA, ROUTES, Route
from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.resources import Named
from herodyno.sandbox.world.world import World
from tests.sandbox.api_client import Api
from tests.schema.strict import check, shape_of

TEAM = Named(id="0f7dd3b6-1a2a-4d56-9e3d-0c6cb9a2a001", name="example-team")
SPACE = Named(id="0f7dd3b6-1a2a-4d56-9e3d-0c6cb9a2a002", name="example-space", shield=True)
PIPELINE = Named(id="0f7dd3b6-1a2a-4d56-9e3d-0c6cb9a2a003", name="example-pipeline")
DRAIN = "https://example.com/drain?token=x"

TELEMETRY = {
    "signals": ["traces", "metrics"],
    "exporter": {"type": "otlphttp", "endpoint": "https://example.com/otlp", "headers": {"API-Key": "x"}},
}

# What the parts of a path are called here, in the order of the parts; the rest is looked up in the world.
PARTS = {
    "/accounts/{}/actions/get-quota": lambda world: [world.account.id],
    "/apps/{}/addons/{}": lambda world: ["cedar-app", f"postgresql-{world.app('cedar-app').id[:8]}"],
    "/apps/{}/features/{}": lambda world: ["cedar-app", "preboot"],
    "/apps/{}/formation/{}": lambda world: ["cedar-app", "web"],
    "/apps/{}/formations/{}": lambda world: ["cedar-app", "web"],
    "/apps/{}/formations/{}/actions/stop": lambda world: ["cedar-app", "web"],
    "/apps/{}/log-drains/{*}": lambda world: ["cedar-app", quote(DRAIN, safe="")],
    "/apps/{}/releases/{}": lambda world: ["cedar-app", "v3"],
    "/apps/{}/releases/{}/config-vars": lambda world: ["cedar-app", "3"],
    "/dyno-sizes/{}": lambda world: ["standard-1x"],
    "/pipelines/{}": lambda world: ["example-pipeline"],
    "/pipelines/{}/pipeline-couplings": lambda world: [PIPELINE.id],
    "/spaces/{}": lambda world: ["example-space"],
    "/spaces/{}/dynos": lambda world: ["example-space"],
    "/spaces/{}/telemetry-drains": lambda world: ["example-space"],
    "/telemetry-drains/{}": lambda world: [world.telemetry_drains[0].id],
    "/teams/{}": lambda world: ["example-team"],
    "/teams/{}/apps": lambda world: ["example-team"],
}  # fmt: skip
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/apps/{}"): {"maintenance": True},
    ("PATCH", "/apps/{}/config-vars"): {"NEW": "1", "SECRET_KEY_BASE": None},
    ("PATCH", "/apps/{}/features/{}"): {"enabled": True},
    ("PATCH", "/apps/{}/formation"): {"updates": [{"type": "web", "quantity": "+1", "size": "private-l"}]},
    ("PATCH", "/apps/{}/formation/{}"): {"quantity": 1},
    ("POST", "/apps/{}/dynos"): {"command": "echo hi", "attach": True, "env": {"A": "1"}},
    ("POST", "/apps/{}/dynos/{}"): {"command": "bash"},
    ("POST", "/apps/{}/log-drains"): {"url": "https://example.com/another"},
    ("POST", "/apps/{}/log-sessions"): {"lines": 10, "dyno": "web.1"},
    ("POST", "/apps/{}/releases"): {"release": "v2"},
    ("PATCH", "/telemetry-drains/{}"): {"signals": ["logs"]},
    ("POST", "/telemetry-drains"): {**TELEMETRY, "owner": {"id": SPACE.id, "type": "space"}},
    ("POST", "/oauth/authorizations"): {"description": "test", "expires_in": 60, "scope": ["global"]},
}
# Fields beyond the schema, each named in BEYOND_THE_SCHEMA.
MORE_FIELDS = {"app": {"process_tier"}}


@pytest.fixture
def rich_world() -> World:
    """A Cedar app in a team, a space and a pipeline, with a database and a drain; an Eco app; a Fir app."""
    world = World(seed=3)
    world.teams.append(TEAM)
    world.spaces.append(SPACE)
    web = {"web": (2, "Private-M", "serve")}
    app = world.create_app("cedar-app", AppSpec(formation=web, team=TEAM, space=SPACE))
    app.pipeline, app.pipeline_stage = PIPELINE, "production"
    app.config["DATABASE_URL"] = "postgres://example"
    world.create_app("eco-app", AppSpec(formation={"web": (1, "Eco", "serve")})).process_tier = "eco"
    world.create_app("fir-app", AppSpec(formation={"web": (1, "dyno-1c-0.5gb", "serve")}, generation="fir"))
    world.tick(60)
    world.run("cedar-app", "sleep 100")
    world.add_drain("cedar-app", DRAIN)
    owner = {"owner": {"id": world.app("fir-app").id, "type": "app"}}
    assert Api(world)("POST", "/telemetry-drains", {**TELEMETRY, **owner}).status_code == 201
    return world


def path_of(route: Route, api: Api) -> str:
    world = api.world
    dyno = next(iter(world.app("cedar-app").dynos))
    default = ["cedar-app", dyno]
    if route.path.startswith("/oauth/"):
        default = [api("POST", "/oauth/authorizations", {}).json()["id"]]
    elif route.path.startswith("/auth/"):
        default = [api("POST", "/auth", {}).json()["token"]]
    elif route.path.startswith("/users/"):
        default = ["~"]
    parts = iter(PARTS[route.path](world) if route.path in PARTS else default)
    return re.sub(r"\{\*?\}", lambda _: next(parts), route.path)


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("variant", ["3", "3.sdk"])
@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_the_reply_is_valid_in_strict_form(route: Route, variant: str, rich_world: World) -> None:
    api = Api(rich_world)
    shape = shape_of(variant, route.method, route.path.replace("{*}", "{}"))

    reply = api(route.method, path_of(route, api), BODIES.get((route.method, route.path)), variant=variant)

    if shape is None:
        listed = named(route) in {place for place, _, _ in BEYOND_THE_SCHEMA}
        assert listed or shape_of("3.sdk", route.method, route.path), "neither in the schema nor in the list"
        assert reply.status_code in (200, 201, 404)
        return
    assert reply.status_code in (200, 201, 202), reply.text
    check(variant, shape, without_more_fields(shape, reply.json()))
    assert "X-Herodyno-Sandbox" in reply.headers


def without_more_fields(shape: str, body: Any) -> Any:
    if isinstance(body, list):
        return [without_more_fields(shape.strip("[]"), item) for item in body]
    return {key: value for key, value in body.items() if key not in MORE_FIELDS.get(shape, ())}


@pytest.mark.parametrize("name", ["cedar-app", "eco-app", "fir-app"])
@pytest.mark.parametrize("what", ["", "/dynos", "/formation", "/releases", "/available-dyno-sizes", "/log-drains",
                                  "/telemetry-drains"])  # fmt: skip
def test_apps_of_each_kind_are_shown_in_strict_form(name: str, what: str, rich_world: World) -> None:
    for variant in ("3", "3.sdk"):
        body = Api(rich_world)("GET", f"/apps/{name}{what}", variant=variant).json()
        shape = shape_of(variant, "GET", f"/apps/{{}}{what}")
        assert shape
        check(variant, shape, without_more_fields(shape, body))


def test_the_list_of_what_goes_beyond_the_schema_has_no_stale_entry() -> None:
    assert {place for place, _, _ in BEYOND_THE_SCHEMA} <= {named(route) for route in ROUTES}
    assert all(what and source for _, what, source in BEYOND_THE_SCHEMA)


def test_an_unknown_call_is_told_from_an_unknown_app(rich_world: World) -> None:
    api = Api(rich_world)
    assert "requested API endpoint was not found" in api("GET", "/nowhere").json()["message"]
    assert api("GET", "/apps/nowhere").json()["message"] == "Couldn't find that app."
