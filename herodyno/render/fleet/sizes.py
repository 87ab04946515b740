"""`sizes` of several apps: a line per size in use with its dynos, its price and its users, and totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from herodyno.dynos import DynoSize, Formation
from herodyno.errors import HerodynoError
from herodyno.operations.prices import cents_per_month, is_flat, size_named
from herodyno.render.output import error_document
from herodyno.render.sizes import month_cell
from herodyno.render.text import Block, Column, Field, Span, line, table
from herodyno.units import count, megabytes


class User(NamedTuple):
    """A process type that wants dynos of a size."""

    app: str
    type: str
    quantity: int


class UsedSize(NamedTuple):
    """A size in use. `known` is what the API tells of it, None where it tells nothing."""

    name: str
    known: DynoSize | None
    users: Sequence[User]

    @property
    def quantity(self) -> int:
        """The dynos that are wanted."""
        return sum(user.quantity for user in self.users)

    @property
    def cents(self) -> int | None:
        """The price of all of them in US cents per month; None where the API gives none. Eco has one flat price."""
        cents = cents_per_month(self.known)
        return cents if cents is None or (self.known and is_flat(self.known)) else cents * self.quantity


def used_sizes(formations: Mapping[str, Sequence[Formation]], sizes: Sequence[DynoSize]) -> list[UsedSize]:
    """The sizes that the apps use, the dearest first. Types that want no dyno count too: they may be scaled up."""
    users: dict[str, list[User]] = {}
    for app, formation in formations.items():
        for each in formation:
            users.setdefault(each.size.casefold(), []).append(User(app, each.type, each.quantity))
    names = {each.size.casefold(): each.size for formation in formations.values() for each in formation}
    found = [UsedSize(names[key], size_named(key, sizes), own) for key, own in users.items()]
    return sorted(found, key=lambda size: (-(size.cents or 0), -size.quantity, size.name))


def used_sizes_table(used: Sequence[UsedSize], formations: Mapping[str, object]) -> list[Block]:
    """A line per size, and a line of totals."""
    fields = (
        Field[UsedSize](Column("SIZE"), lambda size: Span(size.name or "-")),
        Field[UsedSize](Column("MEMORY", right=True), lambda size: Span(_memory(size))),
        Field[UsedSize](Column("DYNOS", right=True), lambda size: Span(f"{size.quantity:,}")),
        Field[UsedSize](Column("APPS", right=True), lambda size: Span(f"{len({user.app for user in size.users}):,}")),
        Field[UsedSize](Column("PER MONTH", right=True), lambda size: Span(month_cell(size.cents))),
        Field[UsedSize](Column("USED BY", shrinks=True), lambda size: Span(_users(size))),
    )
    unpriced = sum(size.quantity for size in used if size.cents is None)
    parts = [
        count(len(formations), "app"),
        count(sum(size.quantity for size in used), "dyno"),
        f"{month_cell(sum(size.cents or 0 for size in used))} a month",
        *([f"{count(unpriced, 'dyno')} without a price"] if unpriced else []),
    ]
    return [table(fields, used), [line(", ".join(parts))]]


def used_sizes_document(
    used: Sequence[UsedSize], formations: Mapping[str, object], errors: Mapping[str, HerodynoError]
) -> dict[str, Any]:
    """`herodyno.sizes-apps/1`. Prices in US cents per month; null is what the API does not tell."""
    return {
        "schema": "herodyno.sizes-apps/1",
        "apps": [
            *({"app": name, "error": None} for name in formations),
            *({"app": name, "error": error_document(error)} for name, error in errors.items()),
        ],
        "sizes": [
            {
                "name": size.name,
                "memory_mb": size.known.memory_mb if size.known else None,
                "quantity": size.quantity,
                "cents_per_month": size.cents,
                "flat_price": bool(size.known and is_flat(size.known)),
                "used_by": [user._asdict() for user in size.users],
            }
            for size in used
        ],
    }


def _memory(size: UsedSize) -> str:
    return megabytes(size.known.memory_mb) if size.known else "-"


def _users(size: UsedSize) -> str:
    own: dict[str, list[str]] = {}
    for user in size.users:
        own.setdefault(user.app, []).append(f"{user.type}={user.quantity}")
    return ", ".join(f"{app} {' '.join(words)}" for app, words in own.items())
