"""A token does what its scopes allow: each call is tried with a token of each scope."""

from __future__ import annotations

import re

import pytest

from herodyno.sandbox.api.routes import ROUTES, Route
from herodyno.sandbox.api.scopes import NOT_ALLOWED, SCOPES
from herodyno.sandbox.world.world import World
from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld

WRITES = [route for route in ROUTES if route.method != "GET" and not route.free]
READS = [route for route in ROUTES if route.method == "GET" and not route.free]
# What `read` does not show: the account, the authorizations, config vars.
HIDDEN = {
    "/account", "/account/features", "/account/rate-limits", "/accounts/{}/actions/get-quota",
    "/oauth/authorizations", "/oauth/authorizations/{}", "/apps/{}/config-vars", "/apps/{}/releases/{}/config-vars",
}  # fmt: skip


@pytest.fixture
def api(make_world: MakeWorld) -> Api:
    return Api(make_world())


def token_of(api: Api, *scope: str, expires_in: int | None = None) -> str:
    made = api("POST", "/oauth/authorizations", {"scope": list(scope), "expires_in": expires_in})
    assert made.status_code == 201
    assert made.json()["scope"] == list(scope)
    return str(made.json()["access_token"]["token"])


def refused(api: Api, route: Route, token: str) -> bool:
    """Whether the scope is the reason. Names that do not exist come later than the scope, so any will do."""
    reply = api(route.method, re.sub(r"\{\*?\}", "example-app", route.path), {}, token=token)
    said = reply.json()
    if isinstance(said, dict) and said.get("message") == NOT_ALLOWED:
        assert (reply.status_code, said["id"]) == (403, "forbidden")
        return True
    assert reply.status_code != 403
    return False


def state_of(world: World) -> object:
    app = world.app("example-app")
    return [
        sorted(app.dynos), {name: each.quantity for name, each in app.formation.items()}, len(app.releases),
        dict(app.config), app.maintenance, len(world.telemetry_drains),
    ]  # fmt: skip


def test_a_token_of_scope_read_is_refused_for_each_write_and_changes_nothing(api: Api) -> None:
    token = token_of(api, "read")
    before, tokens = state_of(api.world), list(api.state.authorizations)
    assert len(WRITES) > 20
    assert [f"{each.method} {each.path}" for each in WRITES if not refused(api, each, token)] == []
    assert (state_of(api.world), api.state.authorizations, api.state.sessions) == (before, tokens, {})


def test_a_write_in_the_coat_of_a_read_is_refused_too(api: Api) -> None:
    token = token_of(api, "read")
    reply = api("GET", "/apps/example-app/dynos", token=token, x_http_method_override="DELETE")
    assert reply.json()["message"] == NOT_ALLOWED


def test_a_token_of_scope_read_reads_all_but_the_account_and_config_vars(api: Api) -> None:
    token = token_of(api, "read")
    assert {each.path for each in READS if refused(api, each, token)} == HIDDEN


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope != "global"])
def test_no_scope_but_global_sees_or_makes_authorizations(api: Api, scope: str) -> None:
    token = token_of(api, scope)
    of_oauth = [each for each in (*READS, *WRITES) if each.path.startswith("/oauth/")]
    assert all(refused(api, each, token) for each in of_oauth)


@pytest.mark.parametrize(
    ("scopes", "call", "is_allowed"),
    [
        (["global"], "GET /account", True),
        (["identity"], "GET /account", True),
        (["identity"], "GET /apps", False),
        (["write"], "GET /apps", False),
        (["write"], "PATCH /apps/example-app", True),
        (["write"], "PATCH /apps/example-app/config-vars", False),
        (["write-protected"], "PATCH /apps/example-app/config-vars", True),
        (["read-protected"], "GET /apps/example-app/config-vars", True),
        (["read-protected"], "PATCH /apps/example-app", False),
        (["identity", "read"], "GET /account", True),
    ],
)
def test_what_each_scope_is_for(api: Api, scopes: list[str], call: str, is_allowed: bool) -> None:
    method, path = call.split()
    reply = api(method, path, {"maintenance": False} if method == "PATCH" else None, token=token_of(api, *scopes))
    assert (reply.status_code == 403) is not is_allowed


def test_an_expired_token_is_401_whatever_its_scope_and_its_seconds_run_down(api: Api) -> None:
    token = token_of(api, "read", expires_in=60)
    api.world.tick(45)
    (listed,) = api("GET", "/oauth/authorizations").json()
    assert listed["access_token"]["expires_in"] == 15
    assert api("GET", "/apps", token=token).status_code == 200
    api.world.tick(15)
    for call in (("GET", "/apps"), ("DELETE", "/apps/example-app/dynos")):
        reply = api(*call, token=token)
        assert (reply.status_code, reply.json()["message"]) == (401, "Invalid credentials provided.")


@pytest.mark.parametrize("scope", ["read", {"read": True}, [], ["everything"], ["read", None]])
def test_a_scope_that_heroku_does_not_know_makes_no_token(api: Api, scope: object) -> None:
    assert api("POST", "/oauth/authorizations", {"scope": scope}).status_code == 422
    assert api.state.authorizations == []


@pytest.mark.parametrize(("sent", "seconds"), [(3600, 3600), ("3600", 3600), (None, None)])
def test_a_life_is_a_number_or_its_text_as_the_heroku_cli_sends_it(api: Api, sent: object, seconds: int | None) -> None:
    made = api("POST", "/oauth/authorizations", {"expires_in": sent}).json()
    assert (made["access_token"]["expires_in"], made["scope"]) == (seconds, ["global"])


@pytest.mark.parametrize("sent", [0, -1, True, 1.5, "", "0", "-1", "1h", [], {}])
def test_a_life_that_is_none_makes_no_token(api: Api, sent: object) -> None:
    assert api("POST", "/oauth/authorizations", {"expires_in": sent}).status_code == 422
