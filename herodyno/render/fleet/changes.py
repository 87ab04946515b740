"""Changes of several apps: the plan that names each, and `herodyno.changes-apps/1` with what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from herodyno.errors import HerodynoError
from herodyno.operations.executor import Sent
from herodyno.operations.prices import difference
from herodyno.operations.writes import Write
from herodyno.render.calls import calls_document, sent_document
from herodyno.render.output import error_document
from herodyno.render.text import Block, Column, Span, Table, line
from herodyno.units import count


@dataclass(slots=True)
class AppChange:
    """What is to be done to one app, and what became of it.

    `does` tells it in words. `cents` is the difference in US cents per month, None where the API does not tell.
    `outcome`: not sent, done, failed with `error`, or unclear where it may have happened: the answer was lost (`error`
    says how) or the process was ended meanwhile.
    """

    app: str
    writes: Sequence[Write]
    does: str
    cents: int | None = 0
    sent: list[Sent] = field(default_factory=list)
    outcome: Literal["not sent", "done", "failed", "unclear"] = "not sent"
    error: HerodynoError | None = None


def changes_blocks(changes: Sequence[AppChange], *, verb: str) -> list[Block]:
    """A line per app, and a line with the numbers."""
    rows = [(Span(each.app), Span(each.does or "nothing to do", "" if each.writes else "quiet")) for each in changes]
    todo = [each for each in changes if each.writes]
    parts = [f"{verb} of {count(len(todo), 'app')}"]
    if len(todo) < len(changes):
        parts.append(f"nothing to do for {count(len(changes) - len(todo), 'app')}")
    if verb == "scale" and todo:
        cents = [each.cents for each in todo]
        known = sum(each for each in cents if each is not None)
        parts.append("the API tells no price for part of this" if None in cents else difference(known))
    return [Table((Column("APP"), Column("CHANGE", shrinks=True)), tuple(rows)), [line(", ".join(parts), "heading")]]


def changes_document(changes: Sequence[AppChange], *, verb: str, dry_run: bool) -> dict[str, Any]:
    """`herodyno.changes-apps/1`. `outcome` is null for an app with nothing to do, and in a dry run."""
    return {
        "schema": "herodyno.changes-apps/1",
        "verb": verb,
        "dry_run": dry_run,
        "apps": [
            {
                "app": each.app,
                "does": each.does or None,
                "calls": calls_document(each.writes),
                "sent": [] if dry_run else sent_document(each.sent),
                "undo": list(each.writes[0].undo) if each.sent else [],
                "cents_per_month_difference": each.cents,
                "outcome": each.outcome if each.writes and not dry_run else None,
                "error": error_document(each.error) if each.error else None,
            }
            for each in changes
        ],
    }
