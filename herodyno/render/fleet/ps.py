"""`ps` of several apps: a line per app and process type with totals, and `herodyno.ps-apps/1`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from herodyno.dynos import App, Dyno, DynoSize, Formation
from herodyno.errors import HerodynoError
from herodyno.heroku_facts import STACK_LAST_DAYS
from herodyno.operations.prices import cents_per_month, is_flat, size_named
from herodyno.render.output import error_document
from herodyno.render.sizes import month_cell
from herodyno.render.text import Block, Column, Line, Role, Span, Table, line
from herodyno.units import count, days_to, json_time

# Ours: a stack that ends within so many days is named.
SOON_DAYS = 180
COLUMNS = (
    Column("APP"),
    Column("TYPE"),
    Column("WANTED", right=True),
    Column("UP", right=True),
    Column("CRASHED", right=True),
    Column("SIZE"),
    Column("PER MONTH", right=True),
    Column("NOTE", shrinks=True),
)


class TypeState(NamedTuple):
    """A process type of an app. `other` counts the dynos that are neither up nor crashed by their state.

    `quantity` is None for a type that the formation does not have: one-off dynos. `behind` counts the dynos on a
    release older than the newest that succeeded.
    """

    type: str
    quantity: int | None
    up: int
    crashed: int
    other: tuple[tuple[str, int], ...]
    behind: int
    size: str

    @property
    def running(self) -> int:
        """The dynos that there are, in whatever state."""
        return self.up + self.crashed + sum(number for _, number in self.other)


class AppState(NamedTuple):
    """What the API answered about an app, or the `error` for which there is no answer."""

    name: str
    app: App | None = None
    dynos: Sequence[Dyno] = ()
    formation: Sequence[Formation] = ()
    newest: int | None = None
    error: HerodynoError | None = None

    def only(self, types: Sequence[str]) -> AppState:
        """The part of these process types."""
        return self._replace(
            dynos=[dyno for dyno in self.dynos if dyno.type in types],
            formation=[each for each in self.formation if each.type in types],
        )

    @property
    def types(self) -> list[str]:
        """The process types of the formation, then those that only run: one-off dynos."""
        wanted = sorted(each.type for each in self.formation)
        return [*wanted, *sorted({dyno.type for dyno in self.dynos} - set(wanted))]

    @property
    def type_states(self) -> list[TypeState]:
        """The state of each process type."""
        return [self._state_of(name) for name in self.types]

    def _state_of(self, name: str) -> TypeState:
        wanted = next((each for each in self.formation if each.type == name), None)
        own = [dyno for dyno in self.dynos if dyno.type == name]
        states = Counter(dyno.state or "unknown" for dyno in own)
        up, crashed = states.pop("up", 0), states.pop("crashed", 0)
        behind = sum(bool(dyno.release and self.newest and dyno.release < self.newest) for dyno in own)
        sizes = sorted({dyno.size for dyno in own if dyno.size})
        size = wanted.size if wanted else sizes[0] if len(sizes) == 1 else ""
        quantity = wanted.quantity if wanted else None
        return TypeState(name, quantity, up, crashed, tuple(sorted(states.items())), behind, size)

    def stack_end(self, now: datetime) -> str:
        """The last day of the app's stack ("2027-04-30") when it is near or past; "" else, or where none is known."""
        last = STACK_LAST_DAYS.get(self.app.stack, "") if self.app else ""
        return last if last and days_to(last) - now.timestamp() / 86_400 <= SOON_DAYS else ""


def fleet_blocks(states: Sequence[AppState], sizes: Sequence[DynoSize], *, now: datetime) -> list[Block]:
    """The table, and a line of totals."""
    rows = [row for state in states for row in _rows(state, sizes, now)]
    return [Table(COLUMNS, tuple(rows)), [_totals_line(fleet_totals(states, sizes, now=now))]]


def fleet_document(
    states: Sequence[AppState], sizes: Sequence[DynoSize], *, now: datetime, calls_left: int | None
) -> dict[str, Any]:
    """`herodyno.ps-apps/1`."""
    return {
        "schema": "herodyno.ps-apps/1",
        "generated_at": json_time(now),
        "rate_limit_remaining": calls_left,
        "totals": fleet_totals(states, sizes, now=now),
        "apps": [
            {key: value for key, value in fleet_record(state, sizes, now=now).items() if key != "generated_at"}
            for state in states
        ],
    }


def fleet_record(state: AppState, sizes: Sequence[DynoSize], *, now: datetime) -> dict[str, Any]:
    """One app, as in `herodyno.ps-app/1` and in the list of `herodyno.ps-apps/1`. Prices are in US cents per month."""
    app = state.app
    return {
        "generated_at": json_time(now),
        "app": {
            "name": app.name if app else state.name,
            "team": (app.team or None) if app else None,
            "stack": (app.stack or None) if app else None,
            "stack_ends": state.stack_end(now) or None,
            "maintenance": app.maintenance if app else None,
        },
        "newest_release": state.newest,
        "types": [
            {
                "type": each.type,
                "quantity": each.quantity,
                "up": each.up,
                "crashed": each.crashed,
                "other": dict(each.other),
                "behind": each.behind,
                "size": each.size or None,
                "cents_per_month": _cents(each, sizes),
                "flat_price": _is_flat(each, sizes),
            }
            for each in state.type_states
        ],
        "error": error_document(state.error) if state.error else None,
    }


