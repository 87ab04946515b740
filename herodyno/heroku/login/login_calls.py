"""Requests that carry credentials of their own: a password, or a token that is being tried or ended.

For logging in and out only. Each is sent once (a second time with a second factor, if that is what was
missing), to the API or to the login host; everything else goes through Transport.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from herodyno.errors import BadReply, HerodynoError, NotAuthenticated, TwoFactorNeeded
from herodyno.heroku.net.repeats import Lost
from herodyno.heroku.net.replies import Reply, error_of, two_factor_app

if TYPE_CHECKING:
    import httpx

_TRUST = "Heroku takes a password only from accounts with a second factor"


class LoginCalls:
    """The door for them. `code` is asked for a second factor, once; `httpx_transport` is where tests answer."""

    def __init__(
        self, *, code: Callable[[], str] | None = None, httpx_transport: httpx.BaseTransport | None = None
    ) -> None:
        self._ask_for_code = code
        self._code = ""
        self._httpx_transport = httpx_transport

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: object = None, *, seconds: float = 30.0
    ) -> Reply:
        """The reply, whatever its status. Raises Unreachable, BadReply, and what `code` raises."""
        reply = self._send(method, url, headers, body, seconds)
        if two_factor_app(reply) is None or self._ask_for_code is None:
            return reply
        self._code = self._code or self._ask_for_code()
        return self._send(method, url, {**headers, "heroku-two-factor-code": self._code}, body, seconds)

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: object = None, *, seconds: float = 30.0
    ) -> dict[str, Any]:
        """The JSON object of a 2xx reply; any other reply is raised as the error it means."""
        reply = self.send(method, url, headers, body, seconds=seconds)
        if not reply.is_success:
            raise refusal(reply)
        document = reply.json()
        if not isinstance(document, dict):
            raise BadReply(f"no JSON object in the reply to {reply.asked}")
        return document

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: object, seconds: float) -> Reply:
        from herodyno.heroku.net.connections import open_client
        from herodyno.heroku.net.one_try import HttpRequest, one_try

        sent = {"accept": "application/vnd.heroku+json; version=3", "accept-encoding": "gzip", **headers}
        content = None
        if body is not None:
            sent["content-type"] = "application/json"
            content = json.dumps(body).encode()
        with open_client(url, httpx_transport=self._httpx_transport, keep_alive=False) as client:
            try:
                request = HttpRequest(method, url, sent, content)
                return one_try(client, request, seconds=seconds, in_process=self._httpx_transport is not None)
            except Lost as lost:
                raise lost.error(lost.what, next_step=lost.next_step) from None


def refusal(reply: Reply) -> HerodynoError:
    """The error a login's reply means: here it is not the run's token that was refused."""
    error = error_of(reply)
    if isinstance(error, NotAuthenticated) and not isinstance(error, TwoFactorNeeded):
        return NotAuthenticated("Heroku does not take these credentials", next_step="herodyno auth login")
    if getattr(error, "error_id", "") == "device_trust_required":
        return NotAuthenticated(_TRUST, next_step="herodyno auth login, which uses the browser")
    return error


def text_in(document: Mapping[str, Any], *path: str) -> str:
    """The text at a path of a reply; BadReply names the path when it is missing or no text."""
    value: Any = document
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    if not isinstance(value, str) or not value:
        raise BadReply(f"the reply has no {'.'.join(path)}")
    return value
