"""The API's answers as a bundle keeps them: Heroku's field names, only the fields a verdict is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from herodyno.cli.diagnose.inputs import Inputs
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release

Redact: TypeAlias = Callable[[str], str]


def answers_of(inputs: Inputs, redact: Redact) -> dict[str, Any]:
    """The answers by file name; None for what was not asked. `redact` is applied to what people wrote."""
    return {
        "app.json": _app(inputs.app),
        "dynos.json": None if inputs.dynos is None else [_dyno(it, redact) for it in inputs.dynos],
        "formation.json": None if inputs.formation is None else [_formation(it, redact) for it in inputs.formation],
        "releases.json": [_release(it, redact) for it in inputs.releases],
        "sizes.json": [_size(it) for it in inputs.sizes],
    }


def utc(at: datetime | None) -> str | None:
    """A time as JSON has it."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _app(it: App) -> Mapping[str, Any]:
    return {"name": it.name, "id": it.id, "generation": {"name": it.generation}, "maintenance": it.maintenance}


def _dyno(it: Dyno, redact: Redact) -> Mapping[str, Any]:
    return {
        "name": it.name,
        "id": it.id,
        "type": it.type,
        "state": it.state,
        "size": it.size,
        "command": redact(it.command),
        "release": {"version": it.release},
        "created_at": utc(it.created_at),
        "updated_at": utc(it.updated_at),
    }


def _formation(it: Formation, redact: Redact) -> Mapping[str, Any]:
    return {"type": it.type, "quantity": it.quantity, "size": it.size, "command": redact(it.command)}


def _release(it: Release, redact: Redact) -> Mapping[str, Any]:
    return {
        "version": it.version,
        "id": it.id,
        "status": it.status,
        "description": redact(it.description),
        "user": {"email": redact(it.user)},
        "current": it.current,
        "created_at": utc(it.created_at),
    }


def _size(it: DynoSize) -> Mapping[str, Any]:
    return {
        "name": it.name,
        "id": it.id,
        "memory": it.memory_gb,
        "compute": it.compute,
        "dedicated": it.dedicated,
        "cost": None if it.cost_cents is None else {"cents": it.cost_cents, "unit": it.cost_unit},
    }
