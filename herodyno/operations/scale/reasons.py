"""What of a scale must be confirmed by the app's name: much fewer dynos, many more, much dearer, or a restart of all.

The plan's numbers decide, never the words that led to them: `web=8`, `web+4` and a file are asked alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from herodyno.operations.prices import per_month
from herodyno.operations.writes import TypeChange

# Ours: cents per month that a change may add unasked. The setting price_step overrides it.
DEFAULT_PRICE_STEP_CENTS = 100_00


def reasons_to_confirm(changes: Sequence[TypeChange], price_step_cents: int) -> tuple[str, ...]:
    """One sentence for each reason; () when the change goes unasked.

    - A type goes to 0, loses more than half of its dynos, or grows by more than half. One dyno more goes unasked, from
      0 or 1 too: it is the smallest growth there is.
    - A type with dynos gets another size, which restarts them all at once.
    - The whole change costs more than `price_step_cents` per month. A type without a price of its own does not count.
    """
    return (*(reason for each in changes for reason in _of_type(each)), *_of_price(changes, price_step_cents))


def _of_type(change: TypeChange) -> Iterable[str]:
    before, after = change.quantity_before, change.quantity_after
    if _is_drop(before, after) or _is_leap(before, after):
        yield f"{change.type} goes from {before} to {after} dynos"
    if change.resizes and before and after:
        dynos = "its dyno restarts" if before == 1 else f"all {before} dynos restart at once"
        yield f"{change.type} goes from {change.size_before} to {change.size_after}: {dynos}"


def _of_price(changes: Sequence[TypeChange], step: int) -> Iterable[str]:
    more = sum(each.cents_difference or 0 for each in changes)
    if more > step:
        yield f"it costs {per_month(more)} more, above the price step of {per_month(step)}"


def _is_drop(before: int, after: int) -> bool:
    """Whether the count falls to 0 or by more than half."""
    return bool(before) and after * 2 < before


def _is_leap(before: int, after: int) -> bool:
    """Whether the count grows by more than half, and by more than one dyno."""
    return after * 2 > before * 3 and after > before + 1
