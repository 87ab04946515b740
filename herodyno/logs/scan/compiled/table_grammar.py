"""Which columns the compiled part fills of the commonest lines, and the Rust text of their patterns and places."""

from __future__ import annotations

from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.scan.common_lines import (
    HEAD,
    HUNDREDTHS,
    KINDS,
    MESSAGE_ROW,
    PRIORITY,
    ROUTED,
    ROUTED_TO,
    STAMP,
    TEXT_ROW,
    WHOLE,
    Kind,
)
from herodyno.units import USABLE_YEARS

# Columns of each kind before those of its pattern's groups: the time, the number of the line, the priority.
_OF_ROWS = ("ts_us", "arrival", "priority")
# Of each line that is no row: its number, and the time of the row right before it, if one is.
_UNMATCHED = ("arrival", "before_us")
_PATTERNS = {"text_line": TEXT_ROW, "message_line": MESSAGE_ROW, "head": HEAD, "routed": ROUTED}


def _type(column: str) -> str:
    if column in WHOLE:
        return "WHOLE"
    if column in HUNDREDTHS:
        return "HUNDREDTHS"
    return {"message": "MESSAGE", "client": "FIRST_OF_LIST"}.get(column, "TEXT")


def _groups(kind: Kind) -> dict[int, str]:
    """The groups of a kind, each once, and the type of its column."""
    return {group: _type(column) for column, group in kind.groups.items()}


def _places() -> list[dict[str, int]]:
    """The place of each column by its name: those of each kind, then those of the lines that are no rows."""
    places: list[dict[str, int]] = []
    n = 0
    for kind in KINDS:
        of_groups = {group: n + len(_OF_ROWS) + at for at, group in enumerate(_groups(kind))}
        own = {name: n + at for at, name in enumerate(_OF_ROWS)}
        places.append({**own, **{name: of_groups[group] for name, group in kind.groups.items()}})
        n += len(_OF_ROWS) + len(of_groups)
    return [*places, {name: n + at for at, name in enumerate(_UNMATCHED)}]


PLACES = _places()
TABLE_GRAMMAR = (
    _PATTERNS,
    PIECE_BYTES,
    ROUTED_TO,
    [_groups(kind) for kind in KINDS],
    PLACES,
    list(USABLE_YEARS)[:: len(USABLE_YEARS) - 1],
)


def table_rust() -> list[str]:
    """Lines of the generated module `grammar`. Raises UnknownPattern."""
    from herodyno.logs.scan.compiled.to_rust import rust_of  # only where the part is built

    kinds = [
        f"({kind.group}, {places['ts_us']}, &[{', '.join(f'(Type::{type_}, {group})' for group, type_ in groups)}])"
        for kind, places in zip(KINDS, PLACES, strict=False)
        for groups in [_groups(kind).items()]
    ]
    return [
        "#[derive(Clone, Copy)] pub enum Type { WHOLE, HUNDREDTHS, MESSAGE, FIRST_OF_LIST, TEXT }",
        f"pub const KINDS: &[(usize, usize, &[(Type, usize)])] = &[{', '.join(kinds)}];",
        f"pub const UNMATCHED: usize = {PLACES[-1]['arrival']};",
        f"pub const TABLE_COLUMNS: usize = {PLACES[-1]['before_us'] + 1};",
        f"pub const LINE_PRIORITY: usize = {PRIORITY};",
        f"pub const LINE_STAMP: usize = {STAMP};",
        f"pub const ROUTED_TO: usize = {ROUTED_TO};",
        f"pub const LONGEST: usize = {PIECE_BYTES};",
        f"pub const FIRST_YEAR: i64 = {USABLE_YEARS.start};",
        f"pub const LAST_YEAR: i64 = {USABLE_YEARS.stop - 1};",
        *(rust_of(name, pattern) for name, pattern in _PATTERNS.items()),
    ]
