"""Requests of OTLP over HTTP, bytes to records: the only door to opentelemetry-proto.

A body is JSON where it begins with a brace, else protobuf: no request of OTLP begins so in protobuf. JSON is read as
protobuf's JSON, from which OTLP's differs in the ids of traces alone.
Source: the OTLP specification 1.x. The package is loaded by the first function that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from herodyno.errors import ExtraMissing

_NS_PER_US = 1000
# A text of so many letters is what protobuf's JSON makes of 16 and of 8 bytes in hexadecimal.
_HEX_AS_BASE64 = (24, 12)


class Unreadable(Exception):
    """The body is no request of this signal."""


class LogRecord(NamedTuple):
    """A log record with the attributes of its resource. Times are microseconds since 1970, 0 where there is none.

    `severity` is OpenTelemetry's number, 0 for none. `text` is the body, a body of several values as JSON.
    """

    resource: dict[str, str]
    scope: str
    attributes: dict[str, str]
    at_us: int
    observed_us: int
    severity: int
    text: str


class Point(NamedTuple):
    """A number of a gauge or a sum, with the attributes of its resource."""

    resource: dict[str, str]
    name: str
    unit: str
    attributes: dict[str, str]
    at_us: int
    value: float


def log_records(body: bytes) -> Iterator[LogRecord]:
    """The records of a request to /v1/logs. Raises Unreadable before the first one."""
    for of_resource in _request("logs", "ExportLogsServiceRequest", body).resource_logs:
        resource = _attributes(of_resource.resource)
        for of_scope in of_resource.scope_logs:
            for record in of_scope.log_records:
                attributes = _attributes(record)
                for name, value in (("trace_id", record.trace_id), ("span_id", record.span_id)):
                    if value:
                        attributes[name] = _hexadecimal(value)
                yield LogRecord(
                    resource,
                    of_scope.scope.name,
                    attributes,
                    record.time_unix_nano // _NS_PER_US,
                    record.observed_time_unix_nano // _NS_PER_US,
                    record.severity_number,
                    _text(record.body),
                )


def points(body: bytes) -> Iterator[Point]:
    """The numbers of a request to /v1/metrics; histograms have none. Raises Unreadable before the first one."""
    for of_resource in _request("metrics", "ExportMetricsServiceRequest", body).resource_metrics:
        resource = _attributes(of_resource.resource)
        for of_scope in of_resource.scope_metrics:
            for metric in of_scope.metrics:
                kind = metric.WhichOneof("data")
                for point in getattr(metric, kind).data_points if kind in ("gauge", "sum") else ():
                    value = getattr(point, point.WhichOneof("value") or "as_double")
                    at_us = point.time_unix_nano // _NS_PER_US
                    yield Point(resource, metric.name, metric.unit, _attributes(point), at_us, float(value))


def spans_in(body: bytes) -> int:
    """How many spans a request to /v1/traces has; 0 for a body that is none."""
    try:
        found = _request("trace", "ExportTraceServiceRequest", body)
    except Unreadable:
        return 0
    return sum(len(scope.spans) for resource in found.resource_spans for scope in resource.scope_spans)


def rejecting(body: bytes, spans: int, why: str) -> bytes:
    """The answer that spans were rejected, in the encoding of the request's body."""
    answer = {"partialSuccess": {"rejectedSpans": str(spans), "errorMessage": why}}
    if is_json(body):
        return json.dumps(answer).encode()
    message = _service("trace").ExportTraceServiceResponse()
    encoded: bytes = _json_format().ParseDict(answer, message).SerializeToString()
    return encoded


def is_json(body: bytes) -> bool:
    """Whether a request is in JSON."""
    return body.lstrip()[:1] == b"{"


def _request(signal: str, name: str, body: bytes) -> Any:
    message, json_format = getattr(_service(signal), name)(), _json_format()
    from google.protobuf.message import DecodeError

    try:
        if is_json(body):
            json_format.Parse(body, message, ignore_unknown_fields=True)
        else:
            message.ParseFromString(body)
    except (DecodeError, json_format.ParseError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    return message


def _service(signal: str) -> Any:
    try:
        return import_module(f"opentelemetry.proto.collector.{signal}.v1.{signal}_service_pb2")
    except ModuleNotFoundError:
        raise ExtraMissing(
            "OTLP needs opentelemetry-proto, which is not installed", next_step="pip install 'herodyno[archive]'"
        ) from None


def _json_format() -> Any:
    return import_module("google.protobuf.json_format")


def _attributes(message: Any) -> dict[str, str]:
    return {each.key: _text(each.value) for each in message.attributes}


def _text(value: Any) -> str:
    found = _plain(value)
    return found if isinstance(found, str) else "" if found is None else json.dumps(found, ensure_ascii=False)


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    found = getattr(value, kind)
    if kind == "array_value":
        return [_plain(each) for each in found.values]
    if kind == "kvlist_value":
        return {each.key: _plain(each.value) for each in found.values}
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found


def _hexadecimal(value: bytes) -> str:
    if len(value) in _HEX_AS_BASE64:
        from base64 import b64encode

        return b64encode(value).decode()
    return value.hex()
