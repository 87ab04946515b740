"""`releases` of several apps: one table, the newest release of all first, and `herodyno.releases-apps/1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from herodyno.dynos import Dyno, Release
from herodyno.errors import HerodynoError
from herodyno.render.output import error_document
from herodyno.render.releases import release_fields, releases_document
from herodyno.render.text import Column, Span, Table

_NEVER = datetime.min.replace(tzinfo=UTC)


class AppReleases(NamedTuple):
    """An app's newest releases, the dynos that run them and the `current` version, or the `error` for which none."""

    name: str
    releases: Sequence[Release] = ()
    dynos: Sequence[Dyno] = ()
    current: int | None = None
    error: HerodynoError | None = None


def releases_of_apps_table(rows: Sequence[AppReleases], *, most: int, now: datetime, zone: tzinfo) -> Table:
    """The newest `most` releases of all apps, each with its app."""
    every = [(row, release) for row in rows for release in row.releases]
    every.sort(key=lambda each: each[1].created_at or _NEVER, reverse=True)
    fields = {row.name: release_fields(row.dynos, current=row.current, now=now, zone=zone) for row in rows}
    columns = next(iter(fields.values()), ())
    return Table(
        (Column("APP"), *(field.column for field in columns)),
        tuple((Span(row.name), *(field.cell(release) for field in fields[row.name])) for row, release in every[:most]),
    )


def releases_of_apps_document(rows: Sequence[AppReleases]) -> dict[str, Any]:
    """`herodyno.releases-apps/1`: of each app what `herodyno.releases/1` tells, or its error."""
    apps = []
    for row in rows:
        document = releases_document(row.name, row.releases, row.dynos, current=row.current)
        del document["schema"]
        apps.append({**document, "error": error_document(row.error) if row.error else None})
    return {"schema": "herodyno.releases-apps/1", "apps": apps}
