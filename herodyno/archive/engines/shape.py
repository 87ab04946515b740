"""Whether a server's `events` has the columns that this herodyno asks for, as it tells names and types itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from herodyno.archive.parquet.columns import KNOWN_VERSIONS, UPDATE
from herodyno.errors import Refused

# The columns that the queries of a verdict ask for.
_INTEGERS = ("ts_us", "recv_us", "arrival")
_NUMBERS = ("status", "service_ms", "mem_total_mb", "mem_swap_mb", "mem_quota_mb", "mem_pages_in", "load_1m")
_TEXTS = ("app", "source", "proc", "kind", "message")
_OTHERS = ("dyno", "dyno_uuid", "dyno_uuid_how", "code", "method", "path", "host", "client", "in_columns")
COLUMNS = (*_INTEGERS, *_TEXTS, *_OTHERS, *_NUMBERS)

_WRAPPED = re.compile(r"(?:nullable|lowcardinality)\((.*)\)", re.DOTALL)
# A type of another name passes: the query itself shows whether it will do. NULL alone has a type of its own.
_CLASSES = {
    "integer": re.compile(r"u?(?:tiny|small|big|huge)?int(?:eger)?\d*|long|short|byte"),
    "float": re.compile(r"float\d*|double|real|decimal\b.*"),
    "text": re.compile(r"varchar|string|text"),
    "time": re.compile(r"date.*|timestamp.*"),
}
_WANTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_INTEGERS, ("integer",)),
    **dict.fromkeys(_NUMBERS, ("integer", "float")),
    **dict.fromkeys(_TEXTS, ("text",)),
    # The NULL of a view may have come to be an integer.
    **dict.fromkeys(_OTHERS, ("integer", "text")),
}


def require_columns(name: str, path: str, found: Mapping[str, str]) -> None:
    """Raise Refused where columns (name: type, as the server says it) will not do. More columns are fine.

    `name` is the server, `path` an archive's folder there, or "".
    """
    events = f"{path} on {name}" if path else f"`events` of {name}"
    types = {column.lower(): kind for column, kind in found.items()}
    if missing := [column for column in sorted(COLUMNS) if column not in types]:
        listed = ", ".join(missing)
        if path:
            raise Refused(
                f"{events} has no {listed}: an older herodyno or another tool wrote it",
                next_step="the days, to be imported again: herodyno archive verify --archive DIR, on its machine",
            )
        raise Refused(
            f"{events} has no {listed}",
            next_step='a view may say NULL AS for most of them: README, "Other engines"',
        )
    if others := [
        f"{column} ({types[column]})"
        for column, wanted in _WANTED.items()
        if (kind := _class_of(types[column])) and kind not in wanted
    ]:
        raise Refused(
            f"{events} has other types in {', '.join(others)}",
            next_step='times are microseconds in integers; the types stand in the README, "Other engines"',
        )


def require_versions(name: str, path: str, versions: Iterable[str]) -> None:
    """Raise Refused where files of a folder say that they are of a newer herodyno."""
    if newer := sorted({*versions} - KNOWN_VERSIONS):
        raise Refused(f"a newer herodyno wrote days of {path} on {name} (schema {', '.join(newer)})", next_step=UPDATE)


def _class_of(kind: str) -> str:
    """The class of a type, or "" for one that is not known."""
    kind = kind.strip().lower()
    while found := _WRAPPED.fullmatch(kind):
        kind = found[1]
    return next((name for name, known in _CLASSES.items() if known.fullmatch(kind)), "")
