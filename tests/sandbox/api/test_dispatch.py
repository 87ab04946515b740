"""Access to the sandbox's API and its headers: tokens, rate limit, second factor, pages, ETag."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld

KEYS = [
    *("maintenance", "enabled", "updates", "type", "quantity", "size", "dyno_size", "name", "id", "command", "env"),
    *("attach", "time_to_live", "force_no_tty", "url", "lines", "tail", "source", "dyno", "release", "expires_in"),
]


@pytest.fixture
def api(make_world: MakeWorld) -> Api:
    return Api(make_world(web=3))


@pytest.mark.parametrize("token", ["", "undefined", "invalid"])
def test_no_token_or_a_refused_one_is_401(api: Api, token: str) -> None:
    reply = api("GET", "/account", token=token)
    assert reply.status_code == 401
    assert reply.json() == {"id": "unauthorized", "message": "Invalid credentials provided."}


@pytest.mark.parametrize("user", ["", "ana@example.com"])
def test_a_token_may_come_as_the_password_of_a_basic_header(api: Api, user: str) -> None:
    basic = base64.b64encode(f"{user}:any".encode()).decode()
    assert api("GET", "/account", authorization=f"Basic {basic}").status_code == 200
    assert api("GET", "/account", authorization="Basic %%%").status_code == 401


def test_every_reply_has_its_own_request_id_and_says_it_is_no_heroku(api: Api) -> None:
    replies = [api("GET", path) for path in ("/account", "/apps/nowhere", "/nowhere")]
    assert len({reply.headers["Request-Id"] for reply in replies}) == 3
    assert all(reply.headers["X-Herodyno-Sandbox"].startswith("1; schema=") for reply in replies)


def test_the_same_world_gives_the_same_bytes(make_world: MakeWorld) -> None:
    def record() -> list[tuple[bytes, list[tuple[str, str]]]]:
        api = Api(make_world(web=3))
        calls = [("GET", "/apps/example-app/dynos"), ("POST", "/apps/example-app/log-sessions"), ("GET", "/nowhere")]
        replies = [api(method, path, {} if method == "POST" else None) for method, path in calls]
        return [(reply.content, list(reply.headers.items())) for reply in replies]

    assert record() == record()


def test_the_bucket_empties_and_fills_again(make_world: MakeWorld) -> None:
    api = Api(make_world(), rate_limit=2)
    assert [api("GET", "/apps").headers["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]

    refused = api("GET", "/apps")
    assert (refused.status_code, refused.json()["id"]) == (429, "rate_limit")

    api.world.tick(60)
    assert api("GET", "/apps").status_code == 200


def test_asking_how_many_calls_are_left_is_free(api: Api) -> None:
    api("GET", "/apps")
    assert [api("GET", "/account/rate-limits").json()["remaining"] for _ in range(2)] == [4499, 4499]


def test_a_second_factor_is_asked_for_and_the_app_is_named(make_world: MakeWorld) -> None:
    api = Api(make_world(), two_factor="123456")

    refused = api("GET", "/apps/example-app")
    assert (refused.status_code, refused.json()["id"], refused.json()["app"]["name"]) == (
        403,
        "two_factor",
        "example-app",
    )
    assert "app" not in api("GET", "/account").json()
    assert api("GET", "/account", heroku_two_factor_code="000000").status_code == 403
    assert api("GET", "/account", heroku_two_factor_code="123456").status_code == 200


def test_an_app_can_be_pre_authorized(make_world: MakeWorld) -> None:
    api = Api(make_world(), two_factor="123456")
    assert api("PUT", "/apps/example-app/pre-authorizations").status_code == 403
    assert api("PUT", "/apps/example-app/pre-authorizations", heroku_two_factor_code="123456").status_code == 201
    assert api("GET", "/apps/example-app").status_code == 200


def test_a_forbidden_app_is_403_and_not_listed(make_world: MakeWorld) -> None:
    api = Api(make_world(), forbidden_apps=frozenset({"example-app"}))
    assert api("GET", "/apps").json() == []
    refused = api("GET", "/apps/example-app/dynos")
    assert (refused.status_code, refused.json()["id"]) == (403, "forbidden")


def test_a_warning_goes_out_with_every_reply(make_world: MakeWorld) -> None:
    assert Api(make_world(), warning="Stack is old")("GET", "/apps").headers["X-Heroku-Warning"] == "Stack is old"
    assert "X-Heroku-Warning" not in Api(make_world())("GET", "/apps").headers


def test_a_known_etag_gets_304_and_no_body(api: Api) -> None:
    etag = api("GET", "/apps/example-app").headers["ETag"]
    unchanged = api("GET", "/apps/example-app", if_none_match=etag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    api("PATCH", "/apps/example-app", {"maintenance": True})
    assert api("GET", "/apps/example-app", if_none_match=etag).status_code == 200


def test_a_list_is_paged_by_range(api: Api) -> None:
    first = api("GET", "/apps/example-app/dynos", range="name ..; max=2")
    assert (first.status_code, [dyno["name"] for dyno in first.json()]) == (206, ["web.1", "web.2"])
    rest = api("GET", "/apps/example-app/dynos", range=first.headers["Next-Range"])
    assert (rest.status_code, [dyno["name"] for dyno in rest.json()]) == (200, ["web.3"])
    assert api("GET", "/apps/example-app/dynos", range="colour ..").status_code == 416


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/vnd.heroku+json; version=3", 200),
        ("application/vnd.heroku+json; version=3.account-quotas", 200),
        ("*/*", 200),
        ("text/html", 406),
        ("application/vnd.heroku+json; version=9", 406),
    ],
)
def test_the_version_asked_for(api: Api, accept: str, status: int) -> None:
    assert api("GET", "/account", accept=accept).status_code == status


def test_the_variants_differ_where_the_schemas_do(api: Api) -> None:
    assert api("GET", "/apps/example-app", variant="3.sdk").json()["generation"] == "cedar"
    assert api("GET", "/apps/example-app", variant="3").json()["generation"]["name"] == "cedar"


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff", b'{"a": "\\udcff"}', b"[" * 100_000])
def test_a_body_that_is_no_object_is_400(api: Api, body: bytes) -> None:
    reply = api._client.patch("/apps/example-app", content=body, headers={"Authorization": "Bearer any"})
    assert (reply.status_code, reply.json()["id"]) == (400, "bad_request")


def test_a_crippled_client_may_override_the_method(api: Api) -> None:
    assert api("POST", "/apps/example-app", {"maintenance": True}, x_http_method_override="PATCH").json()["maintenance"]


ANYTHING = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=12),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.sampled_from(KEYS), inner),
    max_leaves=6,
)
WRITES = [
    ("PATCH", "/apps/example-app"),
    ("PATCH", "/apps/example-app/config-vars"),
    ("PATCH", "/apps/example-app/features/preboot"),
    ("PATCH", "/apps/example-app/formation"),
    ("PATCH", "/apps/example-app/formation/web"),
    ("POST", "/apps/example-app/dynos"),
    ("POST", "/apps/example-app/dynos/web.1"),
    ("POST", "/apps/example-app/log-drains"),
    ("POST", "/apps/example-app/log-sessions"),
    ("POST", "/apps/example-app/releases"),
    ("POST", "/auth"),
    ("POST", "/oauth/authorizations"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=strategies.dictionaries(strategies.sampled_from(KEYS), ANYTHING, max_size=4))
def test_no_body_breaks_it(make_world: MakeWorld, method: str, path: str, body: Any) -> None:
    assert Api(make_world())(method, path, body).status_code < 500


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=strategies.text(strategies.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_no_range_breaks_it(make_world: MakeWorld, value: str) -> None:
    assert Api(make_world())("GET", "/apps/example-app/dynos", range=value).status_code in (200, 206, 416)


def test_a_call_that_is_not_simulated_is_404_and_says_so_in_few_words(api: Api) -> None:
    told = api("POST", "/apps/example-app/addons", {"plan": "heroku-redis"}).json()["message"]
    assert told.endswith("(The sandbox does not simulate POST /apps/example-app/addons.)")
    assert len(api("GET", "/" + "x" * 60_000).json()["message"]) < 400
