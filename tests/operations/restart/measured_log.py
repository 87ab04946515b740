"""A small log of two incarnations of a dyno, line by line, and the measurements in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from herodyno.dynos import DynoSize
from herodyno.logs.parsing.read import read_events
from herodyno.operations.restart.measurements import Measurements, measure

START = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
OLD, NEW = "6f1c02ab-0000-4000-8000-000000000001", "0b77e1d0-0000-4000-8000-000000000002"
SIZES = {"Standard-1X": DynoSize(name="Standard-1X", memory_gb=0.5)}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def request(seconds: float, dyno: str, status: int, request_id: str, *, service: int = 10) -> str:
    code = ' code=H12 desc="Request timeout"' if status == 503 else ""
    return (
        f'{at(seconds).isoformat()} heroku[router]: at={"error" if code else "info"}{code} method=GET path="/"'
        f' host=example-app.herokuapp.com request_id={request_id} fwd="192.0.2.1" dyno={dyno} connect=0ms'
        f" service={service}ms status={status} bytes=10 protocol=https"
    )


def memory(seconds: float, dyno: str, dyno_id: str, total: float) -> str:
    return (
        f"{at(seconds).isoformat()} heroku[{dyno}]: source={dyno} dyno=heroku.1234.{dyno_id}"
        f" sample#memory_total={total}MB sample#memory_rss={total}MB sample#memory_cache=0.00MB"
        f" sample#memory_swap=0.00MB sample#memory_pgpgin=1pages sample#memory_pgpgout=1pages"
        " sample#memory_quota=512.00MB"
    )


def error(seconds: float, dyno: str, code: str) -> str:
    return f"{at(seconds).isoformat()} heroku[{dyno}]: Error {code} (Something) -> told"


def measured(lines: Iterable[str]) -> Measurements:
    return measure(read_events(["\n".join(lines).encode() + b"\n"], year=2026))


def requests(start: float, dyno: str, count: int, failing: int) -> list[str]:
    return [request(start + n, dyno, 503 if n < failing else 200, f"{dyno}-{start}-{n}") for n in range(count)]
