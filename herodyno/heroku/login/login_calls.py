"""Requests with credentials of their own: a password, or a token that is being checked or revoked.

They serve login and logout only; all other requests go through Transport. Each is sent once, to the API or to the login
host, and a second time with a second-factor code when Heroku asks for one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from herodyno.errors import BadReply, HerodynoError, NotAuthenticated, TwoFactorNeeded, WriteUnclear
from herodyno.heroku.net.repeats import Lost
from herodyno.heroku.net.replies import Reply, error_of, two_factor_app

if TYPE_CHECKING:
    import httpx

_TRUST = "Heroku takes a password only from accounts with a second factor"


class LoginCalls:
    """Sends them. `code` asks a person for a second-factor code, once. `httpx_transport` is for tests."""

    def __init__(
        self, *, code: Callable[[], str] | None = None, httpx_transport: httpx.BaseTransport | None = None
    ) -> None:
        self._ask_for_code = code
        self._code = ""
        self._httpx_transport = httpx_transport

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: object = None, *, seconds: float = 30.0
    ) -> Reply:
        """The reply of any status. Raises Unreachable, BadReply, and the errors of `code`. `seconds` limits the try."""
        reply = self._send(method, url, headers, body, seconds)
        if two_factor_app(reply) is None or self._ask_for_code is None:
            return reply
        self._code = self._code or self._ask_for_code()
        return self._send(method, url, {**headers, "heroku-two-factor-code": self._code}, body, seconds)

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: object = None, *, seconds: float = 30.0
    ) -> dict[str, Any]:
        """The JSON object in a 2xx reply. Raises the error that any other reply means, see `refusal`."""
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
                if method == "GET" or lost.unsent:
                    raise lost.error(lost.what, next_step=lost.next_step) from None
                # What was made may be there: nobody has its token, and it ends by itself.
                raise WriteUnclear(
                    f"{lost.what}, so it may have happened or not ({method} {url})",
                    next_step="look in the dashboard before sending it again: Account settings, Applications",
                ) from None


def refusal(reply: Reply) -> HerodynoError:
    """The error that an unsuccessful reply means. Here Heroku refused a login, not the token of this run."""
    error = error_of(reply)
    if isinstance(error, NotAuthenticated) and not isinstance(error, TwoFactorNeeded):
        return NotAuthenticated("Heroku does not take these credentials", next_step="herodyno auth login")
    if getattr(error, "error_id", "") == "device_trust_required":
        return NotAuthenticated(_TRUST, next_step="herodyno auth login, which uses the browser")
    return error


def text_in(document: Mapping[str, Any], *path: str) -> str:
    """The text at a path inside a reply. Raises BadReply naming the path when there is no text."""
    value: Any = document
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    if not isinstance(value, str) or not value:
        raise BadReply(f"the reply has no {'.'.join(path)}")
    return value
