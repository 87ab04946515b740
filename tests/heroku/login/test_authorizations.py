"""Authorizations against the sandbox, and against replies of another shape."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import jsonschema
import pytest

from herodyno.errors import BadReply, HerodynoError, NotAuthenticated, RefusedByHeroku
from herodyno.heroku.login.authorizations import authorization_of, authorize, bearer, revoke, revoke_by_id
from herodyno.heroku.login.flows import account_of, login_by_password
from herodyno.heroku.login.login_calls import LoginCalls
from tests.heroku.login_sandbox import API, AT, SECRET, Sandbox, calls
from tests.real_parts import SHARED_DATA, need_shared_data

HOUR = timedelta(hours=1)


def test_a_lesser_token_is_made_by_one_call_and_its_scope_and_end_are_those_heroku_tells() -> None:
    sandbox = Sandbox()
    door = LoginCalls(httpx_transport=sandbox)
    made = authorize(door, API, bearer("any"), description="d", expires_in=HOUR, scope=("read",))
    assert sandbox.paths() == ["POST /oauth/authorizations"]
    assert (made.scope, made.ends_at(AT), made.account) == (("read",), AT + HOUR, sandbox.state.account.email)
    assert made.token not in repr(made)
    assert account_of(door, API, made.token) == "", "it works, and does not show its account"
    with pytest.raises(RefusedByHeroku, match="The scope of this OAuth authorization") as refused:
        authorize(door, API, bearer(made.token), description="d", expires_in=HOUR, scope=("write",))
    assert "needs a token of scope global: herodyno auth login --scope global" in refused.value.next_step
    assert len(sandbox.state.authorizations) == 1


@pytest.mark.parametrize("name", ["heroku-schema-3.json", "heroku-schema-3.sdk.json"])
def test_the_request_is_one_of_the_published_schema(name: str) -> None:
    need_shared_data()
    sandbox = Sandbox()
    made = authorize(
        LoginCalls(httpx_transport=sandbox),
        API,
        bearer("any"),
        description="d",
        expires_in=HOUR,
        scope=("read", "write"),
    )
    body = json.loads(sandbox.asked[0].content)
    definitions = json.loads((SHARED_DATA / name).read_text())["definitions"]
    (link,) = [each for each in definitions["oauth-authorization"]["links"] if each["title"] == "Create"]
    assert set(body) <= set(link["schema"]["properties"])
    jsonschema.Draft4Validator({**link["schema"], "definitions": definitions}).validate(body)
    assert (made.scope, body["expires_in"]) == (("read", "write"), 3600)


def test_a_lesser_token_cannot_revoke_itself_and_another_of_the_account_can() -> None:
    door = LoginCalls(httpx_transport=Sandbox())
    made = authorize(door, API, bearer("any"), description="d", expires_in=HOUR, scope=("read", "write"))
    for end in (lambda: revoke(door, API, made.token), lambda: revoke_by_id(door, API, made.id, made.token)):
        with pytest.raises(RefusedByHeroku):
            end()
    assert revoke_by_id(door, API, made.id, "any") is True
    assert revoke_by_id(door, API, made.id, "any") is False
    with pytest.raises(NotAuthenticated):
        account_of(door, API, made.token)


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"access_token": None},
        {"access_token": {"token": ""}},
        {"access_token": {"token": "two words"}, "user": {"email": "a@b"}},
    ],
)
def test_a_reply_without_a_token_makes_none_and_shows_none(reply: object) -> None:
    with pytest.raises((BadReply, NotAuthenticated)) as bad:
        authorize(calls(httpx.Response(201, json=reply)), API, bearer("x"), description="d", expires_in=HOUR)
    assert isinstance(bad.value, HerodynoError)
    assert SECRET not in bad.value.message


@pytest.mark.parametrize("user", [None, {}, {"email": None}, "a@b", {"email": 7}])
def test_a_token_that_was_made_is_not_lost_where_the_reply_names_no_account(user: object) -> None:
    reply = httpx.Response(201, json={"id": "id-1", "access_token": {"token": SECRET}, "user": user})
    made = authorize(calls(reply), API, bearer("x"), description="d", expires_in=HOUR)
    assert (made.id, made.token, made.account) == ("id-1", SECRET, "")


@pytest.mark.parametrize(("seconds", "known"), [(10**30, True), (-5, True), ("60", False), (None, False), (1.5, False)])
def test_an_odd_end_is_far_away_or_now_or_not_known(seconds: object, known: bool) -> None:
    found = authorization_of(calls(authorizations(SECRET, expires_in=seconds)), API, SECRET)
    assert found
    assert (found.ends_at(AT) is not None) is known
    assert found.scope == ()


def authorizations(*tokens: str, **access: object) -> httpx.Response:
    entries = [{"id": f"id-{i}", "access_token": {"token": token, **access}} for i, token in enumerate(tokens)]
    return httpx.Response(200, json=entries)


@pytest.mark.parametrize("shown", [SECRET, "HRKU-log" + "*" * 10, "HRKU-log" + "*" * 10 + "cret"])
def test_the_end_of_a_token_is_found_though_the_api_hides_its_middle(shown: str) -> None:
    found = authorization_of(calls(authorizations("HRKU-other", shown, expires_in=3600)), API, SECRET)
    assert found
    assert found.ends_at(AT) == AT + timedelta(hours=1)


@pytest.mark.parametrize(
    "reply",
    [
        authorizations("HRKU-other", "HRKU-x" + "*" * 10, expires_in=3600),
        authorizations(SECRET, expires_in=None),
        httpx.Response(200, json=[None, {"access_token": None}, {"access_token": {"token": 1}}]),
        httpx.Response(403, json={"id": "forbidden", "message": "no"}),
        authorizations("HRKU-" + "*" * 10, expires_in=3600),
    ],
    ids=["others only", "no end", "odd entries", "not allowed", "too much hidden"],
)
def test_an_end_that_is_not_told_is_none(reply: httpx.Response) -> None:
    found = authorization_of(calls(reply), API, SECRET)
    assert (found.ends_at(AT) if found else None) is None


def test_logout_ends_the_session_and_the_authorization_of_this_token_alone() -> None:
    sandbox = Sandbox()
    door = LoginCalls(httpx_transport=sandbox)
    mine = login_by_password(door, API, "a@b", "pw", description="mine")
    other = login_by_password(door, API, "a@b", "pw", description="other")
    assert revoke(door, API, mine.token) is True
    assert "DELETE /oauth/sessions/~" in sandbox.paths()
    with pytest.raises(NotAuthenticated):
        account_of(door, API, mine.token)
    assert account_of(door, API, other.token)
    assert revoke(door, API, mine.token) is False, "a second time there is nothing left, and that is no error"


def test_what_may_be_another_token_is_not_revoked() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(404) if request.method == "DELETE" else authorizations(*["HRKU-log" + "*" * 10] * 2)

    assert revoke(LoginCalls(httpx_transport=httpx.MockTransport(answer)), API, SECRET) is False
    assert [one for one in asked if one.startswith("DELETE")] == ["DELETE /oauth/sessions/~"]


def test_the_accounts_api_key_is_never_revoked() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        if request.method == "DELETE":
            return httpx.Response(404, json={"id": "not_found"})
        entry = {"id": "key", "access_token": {"token": SECRET}}
        return httpx.Response(200, json=entry if request.url.path.endswith("~") else [entry])

    assert revoke(LoginCalls(httpx_transport=httpx.MockTransport(answer)), API, SECRET) is False
    assert [one for one in asked if one.startswith("DELETE")] == ["DELETE /oauth/sessions/~"]
