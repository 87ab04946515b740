"""One request answered: the door (token, rate limit, second factor), the route, the envelope (headers, pages, ETag)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping

from herodyno.sandbox.api import paging, routes
from herodyno.sandbox.api.messages import Call, Reply, Request, Variant
from herodyno.sandbox.api.state import Desk
from herodyno.sandbox.world.nouns import Refused
from herodyno.sandbox.world.world import World

VERSION = "1"
# The published schema the replies are checked against: heroku/typescript-api-schema, variant 3.sdk.
SCHEMA_SHA256 = "a742c41c1a3362fc4cb5a202532ed852d1eaaf3f75917627cd7b593c6215e3c5"
MARK = f"{VERSION}; schema={SCHEMA_SHA256}"

API_REFERENCE = "https://devcenter.heroku.com/articles/platform-api-reference"
NO_SUCH_CALL = (
    "The requested API endpoint was not found. Are you using the right HTTP verb (i.e. `GET` vs. `POST`), "
    "and did you specify your intended version with the `Accept` header?"
)
SECOND_FACTOR = "A second authentication factor or pre-authorization is required for this request."
OUT_OF_CALLS = "Your account reached the API rate limit. Please wait a few minutes before making new requests."


def answer(world: World, desk: Desk, request: Request) -> Reply:
    """The reply to one request, with every header but those of the transport. `body` is bytes, ready to send."""
    headers = {"Request-Id": desk.new_id(), "X-Herodyno-Sandbox": MARK, "Content-Type": "application/json"}
    try:
        reply = _routed(world, desk, request)
        body = reply.body
        if reply.ranges:
            body, page_headers = paging.page(body, reply.ranges, request.headers.get("range", ""))
            headers |= page_headers
        status = 206 if "Next-Range" in headers else reply.status
        headers |= reply.headers
    except Refused as refused:
        status, body = refused.status, {"id": refused.id, "message": refused.message, **refused.fields}
    headers["RateLimit-Remaining"] = str(desk.remaining(world.now))
    if warning := _warning(desk, request):
        headers["X-Heroku-Warning"] = warning

    sent = body if isinstance(body, bytes) else json.dumps(body, indent=2).encode()
    if request.method == "GET" and status < 300:
        headers["ETag"] = f'W/"{hashlib.sha1(sent, usedforsecurity=False).hexdigest()}"'
        if request.headers.get("if-none-match") == headers["ETag"]:
            status, sent = 304, b""
    return Reply(status=status, body=sent, headers=headers)


def _routed(world: World, desk: Desk, request: Request) -> Reply:
    method = request.headers.get("x-http-method-override", request.method).upper()
    found = routes.find(method, request.path)
    if found is None:
        raise Refused(404, "not_found", NO_SUCH_CALL)
    route, args = found
    variant = _variant(request.headers.get("accept", ""))
    token = token_of(request.headers)
    call = Call(world=world, desk=desk, request=request, args=args, variant=variant, token=token)
    if not route.free:
        _let_in(call, route)
    return route.answer(call)


def _variant(accept: str) -> Variant:
    """Which of the two published schemas to show; the other versions clients ask for differ in nothing shown here."""
    if not re.search(r"json|\*/\*", accept or "*/*"):
        raise Refused(406, "not_acceptable", "Accept: application/vnd.heroku+json; version=3 is required.")
    found = re.search(r"version=([\w.-]+)", accept)
    if found and found[1].partition(".")[0] != "3":
        raise Refused(406, "not_acceptable", f"Version {found[1]} is unknown; use version=3.")
    return "3.sdk" if found and found[1] == "3.sdk" else "3"


def token_of(headers: Mapping[str, str]) -> str:
    """The token of a Bearer or a Basic header ("user:TOKEN", the user may be empty); "" when there is none."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _let_in(call: Call, route: routes.Route) -> None:
    desk, options = call.desk, call.desk.options
    if call.token in options.refused_tokens or call.token in desk.revoked:
        raise Refused(401, "unauthorized", "Invalid credentials provided.")
    if route.path != "/account/rate-limits" and not desk.spend(call.world.now):
        raise Refused(429, "rate_limit", OUT_OF_CALLS, url=f"{API_REFERENCE}#rate-limits")
    if options.two_factor and call.request.headers.get("heroku-two-factor-code") != options.two_factor:
        _ask_second_factor(call, route)


def _ask_second_factor(call: Call, route: routes.Route) -> None:
    """An app that was pre-authorized needs no code; for others the reply names the app, so that it can be."""
    if not route.path.startswith("/apps/{}"):
        raise Refused(403, "two_factor", SECOND_FACTOR)
    app = call.app
    if app.name not in call.desk.pre_authorized or route.path.endswith("/pre-authorizations"):
        raise Refused(403, "two_factor", SECOND_FACTOR, app={"id": app.id, "name": app.name})


def _warning(desk: Desk, request: Request) -> str:
    token = token_of(request.headers)
    looks_real = token.startswith("HRKU-") and not token.startswith("HRKU-SANDBOX-")
    return (desk.options.warning_if_real if looks_real else "") or desk.options.warning
