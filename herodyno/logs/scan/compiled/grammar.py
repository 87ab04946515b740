"""What the compiled part is generated from, and the Rust text that comes of it: patterns, words, limits, columns.

`FINGERPRINT` is compiled into the part. A part with another one was built from another grammar, and is not used.
"""

from __future__ import annotations

from typing import Any

from herodyno.logs.decoding.mending import COMMON
from herodyno.logs.parsing.chatter import MAY_BE_CHATTER
from herodyno.logs.scan import patterns
from herodyno.logs.scan.columns import Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.compiled.table_grammar import TABLE_GRAMMAR, table_rust
from herodyno.logs.scan.fast_reject import ANY_WORDS, BYTES_READ, START
from herodyno.logs.scan.last_lines import LAST_LINES, LONGEST_TEXT
from herodyno.logs.scan.rows import BLANK

# Raised when the functions of the part, or what they do, change without any of the below.
_INTERFACE = 8

_PATTERNS = {
    "row": patterns.ROW_WITHOUT_TELLING.pattern,  # what ROW matches and by_pattern.py leaves a row
    "app_line": patterns.APP_LINE.pattern,
    "start": START.pattern,
    "chatter": MAY_BE_CHATTER.pattern,
    "common": COMMON.pattern,
}
_PLACES = {
    "STAMP": patterns.STAMP,
    "METHOD": patterns.REQUEST.start,
    "DYNO": patterns.DYNO,
    "STATUS": patterns.REQUEST.stop - 1,
    "SPEAKER": patterns.SPEAKER,
    "NAME": patterns.NAME,
    "BYTES_READ": BYTES_READ,
    "LAST_LINES": LAST_LINES,
    "LONGEST_TEXT": LONGEST_TEXT,
}

# The columns of texts, and those of numbers: first those of a block, then what stays inside until it is asked for.
# Of failed requests `methods` hold the code too, as the pattern takes it.
_TABLES: dict[str, Any] = {"requests": Requests, "failures": Failures, "plain": PlainLines, "samples": Samples}
_WAITING = ("samples", "failures")
_NAMED = ("dynos", "paths", "fwds", "services", "methods", "hosts", "statuses")  # of good requests that wait
_NO_TEXTS = ("codes", "numbers")


def _fields(table: str) -> tuple[str, ...]:
    return tuple(f"{table}_{field}" for field in _TABLES[table]._fields if field not in _NO_TEXTS)


TEXTS = (
    *(name for table in _TABLES for name in _fields(table)),
    *("unmatched_lines", "hours", "ends"),
    *("spans_dynos", "spans_firsts", "spans_lasts"),
    *("failed_spans_dynos", "failed_spans_firsts", "failed_spans_lasts"),
    *("speakers_names", "speakers_firsts", "speakers_lasts"),
    *("sampled_names", "sampled_ids", "sampled_firsts", "sampled_lasts"),
    *("own_dynos", "own_steps"),
    *("measured_names", "measured_ids", "measured_lines"),
    *("failed_dynos", "failed_paths", "failed_fwds", "failed_codes", "failed_statuses", "failed_methods"),
    *("failed_hosts", "failed_line_codes", "failed_lines"),
    *("last_names", "last_stamps", "last_texts", "taken_lines"),
    *(f"kept_{name}" for name in _NAMED),
    *(f"waiting_{name}" for table in _WAITING for name in _fields(table)),
)
NUMBERS = (
    *(
        "failures_numbers",
        "plain_numbers",
        "samples_numbers",
        "samples_lengths",
        "unmatched_places",
        "rows_starts",
        "rows_who",
    ),
    *("plain_ends", "plain_order", "plain_groups", "speakers_lines", "slots", "slots_lines"),
    *("own_requests", "own_runs", "own_cells", "own_cell_requests"),
    *(f"own_{each}{name}" for name in ("services", "paths", "clients") for each in ("", "of_", "told_", "other_")),
    *("measured_counts", "measured_spans", "measured_told", "measured_loaded"),
    *("measured_line_times", "measured_line_numbers", "measured_times", "measured_totals", "measured_swaps"),
    *("measured_quotas", "measured_pages", "measured_load_times", "measured_loads"),
    *("failed_requests", "failed_times", "failed_services", "failed_method_counts", "failed_host_counts"),
    *("failed_kept", "failed_line_times", "failed_line_numbers"),
    *("last_numbers", "taken_numbers", "kept_rows", "kept_cells"),
    *(f"kept_of_{name}" for name in _NAMED),
    *("waiting_samples_numbers", "waiting_samples_lengths", "waiting_failures_numbers"),
)

FINGERPRINT = repr(
    (_INTERFACE, _PATTERNS, _PLACES, patterns.FAILED, BLANK, ANY_WORDS, TEXTS, NUMBERS, TABLE_GRAMMAR)
).encode()


def rust() -> str:
    """The generated module `grammar`. Raises UnknownPattern."""
    # Only where the part is built.
    from herodyno.logs.scan.compiled.rust_bytes import rust_test
    from herodyno.logs.scan.compiled.to_rust import rust_of

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
