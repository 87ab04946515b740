"""Rows of the archive as OpenTelemetry's logs in JSON: one ExportLogsServiceRequest for some rows of one app.

Names follow OpenTelemetry's conventions for Heroku (`heroku.app.id`, `service.instance.id` for the dyno id).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_BEGINS = re.compile(rb'\s*\{\s*"resource(?:Logs|Metrics)"')
SCOPE = "herodyno"
# Columns of the archive under OpenTelemetry's names. Those of herodyno's own let `archive import` give the same row.
_NAMES = {
    "service_ms": "heroku.router.service_ms",
    "connect_ms": "heroku.router.connect_ms",
    "status": "http.response.status_code",
    "method": "http.request.method",
    "path": "url.path",
    "host": "server.address",
    "request_id": "heroku.request_id",
    "source": "heroku.source",
    "proc": "heroku.process",
    "dyno": "heroku.dyno.name",
    "dyno_uuid": "service.instance.id",
    "code": "heroku.error.code",
    "release": "heroku.release.version",
    "app_id": "heroku.app.id",
    "facility": "syslog.facility.code",
    "kind": "herodyno.kind",
    "dyno_uuid_how": "herodyno.dyno_id_from",
    "origin": "herodyno.origin",
    "drain_token": "herodyno.drain_token",
    "frame_id": "herodyno.frame_id",
    "frame_seq": "herodyno.frame_seq",
    "attrs": "herodyno.attributes",
}
COLUMNS = {name: column for column, name in _NAMES.items()}
# Syslog's severities, 0 to 7, as OpenTelemetry numbers them.
SEVERITIES = (24, 21, 18, 17, 13, 10, 9, 5)


def log_request(app: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The request. Empty columns are left out."""
    resource = {"attributes": [_attribute("service.name", app), _attribute("cloud.provider", "heroku")]}
    records = [_record(row) for row in rows]
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"scope": {"name": SCOPE}, "logRecords": records}]}]}


def is_export(head: bytes) -> bool:
    """Whether a file begins as requests do, one on each line: those of `archive export`, or of a collector."""
    return _BEGINS.match(head) is not None


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"timeUnixNano": str(row["ts_us"] * 1000)}
    if row["recv_us"] is not None:
        record["observedTimeUnixNano"] = str(row["recv_us"] * 1000)
    if row["severity"] is not None:
        record["severityNumber"] = SEVERITIES[row["severity"]]
    record["body"] = {"stringValue": row["message"]}
    record["attributes"] = [
        _attribute(name, row[column]) for column, name in _NAMES.items() if row[column] not in (None, "")
    ]
    return record


def _attribute(name: str, value: str | int) -> dict[str, Any]:
    kind = {"stringValue": value} if isinstance(value, str) else {"intValue": str(value)}
    return {"key": name, "value": kind}
