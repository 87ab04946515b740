"""Events: everything a log line can mean. Each event keeps its line.

A line whose meaning is not known is an AppOutput or an Unread; no line is dropped. Every time is an aware UTC
datetime. Events are NamedTuples, since log lines come by the million: a NamedTuple takes 0.3-0.7 µs to make, a
frozen dataclass 1.2-1.6 µs (measured).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias


class LogLine(NamedTuple):
    """One line of a log.

    `at` is None when the line has no timestamp that can be read. `source` is "app" or "heroku", `proc` is the word
    in the brackets ("web.1", "router", "api"); both are "" when the line has no such head. `text` is the message,
    leading blanks included. `raw` is the whole line without its end. `number` counts lines from 1 in the order of
    arrival, and orders lines of the same time. `app` is the app's name where the record said it and `raw` does not,
    or where the lines are of several apps.
    """

    at: datetime | None
    source: str
    proc: str
    text: str
    raw: str
    number: int
    app: str = ""


class RouterRequest(NamedTuple):
    """One request. The router logs a request at its end: it was sent at `line.at` minus `service_ms`.

    `dyno` is "" when the request reached no dyno. `code` is an H code, or "" for a request without error; `level`
    (at=) does not decide that. `connect_ms`, `service_ms`, `status` and `bytes` are None when the line leaves them
    empty. `path` includes the query string. `fwd` is the X-Forwarded-For list as logged. `cause` is the text of
    H26's cause= or H31's agent=.
    """

    line: LogLine
    dyno: str
    level: str
    code: str
    desc: str
    sock: str
    method: str
    path: str
    host: str
    request_id: str
    fwd: str
    connect_ms: int | None
    service_ms: int | None
    status: int | None
    bytes: int | None
    protocol: str
    cause: str


class MemorySample(NamedTuple):
    """One line of log-runtime-metrics on memory, in MB and pages. `dyno_id` is the UUID in dyno=heroku.N.UUID."""

    line: LogLine
    dyno: str
    dyno_id: str
    total_mb: float | None
    rss_mb: float | None
    cache_mb: float | None
    swap_mb: float | None
    quota_mb: float | None
    pages_in: int | None
    pages_out: int | None


class LoadSample(NamedTuple):
    """One line of log-runtime-metrics on load. Right after boot the longer averages are None."""

    line: LogLine
    dyno: str
    dyno_id: str
    load_1m: float | None
    load_5m: float | None
    load_15m: float | None


class ProcessMemory(NamedTuple):
    """`Process running mem=871M(170.3%)`, which precedes R14 and R15. Heroku cuts off the fraction of a MB."""

    line: LogLine
    dyno: str
    mem_mb: int
    percent: float


class DynoError(NamedTuple):
    """An R code of a dyno: `Error R14 (Memory quota exceeded)`."""

    line: LogLine
    dyno: str
    code: str
    text: str


class StateChange(NamedTuple):
    """`State changed from up to starting`: the state of a name, whichever incarnation has the name."""

    line: LogLine
    dyno: str
    before: str
    after: str


class Starting(NamedTuple):
    """``Starting process with command `CMD` ``: an incarnation begins."""

    line: LogLine
    dyno: str
    command: str


StopKind: TypeAlias = Literal["restarting", "cycling", "relocating", "idling", "unidling", "sigterm", "sigkill"]


class Stopping(NamedTuple):
    """Heroku stops a dyno (or starts an idle one, unidling): the announcement and the signals."""

    line: LogLine
    dyno: str
    kind: StopKind


class Exited(NamedTuple):
    """`Process exited with status N`. Before 2012 the line has no status: None."""

    line: LogLine
    dyno: str
    status: int | None


class Attached(NamedTuple):
    """The terminal of a one-off dyno: `Awaiting client`, `Client connection closed. …`."""

    line: LogLine
    dyno: str
    kind: Literal["awaiting", "closed"]


ApiActionKind: TypeAlias = Literal[
    "release", "release_failed", "rollback", "deploy", "build", "scale", "config", "addon", "restart", "run",
    "log_session", "maintenance", "build_failed", "stack", "rename", "other",
]  # fmt: skip


class ApiAction(NamedTuple):
    """What a person or an add-on did through the API.

    `actor` is the e-mail address after "by user", or "". `version` is the version of the release, or None.
    `formation` is ((type, quantity, size), …): a line on scaling lists the whole formation.
    """

    line: LogLine
    kind: ApiActionKind
    actor: str
    version: int | None
    formation: tuple[tuple[str, int, str], ...]


class LogLoss(NamedTuple):
    """An L code: log lines were lost (L10-L13) or could not be had (L14, L15).

    `lost` counts the lost lines, 0 when the line gives no number. `drain` is the token of the drain that an L10
    names, or "". An L11 is about the log session that it stands in.
    """

    line: LogLine
    code: str
    lost: int
    drain: str


class AddonSample(NamedTuple):
    """Metrics of an add-on (`app[heroku-postgres]: source=… sample#…`): (name, number, unit) of each."""

    line: LogLine
    values: tuple[tuple[str, float, str], ...]


class AppException(NamedTuple):
    """The lines of one traceback. `line` is the first of them, `lines` is their number.

    `kind` is the exception's class ("KeyError", "java.lang.OutOfMemoryError"), `message` is its text. `place` is the
    frame that raised the exception ("shop/cart.py in total"), or "".
    """

    line: LogLine
    dyno: str
    kind: str
    message: str
    lines: int
    place: str = ""


class AppOutput(NamedTuple):
    """A line with a head that is none of the above, mostly an app's own. `dyno` is "" in lines of no dyno."""

    line: LogLine
    dyno: str


class Unread(NamedTuple):
    """A line without a head that can be read."""

    line: LogLine


Event: TypeAlias = (
    RouterRequest
    | MemorySample
    | LoadSample
    | ProcessMemory
    | DynoError
    | StateChange
    | Starting
    | Stopping
    | Exited
    | Attached
    | ApiAction
    | LogLoss
    | AddonSample
    | AppException
    | AppOutput
    | Unread
)
