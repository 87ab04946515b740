"""Log lines for tests, made short: `line("app[web.1]: boom", 3)` three seconds after two o'clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import LogLine

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROUTER = (
    'heroku[router]: at={at} {code}method=GET path="{path}" host=example.com request_id={request} '
    'fwd="192.0.2.7" dyno={dyno} connect=1ms service={service}ms status={status} bytes=120 protocol=http1.1'
)


def raw(text: str, seconds: float = 0.0) -> str:
    return f"{(START + timedelta(seconds=seconds)).isoformat(timespec='microseconds')} {text}"


def line(text: str, seconds: float = 0.0) -> LogLine:
    """A line of a log session; a text that has no head stays without one."""
    has_head = "]:" in text
    return LineReader(year=2026).line((raw(text, seconds) if has_head else text).encode("utf-8", "replace"))


def request(
    *, dyno: str = "web.1", status: int = 200, service: int = 30, path: str = "/", code: str = "", request: str = "r-1"
) -> str:
    """A router line."""
    said = f'code={code} desc="Request timeout" ' if code else ""
    level = "error" if code else "info"
    return ROUTER.format(at=level, code=said, path=path, request=request, dyno=dyno, service=service, status=status)
