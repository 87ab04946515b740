"""Which columns and cells a noun shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo

from herodyno.dynos import Dyno, Formation, natural_order, short_id
from herodyno.render.text import Column, Role, Span, Table
from herodyno.units import age, stamp, zone_name

STATE_ROLES: dict[str, Role] = {"up": "good", "crashed": "critical", "starting": "warning", "down": "warning"}


def dynos_table(dynos: Sequence[Dyno], *, newest: int | None, now: datetime, zone: tzinfo) -> Table:
    """One line per dyno, in the order given; a dyno on a release older than `newest` says so."""
    return Table(
        columns=(
            Column(heading="DYNO"),
            Column(heading="ID"),
            Column(heading="STATE"),
            Column(heading="AGE", right=True),
            Column(heading=f"CREATED ({zone_name(now, zone)})"),
            Column(heading="SIZE"),
            Column(heading="RELEASE"),
        ),
        rows=tuple((*_common(dyno, now, zone), _release(dyno, newest)) for dyno in dynos),
    )


def chosen_table(
    dynos: Sequence[Dyno], names: Sequence[str], *, newest: int | None, now: datetime, zone: tzinfo
) -> Table:
    """The columns of these names ("dyno", "created") of all dynos, the command among them."""
    all_of_it = dynos_table(dynos, newest=newest, now=now, zone=zone)
    columns = (*all_of_it.columns, Column(heading="COMMAND", shrinks=True))
    rows = [(*row, Span(dyno.command or "-")) for row, dyno in zip(all_of_it.rows, dynos, strict=True)]
    places = {column.heading.partition(" ")[0].lower(): place for place, column in enumerate(columns)}
    kept = [places[name] for name in names]
    return Table(columns=tuple(columns[i] for i in kept), rows=tuple(tuple(row[i] for i in kept) for row in rows))


def one_offs_table(dynos: Sequence[Dyno], *, now: datetime, zone: tzinfo) -> Table:
    """One line per one-off dyno, with the command it runs."""
    return Table(
        columns=(
            Column(heading="ONE-OFF"),
            Column(heading="ID"),
            Column(heading="STATE"),
            Column(heading="AGE", right=True),
            Column(heading=f"CREATED ({zone_name(now, zone)})"),
            Column(heading="SIZE"),
            Column(heading="COMMAND", shrinks=True),
        ),
        rows=tuple((*_common(dyno, now, zone), Span(dyno.command or "-")) for dyno in dynos),
    )


def formation_table(formation: Sequence[Formation], dynos: Sequence[Dyno]) -> Table:
    """Wanted against running for each process type, and what the difference consists of."""
    return Table(
        columns=(
            Column(heading="TYPE"),
            Column(heading="WANTED", right=True),
            Column(heading="UP", right=True),
            Column(heading="SIZE"),
            Column(heading="NOTE"),
            Column(heading="COMMAND", shrinks=True),
        ),
        rows=tuple(_formation_row(wanted, dynos) for wanted in sorted(formation, key=lambda wanted: wanted.type)),
    )


def in_order(dynos: Sequence[Dyno]) -> list[Dyno]:
    """By type, then number, then (Fir, unknown names) by name."""
    return sorted(dynos, key=lambda dyno: (natural_order(dyno.name), dyno.id))


def _common(dyno: Dyno, now: datetime, zone: tzinfo) -> tuple[Span, ...]:
    return (
        Span(dyno.name),
        Span(short_id(dyno.id) or "-", "quiet"),
        Span(dyno.state or "-", STATE_ROLES.get(dyno.state, "")),
        Span(age(dyno.created_at, now)),
        Span(stamp(dyno.created_at, zone), "quiet"),
        Span(dyno.size or "-"),
    )


def _release(dyno: Dyno, newest: int | None) -> Span:
    if dyno.release is None:
        return Span("-")
    if newest is not None and dyno.release < newest:
        return Span(f"v{dyno.release}, behind v{newest}", "warning")
    return Span(f"v{dyno.release}")


def _formation_row(wanted: Formation, dynos: Sequence[Dyno]) -> tuple[Span, ...]:
    own = [dyno for dyno in dynos if dyno.type == wanted.type]
    states = Counter(dyno.state or "unknown" for dyno in own)
    up = states.pop("up", 0)
    parts = [f"{number} {state}" for state, number in sorted(states.items())]
    if len(own) < wanted.quantity:
        parts.append(f"{wanted.quantity - len(own)} missing")
    elif len(own) > wanted.quantity:
        parts.append(f"{len(own) - wanted.quantity} too many")
    role: Role = "critical" if wanted.quantity and not up else "warning" if parts else ""
    return (
        Span(wanted.type),
        Span(str(wanted.quantity)),
        Span(str(up), role),
        Span(wanted.size or "-"),
        Span(", ".join(parts) or "-", role),
        Span(wanted.command or "-"),
    )
