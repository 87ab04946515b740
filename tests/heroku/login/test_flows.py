"""The login flows against the sandbox, and against a login host that misbehaves."""

from __future__ import annotations

import base64
import json
import traceback

import httpx
import pytest

from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotAuthenticated,
    PlatformFailed,
    TwoFactorNeeded,
    Unreachable,
    UsageError,
)
from herodyno.heroku.login.flows import (
    LOGIN_URL,
    account_of,
    login_by_browser,
    login_by_password,
    login_url,
)
from herodyno.heroku.login.login_calls import LoginCalls
from tests.heroku.login_sandbox import API, SECRET, Sandbox, calls

CODE = "123456"


def test_a_password_becomes_a_token_by_the_call_the_heroku_cli_makes() -> None:
    sandbox = Sandbox()
    made = login_by_password(
        LoginCalls(httpx_transport=sandbox), API, "me@example.com", "pass:wörd", description="herodyno login from here"
    )
    (asked,) = sandbox.asked
    assert f"{asked.method} {asked.url}" == "POST https://api.heroku.com/oauth/authorizations"
    assert (
        base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() == "me@example.com:pass:wörd"
    )
    assert json.loads(asked.content) == {
        "description": "herodyno login from here",
        "expires_in": 30 * 24 * 3600,
        "scope": ["global"],
    }
    assert made.account == sandbox.state.account.email
    assert made.token.startswith("HRKU-SANDBOX-")
    assert made.token not in repr(made)


def test_a_second_factor_is_asked_for_once_and_used_for_the_login() -> None:
    sandbox, questions = Sandbox(two_factor=CODE), []

    def code() -> str:
        questions.append("?")
        return CODE

    made = login_by_password(LoginCalls(code=code, httpx_transport=sandbox), API, "a@b", "pw", description="d")
    assert made.token
    assert questions == ["?"]
    assert [request.headers.get("heroku-two-factor-code") for request in sandbox.asked] == [None, CODE]


def test_without_anybody_to_ask_the_second_factor_is_a_clear_refusal() -> None:
    with pytest.raises(TwoFactorNeeded):
        login_by_password(LoginCalls(httpx_transport=Sandbox(two_factor=CODE)), API, "a@b", "pw", description="d")


def test_an_account_without_a_second_factor_is_sent_to_the_browser() -> None:
    body = {"id": "device_trust_required", "message": "no"}
    with pytest.raises(NotAuthenticated, match="only from accounts with a second factor") as refused:
        login_by_password(calls(httpx.Response(403, json=body)), API, "a@b", "pw", description="d")
    assert "browser" in refused.value.next_step


def test_the_browser_flow_shows_the_address_waits_and_checks_the_token() -> None:
    sandbox, shown = Sandbox(), []
    made = login_by_browser(LoginCalls(httpx_transport=sandbox), API, LOGIN_URL, description="d", show=shown.append)
    assert [str(request.url.host) for request in sandbox.asked] == ["cli-auth.heroku.com"] * 2 + ["api.heroku.com"]
    assert sandbox.paths()[0] == "POST /auth"
    assert sandbox.paths()[2] == "GET /account"
    assert shown[0].startswith("https://cli-auth.heroku.com/auth/browser/")
    assert made.account == sandbox.state.account.email
    assert sandbox.asked[1].headers["authorization"] != f"Bearer {made.token}"


def test_a_login_in_the_browser_whose_account_is_not_told_is_revoked() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        replies = {
            "/auth": START,
            "/c": DONE,
            "/account": httpx.Response(500),
            "/oauth/sessions/~": httpx.Response(200),
        }
        return replies.get(request.url.path, httpx.Response(404))

    with pytest.raises(PlatformFailed):
        login_by_browser(
            LoginCalls(httpx_transport=httpx.MockTransport(answer)),
            API,
            LOGIN_URL,
            description="d",
            show=lambda _: None,
        )
    assert asked[3] == "DELETE /oauth/sessions/~"


START = httpx.Response(201, json={"browser_url": "/b", "cli_url": "/c", "token": "session"})
DONE = httpx.Response(200, json={"access_token": SECRET})
ACCOUNT = httpx.Response(200, json={"email": "me@example.com"})


class Clock:
    def __init__(self, step: float = 0.0) -> None:
        self.at, self.step, self.slept = 0.0, step, 0.0

    def now(self) -> float:
        self.at += self.step
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept += seconds


def wait_for(*replies: httpx.Response | Exception, clock: Clock | None = None) -> str:
    clock = clock or Clock()
    made = login_by_browser(
        calls(START, *replies), API, LOGIN_URL, description="d", show=lambda url: None, now=clock.now, sleep=clock.sleep
    )
    return made.token


def test_a_router_that_ends_the_waiting_is_asked_again() -> None:
    cut = httpx.Response(503, text="H12")
    assert wait_for(cut, httpx.ReadTimeout("slow"), cut, DONE, ACCOUNT) == SECRET


def test_a_login_host_that_only_fails_is_given_up_after_a_few_tries() -> None:
    with pytest.raises(PlatformFailed):
        wait_for(httpx.Response(503))
    with pytest.raises(Unreachable):
        wait_for(httpx.ConnectError("refused"))


def test_the_waiting_ends_after_ten_minutes() -> None:
    clock = Clock(step=30.0)
    with pytest.raises(PlatformFailed):
        wait_for(httpx.Response(503), clock=clock)
    assert 600 <= clock.at < 700


def test_a_login_that_was_declined_says_what_heroku_says() -> None:
    with pytest.raises(NotAuthenticated, match="declined"):
        wait_for(httpx.Response(200, json={"error": "declined"}))


@pytest.mark.parametrize(
    "path", ["@evil.example/x", ".evil.example/", "//evil.example", "https://evil.example", "/a\nb", ""]
)
def test_a_login_host_cannot_send_us_elsewhere(path: str) -> None:
    start = httpx.Response(201, json={"browser_url": path, "cli_url": "/c", "token": "session"})
    shown: list[str] = []
    with pytest.raises(BadReply):
        login_by_browser(calls(start), API, LOGIN_URL, description="d", show=shown.append)
    assert shown == []


@pytest.mark.parametrize(
    "start", [httpx.Response(201, json=[]), httpx.Response(201, json={}), httpx.Response(200, text="<html>")]
)
def test_a_reply_of_another_shape_is_a_bad_reply(start: httpx.Response) -> None:
    with pytest.raises(BadReply):
        login_by_browser(calls(start), API, LOGIN_URL, description="d", show=lambda url: None)


def test_the_login_host_is_herokus_or_loopback() -> None:
    assert login_url("") == "https://cli-auth.heroku.com"
    assert login_url("cli-auth.staging.herokudev.com") == "https://cli-auth.staging.herokudev.com"
    assert login_url("http://127.0.0.1:5000") == "http://127.0.0.1:5000"
    for host in ("https://cli-auth.evil.example", "http://cli-auth.heroku.com", "heroku.com.evil.example"):
        with pytest.raises(UsageError, match="HEROKU_LOGIN_HOST"):
            login_url(host)


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.Response(500, text="<html>"),
        httpx.Response(401, json={"id": "unauthorized", "message": "no"}),
        httpx.Response(429),
        httpx.Response(200, json={}),
    ],
    ids=["refused", "500", "401", "429", "no e-mail"],
)
def test_e13_no_failure_shows_the_token(failure: httpx.Response | Exception) -> None:
    with pytest.raises(HerodynoError) as failed:
        account_of(calls(failure), API, SECRET)
    assert SECRET not in "".join(traceback.format_exception(failed.value)) + failed.value.next_step
