"""`releases` and `rollback`: releases as tables, as `herodyno.releases/1` and as `herodyno.rollback/1`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from herodyno.dynos import Dyno, Release, natural_order
from herodyno.operations.executor import Sent
from herodyno.operations.rollback_plan import RollbackPlan
from herodyno.render.calls import calls_document, sent_document
from herodyno.render.text import Block, Column, Field, Role, Span, Table, line, table
from herodyno.units import json_time, stamp, zone_name

_ROLES: dict[str, Role] = {"current": "good", "failed": "critical", "pending": "warning", "expired": "quiet"}
# Ours: so many releases between two are shown, the newest ones.
MOST_UNDONE = 8


def releases_table(
    releases: Sequence[Release], dynos: Sequence[Dyno], *, current: int | None, now: datetime, zone: tzinfo
) -> Table:
    """One line per release, with the dynos that run it."""
    return table(release_fields(dynos, current=current, now=now, zone=zone), releases)


def release_fields(
    dynos: Sequence[Dyno], *, current: int | None, now: datetime, zone: tzinfo
) -> tuple[Field[Release], ...]:
    """The columns of an app's releases."""
    fields = _fields(now=now, zone=zone)
    status = Field[Release](Column("STATUS"), lambda each: _status(each, current))
    running = Field[Release](Column("DYNOS"), lambda each: Span(_dynos_on(each.version, dynos) or "-"))
    return (fields[0], fields[1], status, running, *fields[2:])


def rollback_blocks(plan: RollbackPlan, *, now: datetime, zone: tzinfo) -> list[Block]:
    """The release that is left, those that are undone, and the one that comes back."""
    rows = [plan.current, *plan.undone[:MOST_UNDONE], plan.target]
    steps: dict[int, Span] = {
        plan.current.version: Span("leaves", "warning"),
        plan.target.version: Span("comes back", "good"),
    }
    step = Field[Release](Column(""), lambda each: steps.get(each.version, Span("is undone", "quiet")))
    blocks: list[Block] = [table((step, *_fields(now=now, zone=zone)), rows)]
    if len(plan.undone) > MOST_UNDONE:
        blocks.append([line(f"and all between v{rows[-2].version} and v{plan.target.version} are undone")])
    return blocks


def releases_document(
    app: str, releases: Sequence[Release], dynos: Sequence[Dyno], *, current: int | None
) -> dict[str, Any]:
    """`herodyno.releases/1`, newest first; null is what the API does not tell."""
    return {
        "schema": "herodyno.releases/1",
        "app": {"name": app},
        "current": current,
        "releases": [
            {
                **release_record(each),
                "current": each.version == current,
                "dynos": [{"name": dyno.name, "id": dyno.id or None} for dyno in dynos if dyno.release == each.version],
            }
            for each in releases
        ],
    }


def rollback_document(plan: RollbackPlan, sent: Sequence[Sent], *, dry_run: bool) -> dict[str, Any]:
    """`herodyno.rollback/1`. `release` is the version that the rollback made; null when it is not known."""
    return {
        "schema": "herodyno.rollback/1",
        "app": {"name": plan.app},
        "dry_run": dry_run,
        "from": release_record(plan.current),
        "to": release_record(plan.target),
        "undone": [release_record(each) for each in plan.undone],
        "release": next((each.release for each in sent), None),
        "notes": list(plan.notes),
        "calls": calls_document([plan.write]),
        "sent": [] if dry_run else sent_document(sent),
        "undo": list(plan.write.undo),
    }


def release_record(release: Release) -> dict[str, Any]:
    """A release under Heroku's own names."""
    return {
        "version": release.version,
        "id": release.id or None,
        "status": release.status or None,
        "description": release.description or None,
        "user": release.user or None,
        "created_at": json_time(release.created_at),
        "slug_id": release.slug_id or None,
        "eligible_for_rollback": release.can_roll_back,
    }


def _fields(*, now: datetime, zone: tzinfo) -> tuple[Field[Release], ...]:
    return (
        Field(Column("RELEASE"), lambda each: Span(f"v{each.version}")),
        Field(Column(f"WHEN ({zone_name(now, zone)})"), lambda each: Span(stamp(each.created_at, zone), "quiet")),
        Field(Column("BY", shrinks=True), lambda each: Span(each.user or "-")),
        Field(Column("WHAT", shrinks=True), lambda each: Span(each.description or "-")),
    )


def _status(release: Release, current: int | None) -> Span:
    word = "current" if release.version == current else release.status or "-"
    refused = word == "succeeded" and release.can_roll_back is False
    return Span("not for rollback" if refused else word, _ROLES.get(word, ""))


def _dynos_on(version: int, dynos: Sequence[Dyno]) -> str:
    """ "web (4)" where all dynos of a type run the release, else their names."""
    of_type = Counter(dyno.type for dyno in dynos)
    words = []
    for type in sorted(of_type):
        names = [dyno.name for dyno in dynos if dyno.type == type and dyno.release == version]
        is_all = len(names) == of_type[type] > 1
        words += [f"{type} ({len(names)})"] if is_all else sorted(names, key=natural_order)
    return ", ".join(words)
