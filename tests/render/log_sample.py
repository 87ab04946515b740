"""A short log with one of each: requests, codes, metrics, an indented traceback, an empty line, marks, hostile text."""

from __future__ import annotations

from datetime import timedelta

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from tests.logs.log_lines import START, line, request

SAMPLE: list[LogLine | Mark] = [
    line(request(path="/items?q=a b", request="r-1"), 0),
    line(request(dyno="web.2", status=503, service=30000, code="H12", request="r-2"), 1.25),
    Mark("gap", START + timedelta(seconds=2), "the connection was lost: lines may be missing here", seconds=12),
    line("app[web.2]: Traceback (most recent call last):", 3),
    line("app[web.2]:   File \"/app/shop.py\", line 7, in buy\tx", 3.000001),
    line("app[web.2]: ", 3.000002),
    line("  a line without a head", 0),
    line('app[worker.1]: =HYPERLINK("http://evil.example") "quoted"', 4),
    Mark("incarnation", START + timedelta(seconds=5), "web.2 is a new dyno from here", "web.2"),
    line("heroku[web.2]: Error R14 (Memory quota exceeded)", 6),
    line(
        "heroku[web.2]: source=web.2 dyno=heroku.1.ea2fc07d-d807-4864-a2c3-5cac3531c914 "
        "sample#memory_total=906.01MB sample#memory_rss=835.69MB",
        7,
    ),
    line("heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 5 messages since 2026", 8),
    line("app[web.1]: clears \x1b[2J, reverses \u202e, rings \x07", 9),
    line(request(status=404, path='/a"b', request="r-3").replace('fwd="192.0.2.7"', 'fwd="2001:db8::1, 10.0.0.1"'), 10),
    line(request(path="/no-status", request="r-4").replace("status=200 bytes=120", "status= bytes="), 11),
]  # fmt: skip
