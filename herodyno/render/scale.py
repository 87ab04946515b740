"""How a formation and the plan to change it are shown: before and after, with the price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from herodyno.dynos import DynoSize, Formation
from herodyno.operations.executor import Sent
from herodyno.operations.prices import cents_per_month, difference, per_hour, per_month
from herodyno.operations.scale.plan import ScalePlan, offered_size
from herodyno.operations.writes import TypeChange, Write
from herodyno.render.calls import calls_document, sent_document
from herodyno.render.text import Block, Column, Span, Table, line


def plan_blocks(plan: ScalePlan) -> list[Block]:
    """The table of types and the difference in price below it."""
    columns = (
        Column(heading="TYPE"),
        Column(heading="BEFORE"),
        Column(heading="AFTER"),
        Column(heading="PER MONTH", right=True),
        Column(heading="PER HOUR", right=True),
        Column(heading="DIFFERENCE", right=True),
    )
    table = Table(columns=columns, rows=tuple(_row(each) for each in plan.types))
    if not plan.changes:
        return [table, [line("nothing to change")]]
    cents = plan.cents_difference
    total = "the API tells no price for part of this" if cents is None else difference(cents)
    return [table, [line(f"{plan.app}: {total}", "heading")]]


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


def _row(each: TypeChange) -> tuple[Span, ...]:
    cents, more = each.cents_after, each.cents_difference
    return (
        Span(each.type),
        Span(f"{each.quantity_before} x {each.size_before}", "quiet"),
        Span(f"{each.quantity_after} x {each.size_after}", "warning" if each.changes else ""),
        Span("-" if cents is None else per_month(cents).removesuffix("/month")),
        Span("-" if cents is None else per_hour(cents).removesuffix("/hour")),
        Span(
            "-" if more is None else per_month(more).removesuffix("/month") if more <= 0 else f"+{per_month(more)}"[:-6]
        ),
    )


def _side(quantity: int, size: str, cents: int | None) -> dict[str, Any]:
    return {"quantity": quantity, "size": size or None, "cents_per_month": cents}
