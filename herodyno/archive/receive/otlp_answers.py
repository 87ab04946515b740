"""What a sender of OTLP is answered: in the encoding of its request, with what was rejected and when to try again.

Source: the OTLP specification 1.x. 200 with an empty answer says that all was taken, a partial success what was not.
503 with Retry-After asks to repeat. Any 4xx but 429 is final.
"""

from __future__ import annotations

import json
from hashlib import sha256

from herodyno.archive.otlp.requests import is_json, rejecting, spans_in
from herodyno.archive.receive.admission import JSON, PROTOBUF, Request
from herodyno.errors import ExtraMissing

RETRY_SECONDS = 5  # ours
_ID_LETTERS = 32
_LONGEST_WHY = 127  # its length is one byte then
_STATUS_MESSAGE = b"\x12"  # google.rpc.Status: field 2, a text

Headers = tuple[tuple[str, str], ...]


def body_id(body: bytes) -> str:
    """What makes a request the same as another: OTLP has no ids, and a sender repeats the same bytes."""
    return sha256(body).hexdigest()[:_ID_LETTERS]


def stored(request: Request) -> tuple[bytes, Headers]:
    """The answer that all was taken."""
    return (b"{}", _type(JSON)) if _is_json(request) else (b"", _type(PROTOBUF))


def without_traces(request: Request, body: bytes) -> tuple[int, bytes, Headers]:
    """How many spans were dropped, and the answer that says so."""
    try:
        spans = spans_in(body)
        text = rejecting(body, spans, "traces are not kept: send logs and metrics alone")
    except ExtraMissing:
        return 0, *stored(request)
    return spans, text, _type(JSON if is_json(body) else PROTOBUF)


def refused(request: Request, status: int, why: str) -> tuple[bytes, Headers]:
    """The answer that a request was refused, and, where it may come again, when."""
    again: Headers = (("retry-after", str(RETRY_SECONDS)),) if status == 503 else ()
    if _is_json(request):
        return json.dumps({"message": why}).encode(), (*_type(JSON), *again)
    text = why.encode()[:_LONGEST_WHY]
    return _STATUS_MESSAGE + bytes([len(text)]) + text, (*_type(PROTOBUF), *again)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith(JSON)


def _type(kind: str) -> Headers:
    return (("content-type", kind),)
