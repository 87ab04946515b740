"""`ps`: the dynos, the one-off dynos and the formation, as tables and as `herodyno.ps/1`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from herodyno.dynos import Dyno, Formation
from herodyno.heroku_facts import AUTOSCALED_SIZES, AUTOSCALED_TYPE
from herodyno.render.dynos import dyno_fields, dyno_record
from herodyno.render.text import Block, Column, Role, Span, Table, table
from herodyno.units import json_time

DYNOS = ("dyno", "id", "state", "age", "created", "size", "release")
ONE_OFFS = ("one-off", "id", "state", "age", "created", "size", "command")
FORMATION = (
    Column("TYPE"),
    Column("WANTED", right=True),
    Column("UP", right=True),
    Column("SIZE"),
    Column("NOTE"),
    Column("COMMAND", shrinks=True),
)


def ps_blocks(
    dynos: Sequence[Dyno], formation: Sequence[Formation], *, newest: int | None, now: datetime, zone: tzinfo
) -> list[Block]:
    """Dynos, one-off dynos, formation; a table with nothing in it is left out."""
    tables = [
        dynos_table([dyno for dyno in dynos if not dyno.is_one_off], DYNOS, newest=newest, now=now, zone=zone),
        dynos_table([dyno for dyno in dynos if dyno.is_one_off], ONE_OFFS, newest=newest, now=now, zone=zone),
        formation_table(formation, dynos),
    ]
    return [table for table in tables if table.rows]


def dynos_table(
    dynos: Sequence[Dyno], names: Sequence[str], *, newest: int | None, now: datetime, zone: tzinfo
) -> Table:
    """One line per dyno, in the order given, with the fields of these names ("dyno", "created")."""
    fields = dyno_fields(now=now, zone=zone, newest=newest)
    return table([fields[name] for name in names], dynos)


def formation_table(formation: Sequence[Formation], dynos: Sequence[Dyno]) -> Table:
    """Wanted against running for each process type, and what the difference consists of."""
    rows = sorted(formation, key=lambda wanted: wanted.type)
    return Table(columns=FORMATION, rows=tuple(_formation_row(wanted, dynos) for wanted in rows))


def ps_document(
    dynos: Sequence[Dyno],
    formation: Sequence[Formation],
    *,
    newest: int | None,
    app: str,
    maintenance: bool,
    now: datetime,
) -> dict[str, Any]:
    """`herodyno.ps/1`: the nouns under Heroku's own field names."""
    return {
        "schema": "herodyno.ps/1",
        "generated_at": json_time(now),
        "app": {"name": app, "maintenance": maintenance},
        "newest_release": newest,
        "formation": [
            {
                "type": it.type,
                "quantity": it.quantity,
                "size": it.size or None,
                "command": it.command or None,
                "can_autoscale": can_autoscale(it),
            }
            for it in formation
        ],
        "dynos": [dyno_record(dyno) for dyno in dynos],
    }


def crashed_words(dynos: Sequence[Dyno]) -> str:
    """ "web (2 of 4 dynos)" for each process type with crashed dynos; ""."""
    alive = Counter(dyno.type for dyno in dynos)
    crashed = Counter(dyno.type for dyno in dynos if dyno.state == "crashed")
    return ", ".join(f"{name} ({number} of {alive[name]} dynos)" for name, number in sorted(crashed.items()))


def can_autoscale(wanted: Formation) -> bool:
    """Whether Heroku's autoscaling may change the quantity. Whether it is on, the Platform API does not show."""
    return wanted.type == AUTOSCALED_TYPE and wanted.size.lower().startswith(AUTOSCALED_SIZES)


def _formation_row(wanted: Formation, dynos: Sequence[Dyno]) -> tuple[Span, ...]:
    own = [dyno for dyno in dynos if dyno.type == wanted.type]
    states = Counter(dyno.state or "unknown" for dyno in own)
    up = states.pop("up", 0)
    parts = [f"{number} {state}" for state, number in sorted(states.items())]
    if len(own) < wanted.quantity:
        parts.append(f"{wanted.quantity - len(own)} missing")
    elif len(own) > wanted.quantity:
        parts.append(f"{len(own) - wanted.quantity} too many")
    autoscaled = ["may be autoscaled"] if can_autoscale(wanted) else []
    role: Role = "critical" if wanted.quantity and not up else "warning" if parts else ""
    return (
        Span(wanted.type),
        Span(str(wanted.quantity)),
        Span(str(up), role),
        Span(wanted.size or "-"),
        Span(", ".join([*parts, *autoscaled]) or "-", role),
        Span(wanted.command or "-"),
    )
