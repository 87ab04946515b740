"""The API's answers in a bundle: Heroku's field names, only the fields that a verdict needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from herodyno.cli.diagnose.inputs import Inputs
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.units import json_time

Redact: TypeAlias = Callable[[str], str]


def answers_of(inputs: Inputs, redact: Redact) -> dict[str, Any]:
    """The answers by file name; None where the API was not asked. `redact` is applied to text that people wrote."""
    return {
        "app.json": _app(inputs.app),
        "dynos.json": None if inputs.dynos is None else [_dyno(dyno, redact) for dyno in inputs.dynos],
        "formation.json": None if inputs.formation is None else [_formation(row, redact) for row in inputs.formation],
        "releases.json": [_release(release, redact) for release in inputs.releases],
        "sizes.json": [_size(size) for size in inputs.sizes],
    }


def _app(app: App) -> Mapping[str, Any]:
    return {"name": app.name, "id": app.id, "generation": {"name": app.generation}, "maintenance": app.maintenance}


def _dyno(dyno: Dyno, redact: Redact) -> Mapping[str, Any]:
    return {
        "name": dyno.name,
        "id": dyno.id,
        "type": dyno.type,
        "state": dyno.state,
        "size": dyno.size,
        "command": redact(dyno.command),
        "release": {"version": dyno.release},
        "created_at": json_time(dyno.created_at),
        "updated_at": json_time(dyno.updated_at),
    }


def _formation(row: Formation, redact: Redact) -> Mapping[str, Any]:
    return {"type": row.type, "quantity": row.quantity, "size": row.size, "command": redact(row.command)}


def _release(release: Release, redact: Redact) -> Mapping[str, Any]:
    return {
        "version": release.version,
        "id": release.id,
        "status": release.status,
        "description": redact(release.description),
        "user": {"email": redact(release.user)},
        "current": release.current,
        "created_at": json_time(release.created_at),
        "slug": {"id": release.slug_id} if release.slug_id else None,
        "eligible_for_rollback": release.can_roll_back,
    }


def _size(size: DynoSize) -> Mapping[str, Any]:
    return {
        "name": size.name,
        "id": size.id,
        "memory": size.memory_gb,
        "compute": size.compute,
        "dedicated": size.dedicated,
        "cost": None if size.cost_cents is None else {"cents": size.cost_cents, "unit": size.cost_unit},
    }
