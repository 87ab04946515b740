"""The account's side of the sandbox for logins, and replies that a test composes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from herodyno.heroku.login.login_calls import LoginCalls
from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario

API = "https://api.heroku.com"
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = "HRKU-login-secret"


class Sandbox(httpx.BaseTransport):
    """The sandbox, with a list of what was asked."""

    def __init__(self, **wishes: str) -> None:
        world = scenario("healthy", seed=1, start=AT)
        self.state = State(account=world.account, options=Options(**wishes))
        self.inner = httpx.WSGITransport(application(world, state=self.state))
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.inner.handle_request(request)

    def paths(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.asked]


def answering(*replies: httpx.Response | Exception) -> Callable[[httpx.Request], httpx.Response]:
    left = list(replies)

    def answer(_request: httpx.Request) -> httpx.Response:
        reply = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    return answer


def calls(*replies: httpx.Response | Exception) -> LoginCalls:
    return LoginCalls(httpx_transport=httpx.MockTransport(answering(*replies)))
