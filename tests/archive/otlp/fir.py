"""A Fir app's telemetry as tests play it: requests of OTLP in both encodings, from plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from typing import Any

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.archive.receive.drain import credentials
from tests.diagnosis.reading import NOON

ONE, TWO = "web-848cd4f64d-pvpr2", "web-848cd4f64d-x7k2q"
IDS = {ONE: "8c1d7a55-0000-4000-8000-000000000001", TWO: "8c1d7a55-0000-4000-8000-000000000002"}
JSON, PROTOBUF = (credentials() | {"content-type": f"application/{kind}"} for kind in ("json", "x-protobuf"))
MIB = 2**20


def nanoseconds(seconds: float, noon: datetime = NOON) -> str:
    """So many seconds after noon, as OTLP's JSON writes a time."""
    return str(round((noon.timestamp() + seconds) * 1e6) * 1000)


def attributes(**values: str | int) -> list[dict[str, Any]]:
    """Attributes; two underscores stand for a dot."""
    return [
        {"key": name.replace("__", "."), "value": {"intValue": str(it)} if isinstance(it, int) else {"stringValue": it}}
        for name, it in values.items()
    ]


def resource(dyno: str = ONE, *, service: str = "example-app", **more: str) -> dict[str, Any]:
    """The resource of a dyno."""
    told = {
        "service__name": service,
        "service__instance__id": IDS[dyno],
        "heroku__app__name": "example-app",
        "heroku__app__id": "01234567-89ab-4def-8123-456789abcdef",
        "heroku__dyno__name": dyno,
        "heroku__dyno__type": "web",
        "heroku__release__version": "v42",
    }
    return {"attributes": attributes(**(told | more))}


def record(at: float, text: str, **more: Any) -> dict[str, Any]:
    """A log record."""
    return {"timeUnixNano": nanoseconds(at), "severityNumber": 9, "body": {"stringValue": text}} | more


def logs(*of_dynos: tuple[dict[str, Any], Iterable[dict[str, Any]]]) -> dict[str, Any]:
    """A request to /v1/logs."""
    return {
        "resourceLogs": [
            {"resource": of, "scopeLogs": [{"scope": {"name": "app"}, "logRecords": list(records)}]}
            for of, records in of_dynos
        ]
    }


def metrics(of: dict[str, Any], at: float, **values: tuple[str, float]) -> dict[str, Any]:
    """A request to /v1/metrics: (unit, value) by name; two underscores stand for a dot."""
    found = [
        {
            "name": name.replace("__", "."),
            "unit": unit,
            "gauge": {
                "dataPoints": [{"timeUnixNano": nanoseconds(at), "asDouble": value if isfinite(value) else "NaN"}]
            },
        }
        for name, (unit, value) in values.items()
    ]
    return {"resourceMetrics": [{"resource": of, "scopeMetrics": [{"scope": {}, "metrics": found}]}]}


def memory(dyno: str, at: float, mb: float) -> dict[str, Any]:
    """A request with a dyno's memory, of 512 MB."""
    return metrics(
        resource(dyno), at, container__memory__usage=("By", mb * MIB), k8s__container__memory_limit=("By", 512 * MIB)
    )


def joined(*requests: dict[str, Any]) -> dict[str, Any]:
    """Requests of one signal as one."""
    (key,) = {key for request in requests for key in request}
    return {key: [each for request in requests for each in request[key]]}


def encoded(request: dict[str, Any], *, as_json: bool) -> bytes:
    """The request as a body."""
    if as_json:
        return json.dumps(request).encode()
    kinds = {
        "resourceLogs": ExportLogsServiceRequest,
        "resourceMetrics": ExportMetricsServiceRequest,
        "resourceSpans": ExportTraceServiceRequest,
    }
    message: Any = kinds[next(iter(request))]()
    body: bytes = ParseDict(request, message).SerializeToString()
    return body
