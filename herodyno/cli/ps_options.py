"""How a person wants the dynos listed: by what sorted, which columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

import typer

from herodyno.dynos import Dyno
from herodyno.errors import UsageError

SortBy: TypeAlias = Literal["name", "age", "state", "size", "release"]
Sort = Annotated[SortBy, typer.Option("--sort", help="by what; the oldest first")]
Columns = Annotated[
    str | None, typer.Option("--columns", metavar="NAMES", help="one table of these: dyno,state,age,command")
]

COLUMNS = ("dyno", "id", "state", "age", "created", "size", "release", "command")
_LAST = datetime.max.replace(tzinfo=UTC)


def in_wanted_order(dynos: Sequence[Dyno], by: SortBy) -> list[Dyno]:
    """Equal ones stay in the order of their names; what is not known comes last."""
    match by:
        case "name":
            return list(dynos)
        case "age":
            return sorted(dynos, key=lambda dyno: dyno.created_at or _LAST)
        case "release":
            return sorted(dynos, key=lambda dyno: (dyno.release is None, dyno.release or 0))
        case "state":
            return sorted(dynos, key=lambda dyno: (not dyno.state, dyno.state))
        case "size":
            return sorted(dynos, key=lambda dyno: (not dyno.size, dyno.size))


def wanted_columns(text: str | None, *, wants_json: bool) -> tuple[str, ...]:
    """The names in --columns, () where it is not given. Raises UsageError for a name that is no column."""
    if text is None:
        return ()
    if wants_json:
        raise UsageError("--columns is for the table; --json has every field", next_step="leave out one of them")
    names = tuple(name.strip().lower() for name in text.split(","))
    for name in names:
        if name not in COLUMNS:
            raise UsageError(f"{name!r} is no column of ps", next_step=f"there is: {', '.join(COLUMNS)}")
    return names
