"""One request of the API: access (token, rate limit, second factor), route, and headers (pages, ETag, warnings)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping

from herodyno.sandbox.api import paging, routes, scopes
from herodyno.sandbox.api.messages import Call, Reply, Request, Variant
from herodyno.sandbox.api.state import State
from herodyno.sandbox.world.resources import Refused
from herodyno.sandbox.world.world import World

VERSION = "1"
# Tests check every reply against this schema: heroku/typescript-api-schema, variant 3.sdk.
SCHEMA_SHA256 = "a742c41c1a3362fc4cb5a202532ed852d1eaaf3f75917627cd7b593c6215e3c5"
MARK = f"{VERSION}; schema={SCHEMA_SHA256}"

API_REFERENCE = "https://devcenter.heroku.com/articles/platform-api-reference"
NO_SUCH_CALL = (
    "The requested API endpoint was not found. Are you using the right HTTP verb (i.e. `GET` vs. `POST`), "
    "and did you specify your intended version with the `Accept` header?"
)
LONGEST_SHOWN = 100  # characters of a call; ours
SECOND_FACTOR = "A second authentication factor or pre-authorization is required for this request."
OUT_OF_CALLS = "Your account reached the API rate limit. Please wait a few minutes before making new requests."


def answer(world: World, state: State, request: Request) -> Reply:
    """The reply to one request, with every header but those of the transport. Its `body` is bytes."""
    headers = {"Request-Id": state.new_id(), "X-Herodyno-Sandbox": MARK, "Content-Type": "application/json"}
    try:
        reply = _routed(world, state, request)
        body = reply.body
        if reply.ranges:
            body, page_headers = paging.page(body, reply.ranges, request.headers.get("range", ""))
            headers |= page_headers
        status = 206 if "Next-Range" in headers else reply.status
        headers |= reply.headers
    except Refused as refused:
        status, body = refused.status, {"id": refused.id, "message": refused.message, **refused.fields}
    headers["RateLimit-Remaining"] = str(state.remaining(world.now))
    if warning := _warning(state, request):
        headers["X-Heroku-Warning"] = warning

    sent = body if isinstance(body, bytes) else json.dumps(body, indent=2).encode()
    if request.method == "GET" and status < 300:
        headers["ETag"] = f'W/"{hashlib.sha1(sent, usedforsecurity=False).hexdigest()}"'
        if request.headers.get("if-none-match") == headers["ETag"]:
            status, sent = 304, b""
    return Reply(status=status, body=sent, headers=headers)


def _routed(world: World, state: State, request: Request) -> Reply:
    method = request.headers.get("x-http-method-override", request.method).upper()
    found = routes.find(method, request.path)
    if found is None:
        what = f"{method} {request.path}"
        shown = what if len(what) <= LONGEST_SHOWN else what[:LONGEST_SHOWN] + "…"
        raise Refused(404, "not_found", f"{NO_SUCH_CALL} (The sandbox does not simulate {shown}.)")
    route, args = found
    variant = _variant(request.headers.get("accept", ""))
    token = token_of(request.headers)
    call = Call(world=world, state=state, request=request, args=args, variant=variant, token=token)
    if not route.free:
        _check_access(call, route)
    return route.answer(call)


def _variant(accept: str) -> Variant:
    """The published schema that the Accept header asks for. Other versions of 3 show the same."""
    if not re.search(r"json|\*/\*", accept or "*/*"):
        raise Refused(406, "not_acceptable", "Accept: application/vnd.heroku+json; version=3 is required.")
    found = re.search(r"version=([\w.-]+)", accept)
    if found and found[1].partition(".")[0] != "3":
        raise Refused(406, "not_acceptable", f"Version {found[1]} is unknown; use version=3.")
    return "3.sdk" if found and found[1] == "3.sdk" else "3"


def token_of(headers: Mapping[str, str]) -> str:
    """The token of a Bearer or Basic header, "" when there is none. Basic is "user:TOKEN", the user may be empty."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _check_access(call: Call, route: routes.Route) -> None:
    state, options = call.state, call.state.options
    own = next((each for each in state.authorizations if each.token == call.token), None)
    expired = own is not None and own.seconds_left(call.world.now) == 0
    if expired or call.token in options.refused_tokens or call.token in state.revoked:
        raise Refused(401, "unauthorized", "Invalid credentials provided.")
    if route.path != "/account/rate-limits" and not state.spend(call.world.now):
        raise Refused(429, "rate_limit", OUT_OF_CALLS, url=f"{API_REFERENCE}#rate-limits")
    if own is not None and not scopes.allows(own.scope, route.method, route.path):
        raise Refused(403, "forbidden", scopes.NOT_ALLOWED)
    if options.two_factor and call.request.headers.get("heroku-two-factor-code") != options.two_factor:
        _ask_second_factor(call, route)


def _ask_second_factor(call: Call, route: routes.Route) -> None:
    """A pre-authorized app needs no code. For another app the reply names it, so that it can be pre-authorized."""
    if not route.path.startswith("/apps/{}"):
        raise Refused(403, "two_factor", SECOND_FACTOR)
    app = call.app
    if app.name not in call.state.pre_authorized or route.path.endswith("/pre-authorizations"):
        raise Refused(403, "two_factor", SECOND_FACTOR, app={"id": app.id, "name": app.name})


def _warning(state: State, request: Request) -> str:
    token = token_of(request.headers)
    looks_real = token.startswith("HRKU-") and not token.startswith("HRKU-SANDBOX-")
    return (state.options.warning_if_real if looks_real else "") or state.options.warning
