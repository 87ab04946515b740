"""What the live view shows, as values: a view is made elsewhere and replaced as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.dynos import Dyno, natural_order

SortBy: TypeAlias = Literal["name", "state", "memory", "requests", "errors", "p95", "age", "release"]
SORTS: tuple[SortBy, ...] = ("name", "state", "memory", "requests", "errors", "p95", "age", "release")


class DynoRow(NamedTuple):
    """A dyno and what was seen of it. Rates are of the last minute; None where nothing tells them.

    `memory_pct` is the part of its quota in per cent. `mark` is "!!" for an accused dyno, "!" for a suspect, "".
    """

    dyno: Dyno
    is_behind: bool
    memory_pct: float | None
    per_second: float | None
    requests: int
    errors: int
    p95_ms: int | None
    mark: str

    @property
    def error_rate(self) -> float | None:
        """Server errors in requests, 0..1; None without a request."""
        return self.errors / self.requests if self.requests else None


class View(NamedTuple):
    """One state of the live view. `seconds` is the time that rates are of. `troubles` say what is old, and since when.

    `found` is None until the first lines are judged.
    """

    app: str
    at: datetime
    rows: tuple[DynoRow, ...]
    found: Diagnosis | None
    seconds: float
    troubles: tuple[str, ...]


def rows_of(
    dynos: Sequence[Dyno], newest: int | None, found: Diagnosis | None, recent: Diagnosis | None, seconds: float
) -> tuple[DynoRow, ...]:
    """One row for each dyno. `found` is the verdict on all lines held, `recent` on those of the last `seconds`."""
    return tuple(_row(dyno, newest, _of(dyno, found), _of(dyno, recent), seconds) for dyno in dynos)


def _row(
    dyno: Dyno, newest: int | None, whole: IncarnationRow | None, recent: IncarnationRow | None, seconds: float
) -> DynoRow:
    accused = whole.outlier.verdict if whole else ""
    is_over = whole is not None and whole.outlier.ongoing is False
    return DynoRow(
        dyno=dyno,
        is_behind=None not in (dyno.release, newest) and (dyno.release or 0) < (newest or 0),
        memory_pct=whole.memory.last_pct if whole else None,
        per_second=recent.requests.n / seconds if recent and seconds >= 1 else None,
        requests=recent.requests.n if recent else 0,
        errors=recent.errors.n if recent else 0,
        p95_ms=recent.requests.p95_ms if recent else None,
        mark="!!" if accused == "outlier" and not is_over else "!" if accused in ("outlier", "suspect") else "",
    )


def _of(dyno: Dyno, found: Diagnosis | None) -> IncarnationRow | None:
    """The row of this incarnation; of its name, where the log does not tell ids and the row has no end."""
    rows = [row for row in (found.incarnations if found else ()) if row.dyno == dyno.name]
    own = next((row for row in rows if row.id and row.id == dyno.id), None)
    return own or next((row for row in rows if row.id is None and row.end is None), None)


def matching(rows: Sequence[DynoRow], text: str) -> list[DynoRow]:
    """The rows whose name, id, state, size or release has the text; all for ""."""
    wanted = text.casefold().split()
    return [row for row in rows if all(any(word in field for field in _fields(row)) for word in wanted)]


def ordered(rows: Sequence[DynoRow], by: SortBy) -> list[DynoRow]:
    """The rows, by name or the most of it first: what is not known comes last, equal rows stay in order of names."""
    named = sorted(rows, key=lambda row: natural_order(row.dyno.name))
    if by == "name":
        return named
    if by == "state":
        return sorted(named, key=lambda row: (row.dyno.state == "up", row.dyno.state))
    if by == "age":
        return sorted(named, key=lambda row: (row.dyno.created_at is None, row.dyno.created_at))
    return sorted(named, key=lambda row: -(_amount(row, by)))


def _amount(row: DynoRow, by: SortBy) -> float:
    values = {
        "memory": row.memory_pct,
        "requests": row.per_second,
        "errors": row.error_rate,
        "p95": row.p95_ms,
        "release": row.dyno.release,
    }
    value = values[by]
    return -1.0 if value is None else float(value)


def _fields(row: DynoRow) -> tuple[str, ...]:
    dyno = row.dyno
    fields = (dyno.name, dyno.id, dyno.state, dyno.size, "" if dyno.release is None else f"v{dyno.release}", row.mark)
    return tuple(field.casefold() for field in fields)
