"""Requests that carry credentials of their own: a password, or a token that is being tried or ended.

For logging in and out only. Each is sent once, to the API or to the login host; everything else goes
through Transport, which knows one token and one host.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from herodyno.errors import BadReply, NotAuthenticated, TwoFactorNeeded
from herodyno.heroku.repeats import Lost
from herodyno.heroku.replies import Reply, error_of

if TYPE_CHECKING:
    import httpx

_TRUST = "Heroku takes a password only from accounts with a second factor"


class LoginCalls:
    """The door for them. `httpx_transport` is where tests and the demo answer."""

    def __init__(self, httpx_transport: httpx.BaseTransport | None = None) -> None:
        self._httpx_transport = httpx_transport

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: object = None, *, seconds: float = 30.0
    ) -> Reply:
        """The reply, whatever its status. Raises Unreachable or BadReply."""
        from herodyno.heroku.connections import open_client
        from herodyno.heroku.one_try import Request, one_try

        sent = {"accept": "application/vnd.heroku+json; version=3", "accept-encoding": "gzip", **headers}
        content = None
        if body is not None:
            sent["content-type"] = "application/json"
            content = json.dumps(body).encode()
        with open_client(url, httpx_transport=self._httpx_transport, keep_alive=False) as client:
            try:
                request = Request(method, url, sent, content)
                return one_try(client, request, seconds=seconds, in_process=self._httpx_transport is not None)
            except Lost as lost:
                raise lost.error(lost.what, next_step=lost.next_step) from None

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


def refusal(reply: Reply) -> Exception:
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
