"""`scale`: the formation and the plan to change it, before and after with the price, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from herodyno.dynos import DynoSize, Formation
from herodyno.operations.executor import Sent
from herodyno.operations.prices import cents_per_month, difference
from herodyno.operations.scale.plan import ScalePlan, offered_size
from herodyno.operations.writes import TypeChange, Write
from herodyno.render.calls import calls_document, sent_document
from herodyno.render.sizes import hour_cell, month_cell
from herodyno.render.text import Block, Column, Field, Span, line, table

FIELDS = (
    Field[TypeChange](Column("TYPE"), lambda it: Span(it.type)),
    Field[TypeChange](Column("BEFORE"), lambda it: Span(f"{it.quantity_before} x {it.size_before}", "quiet")),
    Field[TypeChange](
        Column("AFTER"), lambda it: Span(f"{it.quantity_after} x {it.size_after}", "warning" if it.changes else "")
    ),
    Field[TypeChange](Column("PER MONTH", right=True), lambda it: Span(month_cell(it.cents_after))),
    Field[TypeChange](Column("PER HOUR", right=True), lambda it: Span(hour_cell(it.cents_after))),
    Field[TypeChange](Column("DIFFERENCE", right=True), lambda it: Span(_difference(it))),
)


def plan_blocks(plan: ScalePlan) -> list[Block]:
    """The table of types and the difference in price below it."""
    plan_table = table(FIELDS, plan.types)
    if not plan.changes:
        return [plan_table, [line("nothing to change")]]
    cents = plan.cents_difference
    total = "the API tells no price for part of this" if cents is None else difference(cents)
    return [plan_table, [line(f"{plan.app}: {total}", "heading")]]


def plan_document(plan: ScalePlan, writes: Sequence[Write], sent: Sequence[Sent], *, dry_run: bool) -> dict[str, Any]:
    """`herodyno.scale/1` of a change. Prices in cents per month, null when the API tells none."""
    return {
        "schema": "herodyno.scale/1",
        "app": {"name": plan.app},
        "dry_run": dry_run,
        "types": [
            {
                "type": each.type,
                "before": _side(each.quantity_before, each.size_before, each.cents_before),
                "after": _side(each.quantity_after, each.size_after, each.cents_after),
            }
            for each in plan.types
        ],
        "cents_per_month_difference": plan.cents_difference,
        "notes": list(plan.notes),
        "calls": calls_document(writes),
        "sent": [] if dry_run else sent_document(sent),
        "undo": list(writes[0].undo) if writes else [],
    }


def formation_document(app: str, formation: Sequence[Formation], sizes: Sequence[DynoSize]) -> dict[str, Any]:
    """`herodyno.scale/1` of the formation as it is."""
    types = []
    for each in sorted(formation, key=lambda each: each.type):
        cents = cents_per_month(offered_size(each.size, sizes))
        side = _side(each.quantity, each.size, None if cents is None else cents * each.quantity)
        types.append({"type": each.type, "before": side, "after": side})
    return {
        "schema": "herodyno.scale/1", "app": {"name": app}, "dry_run": True, "types": types,
        "cents_per_month_difference": 0, "notes": [], "calls": [], "sent": [], "undo": [],
    }  # fmt: skip


def _difference(change: TypeChange) -> str:
    more = change.cents_difference
    return f"{'+' if more and more > 0 else ''}{month_cell(more)}"


def _side(quantity: int, size: str, cents: int | None) -> dict[str, Any]:
    return {"quantity": quantity, "size": size or None, "cents_per_month": cents}
