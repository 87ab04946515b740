"""What the compiled part is generated from, and the Rust text that comes of it: patterns, words, limits, columns.

`FINGERPRINT` is compiled into the part. A part with another one was built from another grammar, and is not used.
"""

from __future__ import annotations

from typing import Any

from herodyno.logs.scan import patterns
from herodyno.logs.scan.columns import Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.compiled.table_grammar import TABLE_GRAMMAR, table_rust
from herodyno.logs.scan.fast_reject import ANY_WORDS, BYTES_READ, START
from herodyno.logs.scan.unmatched import BLANK

# Raised when the functions of the part, or what they do, change without any of the below.
_INTERFACE = 2

_PATTERNS = {
    "row": patterns.ROW_WITHOUT_TELLING.pattern,  # in a block without telling words, ROW matches the same
    "app_line": patterns.APP_LINE.pattern,
    "start": START.pattern,
}
_PLACES = {
    "STAMP": patterns.STAMP,
    "METHOD": patterns.REQUEST.start,
    "DYNO": patterns.DYNO,
    "STATUS": patterns.REQUEST.stop - 1,
    "SPEAKER": patterns.SPEAKER,
    "NAME": patterns.NAME,
    "BYTES_READ": BYTES_READ,
}

# The columns of texts, and those of numbers: of a block, of waiting requests by dyno, and last the waiting requests.
# Of failed requests `methods` hold the code too, as the pattern takes it.
_TABLES: dict[str, Any] = {"requests": Requests, "failures": Failures, "plain": PlainLines, "samples": Samples}
TEXTS = (
    *(
        f"{table}_{field}"
        for table, columns in _TABLES.items()
        for field in columns._fields
        if field not in ("numbers", "codes")
    ),
    *("rows_stamps", "rows_speakers", "rows_names", "unmatched_lines", "hours"),
    *("spans_dynos", "spans_firsts", "spans_lasts"),
    *("own_dynos", "own_paths", "own_fwds", "own_methods", "own_hosts", "own_statuses"),
    *(f"waiting_{field}" for field in Requests._fields),
)
NUMBERS = (
    *("failures_numbers", "plain_numbers", "samples_numbers", "unmatched_places"),
    *("own_requests", "own_runs", "own_cells", "own_cell_requests", "own_services"),
    *("own_method_counts", "own_host_counts", "own_status_counts"),
)

FINGERPRINT = repr(
    (_INTERFACE, _PATTERNS, _PLACES, patterns.FAILED, BLANK, ANY_WORDS, TEXTS, NUMBERS, TABLE_GRAMMAR)
).encode()


def rust() -> str:
    """The generated module `grammar`. Raises UnknownPattern."""
    from herodyno.logs.scan.compiled.to_rust import rust_of, rust_test  # only where the part is built

    first_bytes = frozenset(word[0] for word in ANY_WORDS)
    lines = [
        *(f"pub const {name}: usize = {value};" for name, value in _PLACES.items()),
        *(f"pub const {name.upper()}: usize = {place};" for place, name in enumerate(TEXTS)),
        *(f"pub const {name.upper()}: usize = {place};" for place, name in enumerate(NUMBERS)),
        f"pub const TEXTS: usize = {len(TEXTS)};",
        f"pub const NUMBERS: usize = {len(NUMBERS)};",
        f"pub const FAILED: &[u8] = &{list(patterns.FAILED)};",
        f"pub const WORDS: &[&[u8]] = &[{', '.join(f'&{list(word)}' for word in ANY_WORDS)}];",
        f"pub const FINGERPRINT: &[u8] = &{list(FINGERPRINT)};",
        f"pub fn may_begin_word(b: u8) -> bool {{ {rust_test(first_bytes, 'b')} }}",
        f"pub fn is_blank(b: u8) -> bool {{ {rust_test(frozenset(BLANK), 'b')} }}",
        *(rust_of(name, pattern) for name, pattern in _PATTERNS.items()),
        *table_rust(),
    ]
    return "\n".join(lines)
