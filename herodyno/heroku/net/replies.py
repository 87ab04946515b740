"""A reply of the Platform API becomes JSON, or the error (`herodyno.errors`) that its status and body mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotAuthenticated,
    NotFound,
    PlatformFailed,
    RateLimited,
    RefusedByHeroku,
    TwoFactorNeeded,
)
from herodyno.heroku.net.paths import is_app
from herodyno.heroku.net.repeats import retry_after
from herodyno.heroku_facts import RATE_REFILL_PER_MINUTE, SCOPE_REFUSAL
from herodyno.units import spoken_duration

_NOT_THE_API = "this is not Heroku's API: look for a proxy or a captive portal between here and Heroku"
_ASK_HEROKU = "try again later; status.heroku.com tells of incidents"


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply. `headers` have names in lower case; `method` and `url` are those of the request."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)  # may hold an attach or log-session URL, which is a secret

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx (206: there are more pages; 202: accepted)."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str:
        """The Request-Id, which Heroku's support asks for; "" when absent."""
        return self.headers.get("request-id", "")

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def asked(self) -> str:
        """ "GET https://… (Request-Id …)", for an error's text."""
        return f"{self.method} {self.url}" + (f" (Request-Id {self.request_id})" if self.request_id else "")

    def json(self) -> object:
        """The body as JSON. A BOM is accepted, invalid UTF-8 becomes U+FFFD. Raises BadReply for anything but JSON."""
        if not self.body.strip():
            raise BadReply(f"an empty reply to {self.asked}", next_step=_NOT_THE_API)
        if self.content_type in ("text/html", "application/xhtml+xml"):
            raise BadReply(f"got {self.content_type}, not JSON, from {self.asked}", next_step=_NOT_THE_API)
        try:
            return json.loads(self.body.decode("utf-8-sig", "replace"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise BadReply(f"a reply that is no JSON to {self.asked}", next_step=_NOT_THE_API) from None


def error_of(reply: Reply, *, token_source: str = "") -> HerodynoError:
    """The error that a reply other than 2xx means. `token_source` is named when Heroku refuses the token."""
    status, body = reply.status, _error_body(reply)
    error_id, message = _text(body, "id"), _text(body, "message")
    if status == 401:
        return _not_authenticated(message, token_source)
    if status == 403 and error_id == "two_factor":
        return TwoFactorNeeded(
            message or "Heroku wants a second factor for this",
            app=_text(body.get("app"), "name"),
            next_step="run it on a terminal, where herodyno can ask for the code",
        )
    if status == 429:
        return _rate_limited(reply)
    if status >= 500:
        detail = f": {message}" if message else f" with {reply.content_type}" if reply.content_type else ""
        return PlatformFailed(f"Heroku answered {status}{detail} to {reply.asked}", next_step=_ASK_HEROKU)
    if 300 <= status < 400:
        return BadReply(f"a redirect ({status}), not followed, from {reply.asked}", next_step=_NOT_THE_API)
    if not message and reply.body.strip():
        media_type = reply.content_type or "no JSON"
        return BadReply(f"got {status} with {media_type} from {reply.asked}", next_step=_NOT_THE_API)
    text = f"{message or f'Heroku answered {status}'} ({_particulars(reply, error_id)})"
    if status == 404:
        return NotFound(text, next_step="whose account is asked: herodyno auth status")
    told = RefusedByHeroku(text, error_id=error_id, status=status, request_id=reply.request_id, url=_text(body, "url"))
    if is_of_scope(told):
        from herodyno.heroku.net.scopes import scope_next_step  # rarely needed: not at start-up

        told.next_step = scope_next_step(reply.method, reply.url, token_source=token_source)
    return told


def is_of_scope(refused: RefusedByHeroku) -> bool:
    """Whether Heroku refused because of the token's scope: the token itself works."""
    return refused.status == 403 and refused.message.startswith(SCOPE_REFUSAL)


def two_factor_app(reply: Reply) -> str | None:
    """The app that Heroku wants a second factor for, "" when the reply names none; None for any other reply."""
    body = _error_body(reply) if reply.status == 403 else {}
    if body.get("id") != "two_factor":
        return None
    name = _text(body.get("app"), "name")
    return name if is_app(name) else ""


def _not_authenticated(message: str, token_source: str) -> NotAuthenticated:
    source = f" from {token_source}" if token_source else ""
    detail = f": {message}" if message else ""
    step = f"correct or unset {token_source}" if token_source.isupper() else "herodyno auth login"
    return NotAuthenticated(f"Heroku does not take the token{source}{detail}", next_step=step)


def _rate_limited(reply: Reply) -> RateLimited:
    seconds = retry_after(reply.headers)
    after = (
        f"in {spoken_duration(seconds)}"
        if seconds is not None
        else f"in a minute: about {RATE_REFILL_PER_MINUTE} calls a minute come back"
    )
    return RateLimited(
        f"the account's budget of API calls is used up ({reply.asked})", seconds=seconds, next_step=f"try again {after}"
    )


def _particulars(reply: Reply, error_id: str) -> str:
    request = f"Request-Id {reply.request_id}" if reply.request_id else ""
    return ", ".join(part for part in (str(reply.status), error_id, request) if part)


def _error_body(reply: Reply) -> dict[str, object]:
    try:
        body = reply.json()
    except BadReply:
        return {}
    return body if isinstance(body, dict) else {}


def _text(body: object, name: str) -> str:
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
