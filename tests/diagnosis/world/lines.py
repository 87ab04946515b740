"""The text of lines as Heroku's platform writes them, after the shapes of public logs."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

DESCRIPTIONS = {
    "H10": "App crashed", "H11": "Backlog too deep", "H12": "Request timeout",
    "H13": "Connection closed without response", "H14": "No web processes running", "H18": "Server Request Interrupted",
    "H19": "Backend connection timeout", "H20": "App boot timeout", "H21": "Backend connection refused",
    "H27": "Client Request Interrupted", "H80": "Maintenance mode", "H81": "Blank app",
    "H82": "Free app running time quota exhausted", "H83": "Subscription required", "H99": "Platform error",
}  # fmt: skip
NO_DYNO = frozenset({"H10", "H11", "H14", "H20", "H80", "H81", "H82", "H83", "H99"})


class Style(NamedTuple):
    """How this app's router lines look: the tail that newer routers add, and the host."""

    tail: str
    host: str
    proxied: bool


def uuid(random: Random) -> str:
    """A random UUID as text."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def router(
    random: Random, style: Style, *, code: str, status: int, method: str, path: str, client: str, dyno: str,
    connect: int = 0, service: int = 0,
) -> str:  # fmt: skip
    """One request's line. `code` is "" or an H code."""
    level = "info" if code in ("", "H80", "H81", "H82", "H83") else "error"
    reached = f"dyno={dyno} connect={connect}ms service={service}ms" if dyno else "dyno= connect= service="
    told = f' code={code} desc="{DESCRIPTIONS[code]}"' if code else ""
    forwarded = f"{client},203.0.113.{random.randint(1, 254)}" if style.proxied else client
    size = random.randint(90, 9000) if not code else "0" if dyno else ""
    socket = {"H18": "sock=backend ", "H27": "sock=client "}.get(code, "")
    return (
        f'{socket}at={level}{told} method={method} path="{path}" host={style.host} request_id={uuid(random)} '
        f'fwd="{forwarded}" {reached} status={status} bytes={size}{style.tail}'
    )


def memory(dyno: str, dyno_id: str, total: float, quota: float, pages: int, drain: int) -> str:
    """A memory line of the runtime metrics in MB. What is above the quota is swapped."""
    swap = max(0.0, total - quota)
    return (
        f"source={dyno} dyno=heroku.{drain}.{dyno_id} sample#memory_total={total:.2f}MB "
        f"sample#memory_rss={total - swap:.2f}MB sample#memory_cache=0.00MB sample#memory_swap={swap:.2f}MB "
        f"sample#memory_pgpgin={pages}pages sample#memory_pgpgout={pages // 3}pages sample#memory_quota={quota:.2f}MB"
    )


def load(dyno: str, dyno_id: str, at_1m: float, drain: int) -> str:
    """A load line of the runtime metrics."""
    return (
        f"source={dyno} dyno=heroku.{drain}.{dyno_id} sample#load_avg_1m={at_1m:.2f} "
        f"sample#load_avg_5m={at_1m * 0.8:.2f} sample#load_avg_15m={at_1m * 0.6:.2f}"
    )


# (exception's lines, as an app prints it)
TRACEBACKS = (
    ("Traceback (most recent call last):", '  File "/app/jobs/sync.py", line 31, in <module>', "    main()",
     "ConnectionError: upstream refused the connection"),
    ("rake aborted!", "ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool",
     "/app/lib/tasks/nightly.rake:12:in `block (2 levels) in <top (required)>'", "Tasks: TOP => nightly"),
    ("/app/index.js:14", "    throw new Error('missing key')", "    ^", "Error: missing key",
     "    at Object.<anonymous> (/app/index.js:14:11)"),
)  # fmt: skip
