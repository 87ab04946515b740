"""The patterns of the commonest lines. Each matches a line only if `event_of` gives the same fields.

A row of the log is a line that ROW matches. The pattern is fast because of possessive quantifiers and `[^"]*`, the
fastest loop of Python's `re`. Each branch begins with the source of the line, so that no text of an app makes it search
the rest of the block.
"""

from __future__ import annotations

import re

from herodyno.heroku_facts import UUID_PATTERN
from herodyno.logs.codes.router_codes import ROUTER_CODES
from herodyno.logs.late_patterns import late
from herodyno.logs.scan.fast_reject import NO_TELLING_WORDS, NO_TRACEBACK

# A failed request: its code stands before the method, and is taken with it, so that a good one has no more fields.
FAILED = b"error code="
_SERVER_CODES = b"|".join(code.code.encode() for code in ROUTER_CODES if code.kind == "server")
_WHY = FAILED + rb"(?:" + _SERVER_CODES + rb") desc=\"[\w ().,/'-]{0,80}+\" method="
_ROUTER = (
    rb"heroku\[router\]: at=(?:info method=(?!e)|(?=e))((?:" + _WHY + rb")?+[A-Z]{1,16}+) "
    rb'path="([^"?]*+)[^"\n]*+" host=(?!")([^ ]*+) '
    rb'request_id=(?!")[^ \n]*+ fwd="([^"]*+)" dyno=([\w.-]{1,99}+) connect=\d++ms service=(\d{1,5}+)ms '
    rb"status=([2-5]\d\d) bytes=\d++(?: protocol=[\w.]{1,16}+(?: tls=\w{1,8}+(?: tls_version=[\w.]{1,16}+)?)?)?(?=\n)"
)
_APP = rb"app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: "
_ID = UUID_PATTERN.encode()
_METRICS = (
    rb"source=[\w.-]{1,99}+ dyno=heroku\.\d{1,18}+\.(" + _ID + rb") sample#(?:memory_total=(\d{1,9}\.\d\d)MB "
    rb"sample#memory_rss=\d{1,9}\.\d\dMB sample#memory_cache=\d{1,9}\.\d\dMB sample#memory_swap=(\d{1,9}\.\d\d)MB "
    rb"sample#memory_pgpgin=(\d{1,18}+)pages sample#memory_pgpgout=\d{1,18}+pages "
    rb"sample#memory_quota=(\d{1,9}\.\d\d)MB"
    rb"|load_avg_1m=(\d{1,9}\.\d\d)(?: sample#load_avg_\d{1,2}m=\d{1,9}\.\d\d){0,2})"
)
_DYNO = (
    rb"heroku\[(?!router\]|api\]|logplex\])([\w.-]{1,99}+)\]: "
    rb"(" + _METRICS + rb"|Error R14 \(Memory quota exceeded\))(?=\n)"
)


def _row(of_app: bytes) -> re.Pattern[bytes]:
    app = _APP + of_app + NO_TRACEBACK + rb"[^\n]*+"
    return late(rb"\n(?s:(.{26}))\+00:00 (?:" + _ROUTER + rb"|" + app + rb"|" + _DYNO + rb")")


ROW = _row(b"")
ROW_WITHOUT_TELLING = _row(NO_TELLING_WORDS)
STAMP, DYNO, SPEAKER, NAME = 1, 6, 9, 10
UNBOUNDED = (3, 4, 5)
REQUEST = range(2, 9)  # method, path, host, fwd, dyno, service, status
SAMPLE = range(10, 18)  # name, rest, id, total, swap, pages, quota, load

# A line of an app, whatever it says.
APP_LINE = late(
    rb"(\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{6})\+00:00 app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: "
)