def fleet_totals(states: Sequence[AppState], sizes: Sequence[DynoSize], *, now: datetime) -> dict[str, Any]:
    """The sums over the apps that answered. The flat price of Eco counts once. `unpriced` dynos are in no price."""
    every = [each for state in states for each in state.type_states]
    types = [each for each in every if each.quantity is not None]
    flat = {cents_per_month(size) or 0 for each in types if each.quantity and (size := size_named(each.size, sizes))
            and is_flat(size)}  # fmt: skip
    prices = [_cents(each, sizes) for each in types if not _is_flat(each, sizes)]
    return {
        "apps": len(states),
        "failed": sum(state.error is not None for state in states),
        "quantity": sum(each.quantity or 0 for each in types),
        "up": sum(each.up for each in types),
        "crashed": sum(each.crashed for each in types),
        "behind": sum(each.behind for each in types),
        "one_offs": sum(each.running for each in every if each.quantity is None),
        "maintenance": sum(bool(state.app and state.app.maintenance) for state in states),
        "stacks_ending": sum(bool(state.stack_end(now)) for state in states),
        "cents_per_month": sum(cents for cents in prices if cents is not None) + sum(flat),
        "unpriced": sum(
            each.quantity or 0 for each in types if not _is_flat(each, sizes) and _cents(each, sizes) is None
        ),
    }


def _rows(state: AppState, sizes: Sequence[DynoSize], now: datetime) -> list[tuple[Span, ...]]:
    of_app = _notes_of_app(state, now)
    if state.error is not None:
        return [_row(state.name, note=Span(f"no answer: {state.error.message}", "critical"))]
    states = state.type_states
    if not states:
        return [_row(state.name, note=Span(", ".join([*of_app, "no process types"]), "warning" if of_app else ""))]
    return [_type_row(state, each, sizes, of_app if place == 0 else []) for place, each in enumerate(states)]


def _type_row(state: AppState, each: TypeState, sizes: Sequence[DynoSize], of_app: Sequence[str]) -> tuple[Span, ...]:
    parts = [*of_app, *(f"{number} {word}" for word, number in each.other)]
    difference = each.running - (each.running if each.quantity is None else each.quantity)
    if difference:
        parts.append(f"{-difference} missing" if difference < 0 else f"{difference} too many")
    if each.behind:
        parts.append(f"{each.behind} behind v{state.newest}")
    lacks = bool(each.quantity) and not each.up
    role: Role = "critical" if lacks or each.crashed else "warning" if parts and each.quantity is not None else ""
    price = "flat" if _is_flat(each, sizes) else month_cell(_cents(each, sizes))
    return _row(
        state.app.name if state.app else state.name,
        Span(each.type),
        Span("-" if each.quantity is None else str(each.quantity)),
        Span(str(each.up), "critical" if lacks else ""),
        Span(str(each.crashed), "critical" if each.crashed else ""),
        Span(each.size or "-"),
        Span("-" if each.quantity is None else price),
        note=Span(", ".join(parts) or "-", role),
    )


def _row(name: str, *cells: Span, note: Span) -> tuple[Span, ...]:
    return (Span(name), *(cells or (Span("-"),) * (len(COLUMNS) - 2)), note)


def _notes_of_app(state: AppState, now: datetime) -> list[str]:
    notes = ["maintenance"] if state.app and state.app.maintenance else []
    if state.app and (last := state.stack_end(now)):
        notes.append(f"{state.app.stack} {'ends' if days_to(last) >= now.timestamp() / 86_400 else 'ended'} {last}")
    return notes


def _totals_line(totals: dict[str, Any]) -> Line:
    parts = [
        count(totals["apps"], "app"),
        f"{totals['up']:,} of {count(totals['quantity'], 'dyno')} up",
        f"{totals['crashed']:,} crashed" if totals["crashed"] else "",
        f"{month_cell(totals['cents_per_month'])} a month",
        f"{count(totals['unpriced'], 'dyno')} without a price" if totals["unpriced"] else "",
        f"{count(totals['behind'], 'dyno')} behind" if totals["behind"] else "",
        f"{count(totals['one_offs'], 'one-off dyno')}" if totals["one_offs"] else "",
        f"{totals['maintenance']:,} in maintenance" if totals["maintenance"] else "",
        f"{count(totals['stacks_ending'], 'stack')} near the end" if totals["stacks_ending"] else "",
        f"{totals['failed']:,} without an answer" if totals["failed"] else "",
    ]
    return line(", ".join(part for part in parts if part))


def _cents(each: TypeState, sizes: Sequence[DynoSize]) -> int | None:
    """The price of the wanted dynos in US cents per month; None without a price of its own."""
    size = size_named(each.size, sizes)
    cents = cents_per_month(size)
    return None if cents is None or each.quantity is None or (size and is_flat(size)) else cents * each.quantity


def _is_flat(each: TypeState, sizes: Sequence[DynoSize]) -> bool:
    size = size_named(each.size, sizes)
    return size is not None and is_flat(size)
