"""Whether a request may send a frame, of which drain and app it is, and what its headers say; before its body is read.

Logplex takes any 4xx as final and drops the frame, so that a request is refused only for what its owner must mend: the
password, the drain, the size. A body is never judged here, and a name of an app that cannot be one is left out: the
frame is kept under its drain.
Headers: the open Logplex (2022); log-shuttle (2026), which sends for Shield spaces, with an X-Request-Id, without a
drain token, and with counts of what was lost.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qs

from herodyno.archive.drains.known import Drain, Drains, is_app_name
from herodyno.archive.records import LOGS, METRICS, TRACES, Frame

LONGEST_BODY_BYTES = 10 << 20  # ours: Logplex sends about 100 KB at a time
_LONGEST_WORD = 100  # of an id or a token; the known ones have 32 and 38 letters
_WRONG = "wrong drain or password"
JSON, PROTOBUF = "application/json", "application/x-protobuf"
_SIGNALS = {"/v1/logs": LOGS, "/v1/metrics": METRICS, "/v1/traces": TRACES}  # of OTLP over HTTP, behind any path


class Request(NamedTuple):
    """The head of a request. The names of the headers are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]

    @classmethod
    def of(cls, scope: dict[str, object]) -> Request:
        """The request of an ASGI scope."""
        pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]  # type: ignore[assignment]
        query: bytes = scope["query_string"]  # type: ignore[assignment]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}
        return cls(str(scope["method"]), str(scope["path"]), query.decode("latin-1"), headers)


def signal_of(request: Request) -> str:
    """The origin of a frame that is a request of OTLP, "" for any other: Logplex sends a type of its own anywhere."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _SIGNALS.get(request.path[request.path.find("/v1/") :], "") if kind in (JSON, PROTOBUF) else ""


class Rejected(Exception):
    """The request is refused with this status. `why` is a few words for the person who set the drain up."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def admitted(request: Request, drains: Drains, *, at_us: int) -> Frame:
    """The frame, still without its body. Raises Rejected."""
    headers = request.headers
    name, drain = authenticated(request, drains)
    token = headers.get("logplex-drain-token", "")[:_LONGEST_WORD]
    if drain.token and drain.token != token:
        raise Rejected(401, _WRONG)
    if request.method != "POST":
        raise Rejected(405, "a drain sends POST")
    if _number(headers.get("content-length", "")) > LONGEST_BODY_BYTES:
        raise Rejected(413, f"a frame has at most {LONGEST_BODY_BYTES:,} bytes")
    if headers.get("content-encoding", "identity") not in ("identity", "gzip"):
        raise Rejected(415, "a frame is plain or gzip")
    is_logplex = "logplex-frame-id" in headers or bool(token)
    return Frame(
        received_us=at_us,
        app=drain.app or _app_of(request.query),
        drain=token or name,
        frame_id=(headers.get("logplex-frame-id") or headers.get("x-request-id", ""))[:_LONGEST_WORD],
        body=b"",
        origin=signal_of(request) or ("logplex" if is_logplex else "shuttle"),
        messages=_number(headers.get("logplex-msg-count", "")),
        dropped=_number(headers.get("logplex-drop-count", "")) + _number(headers.get("logplex-lost-count", "")),
    )


def authenticated(request: Request, drains: Drains) -> tuple[str, Drain]:
    """The drain whose name and password the request has. Raises Rejected."""
    if "origin" in request.headers:  # of a page in a browser: a drain sends none
        raise Rejected(403, "requests of web pages are refused")
    name, password = credentials(request)
    drain = drains.admits(name, password)
    if drain is None:
        raise Rejected(401, _WRONG)
    return name, drain


def credentials(request: Request) -> tuple[str, str]:
    """Name and password of basic authentication; empty words for any other header."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, password = b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (name, password) if kind.lower() == "basic" else ("", "")


def _app_of(query: str) -> str:
    """The app that the address names, "" when it names none, or none that can be."""
    app = parse_qs(query).get("app", [""])[0]
    return app if is_app_name(app) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
