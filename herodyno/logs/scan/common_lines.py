"""The commonest lines of a log as one pattern for lines of text and one for a drain's messages, and which group of the
pattern is which column.

Both patterns have the same groups. A pattern matches a line only if `event_of` gives the same fields. They are bytes,
since whoever reads by a compiled part never needs them as `re` has them.
"""

from __future__ import annotations

from typing import NamedTuple

from herodyno.heroku_facts import UUID_PATTERN

_STAMP = rb"(\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{6})\+00:00 "
_NAME = rb"([\w.-]{1,99}+)"
_ROUTER = (
    rb"((?:sock=\w{1,16}+ )?at=\w{1,16}+ (?:code=(H\d\d) desc=\"[^\"=\n]*+\" )?method=([A-Z]{1,16}+) "
    rb"path=\"([^\"?\n]*+)[^\"\n]*+\" host=([^ \"=\n]*+) request_id=([^ \"=\n]*+) fwd=\"([^\"=\n]*+)\" "
    rb"dyno=([^ \"=\n]*+) connect=(\d{1,9}+)ms service=(\d{1,9}+)ms status=(\d{1,4}+) bytes=(\d{1,18}+)"
    rb"(?: protocol=([\w.]{1,16}+)(?: tls=\w{1,8}+(?: tls_version=[\w.]{1,16}+)?)?)?(?=\n))"
)
_TEXT = rb"([^\r\n]*+)(?=\n)"
_MB = rb"=(\d{1,9}\.\d\d)MB"
_LOAD = rb"=(\d{1,9}\.\d\d)"
_SOURCE = rb"source=[\w.-]{1,99}+ dyno=heroku\.\d{1,18}+\.(" + UUID_PATTERN.encode() + rb") sample#"
_SAMPLES = (
    rb"("
    + _SOURCE + rb"memory_total" + _MB + rb" sample#memory_rss" + _MB + rb" sample#memory_cache" + _MB
    + rb" sample#memory_swap" + _MB + rb" sample#memory_pgpgin=(\d{1,18}+)pages sample#memory_pgpgout=\d{1,18}+pages"
    + rb" sample#memory_quota" + _MB + rb"(?=\n)"
    + rb"|" + _SOURCE + rb"load_avg_1m" + _LOAD + rb"(?: sample#load_avg_5m" + _LOAD + rb")?(?: sample#load_avg_15m"
    + _LOAD + rb")?(?=\n))"
)  # fmt: skip


def _row(begin: bytes, opens: bytes, closes: bytes, then: bytes) -> bytes:
    end = closes + then
    return b"".join((
        begin, rb"(?:heroku", opens, rb"router", end, _ROUTER,
        rb"|app", opens, rb"(?!(?:api|log-shuttle)", closes, rb")", _NAME, end, _TEXT,
        rb"|heroku", opens, rb"(?!(?:router|api|logplex)", closes, rb")", _NAME, end, _SAMPLES, rb")",
    ))  # fmt: skip


# As `heroku logs` writes it: TIME SOURCE[NAME]: TEXT. It has no priority.
TEXT_ROW = _row(rb"\n()" + _STAMP, rb"\[", rb"\]", rb": ")
# As Logplex sends it, without its count: <PRIORITY>1 TIME host SOURCE NAME - TEXT. What log-shuttle and log-iss put
# before a text is no part of the text.
MESSAGE_ROW = _row(rb"\n<(\d{1,3}+)>1 " + _STAMP + rb"host ", rb" ", rb" ", rb"- (?!\[(?:meta|origin) )")

PRIORITY, STAMP = 1, 2
# The head of any usual line of text: its time and who speaks.
HEAD = _STAMP + rb"((?:app|heroku)\[[\w.-]{1,99}+\]): "
ROUTED, ROUTED_TO = _ROUTER, 8  # the words of a router's line, and their group of the dyno


class Kind(NamedTuple):
    """One kind of line: the group that only its lines have, and the group of each column."""

    group: int
    source: str
    kind: str
    groups: dict[str, int]


KINDS = (
    Kind(3, "heroku", "router", {
        "message": 3, "code": 4, "method": 5, "path": 6, "host": 7, "request_id": 8, "client": 9, "dyno": 10,
        "connect_ms": 11, "service_ms": 12, "status": 13, "bytes": 14, "protocol": 15,
    }),
    Kind(16, "app", "app", {"proc": 16, "dyno": 16, "message": 17}),
    Kind(20, "heroku", "metrics", {
        "proc": 18, "dyno": 18, "message": 19, "dyno_uuid": 20, "mem_total_mb": 21, "mem_rss_mb": 22,
        "mem_cache_mb": 23, "mem_swap_mb": 24, "mem_pages_in": 25, "mem_quota_mb": 26,
    }),
    Kind(27, "heroku", "metrics", {
        "proc": 18, "dyno": 18, "message": 19, "dyno_uuid": 27, "load_1m": 28, "load_5m": 29, "load_15m": 30,
    }),
)  # fmt: skip
# Whole numbers, and those of two decimal places. All other columns are texts: an empty one is none, but for "message".
WHOLE = frozenset({"connect_ms", "service_ms", "status", "bytes", "mem_pages_in"})
HUNDREDTHS = frozenset(
    {"mem_total_mb", "mem_rss_mb", "mem_cache_mb", "mem_swap_mb", "mem_quota_mb", "load_1m", "load_5m", "load_15m"}
)
