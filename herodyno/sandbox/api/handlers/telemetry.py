"""Telemetry drains: where a Fir app, or a space, sends OpenTelemetry signals. Cedar apps have log drains instead."""

from __future__ import annotations

import re
from typing import Any

from herodyno.sandbox.api.handlers.json_fields import time
from herodyno.sandbox.api.messages import Call, Json, Reply, text
from herodyno.sandbox.world.resources import Refused, TelemetryDrain

SIGNALS = ("traces", "metrics", "logs")
EXPORTERS = ("otlphttp", "otlp")
LONGEST_ENDPOINT = LONGEST_HEADER = 1000
MOST_HEADERS = 20
_HEADER = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


def create(call: Call) -> Reply:
    """Add a drain. Refused (422) for a Cedar app, and for what the schema does not allow."""
    owner = _object(call.body, "owner")
    kind, identity = text(owner, "type"), text(owner, "id")
    if kind == "app":
        found = call.world.app(identity)
        if found.generation != "fir":
            raise Refused(422, "invalid_params", "Telemetry drains are available for Fir-generation apps only.")
        identity = found.id
    elif kind != "space" or identity not in {space.id for space in call.world.spaces}:
        raise Refused(422, "invalid_params", "owner must be an app or a space.")
    drain = TelemetryDrain(
        id=call.world.simulator.new_id(),
        owner=identity,
        kind=kind,
        **_settings(call.body, required=True),
        created_at=call.world.now,
        updated_at=call.world.now,
    )
    call.world.telemetry_drains.append(drain)
    return Reply(status=201, body=_json(drain))


def list_of_app(call: Call) -> Reply:
    """The drains of an app."""
    return _listed(call, call.app.id)


def list_of_space(call: Call) -> Reply:
    """The drains of a space."""
    owner = next((space.id for space in call.world.spaces if call.args[0] in (space.id, space.name)), None)
    if owner is None:
        raise Refused(404, "not_found", "Couldn't find that space.", resource="space")
    return _listed(call, owner)


def info(call: Call) -> Reply:
    """One drain by id."""
    return Reply(body=_json(_find(call)))


def update(call: Call) -> Reply:
    """Change signals or exporter."""
    drain = _find(call)
    for name, value in _settings(call.body, required=False).items():
        setattr(drain, name, value)
    drain.updated_at = call.world.now
    return Reply(body=_json(drain))


def remove(call: Call) -> Reply:
    """Remove a drain by id."""
    drain = _find(call)
    call.world.telemetry_drains.remove(drain)
    return Reply(body=_json(drain))


def _listed(call: Call, owner: str) -> Reply:
    return Reply(body=[_json(each) for each in call.world.telemetry_drains if each.owner == owner], ranges=("id",))


def _find(call: Call) -> TelemetryDrain:
    for each in call.world.telemetry_drains:
        if each.id == call.args[0]:
            return each
    raise Refused(404, "not_found", "Couldn't find that telemetry drain.", resource="telemetry_drain")


def _settings(sent: Json, *, required: bool) -> dict[str, Any]:
    """The fields of a drain that the body gives, checked as the schema says."""
    found: dict[str, Any] = {}
    if required or "signals" in sent:
        signals = sent.get("signals")
        if not (isinstance(signals, list) and signals and all(each in SIGNALS for each in signals)):
            raise Refused(422, "invalid_params", f"signals must be some of {', '.join(SIGNALS)}.")
        if len(set(signals)) < len(signals):
            raise Refused(422, "invalid_params", "signals must be unique.")
        found["signals"] = signals
    if required or "exporter" in sent:
        exporter = _object(sent, "exporter")
        kind, endpoint, headers = text(exporter, "type"), text(exporter, "endpoint"), exporter.get("headers", {})
        if kind not in EXPORTERS:
            raise Refused(422, "invalid_params", f"exporter.type must be one of {', '.join(EXPORTERS)}.")
        if not 0 < len(endpoint) <= LONGEST_ENDPOINT:
            raise Refused(422, "invalid_params", "exporter.endpoint must be a URI.")
        if not (isinstance(headers, dict) and len(headers) <= MOST_HEADERS and all(map(_is_header, headers.items()))):
            raise Refused(422, "invalid_params", "exporter.headers must be names and short values.")
        found |= {"exporter": kind, "endpoint": endpoint, "headers": headers}
    return found


def _is_header(pair: tuple[str, object]) -> bool:
    name, value = pair
    return bool(_HEADER.fullmatch(name)) and isinstance(value, str) and len(value) <= LONGEST_HEADER


def _object(sent: Json, key: str) -> Json:
    value = sent.get(key)
    if not isinstance(value, dict):
        raise Refused(422, "invalid_params", f"{key} must be an object.")
    return value


def _json(drain: TelemetryDrain) -> Json:
    return {
        "created_at": time(drain.created_at),
        "exporter": {"endpoint": drain.endpoint, "headers": drain.headers, "type": drain.exporter},
        "id": drain.id,
        "owner": {"id": drain.owner, "type": drain.kind},
        "signals": drain.signals,
        "updated_at": time(drain.updated_at),
    }
