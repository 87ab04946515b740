"""What a log line can mean: a closed set of events, each keeping the line it came from.

Log lines come by the million, so events are NamedTuples (0.3-0.7 µs to make, a frozen dataclass
1.2-1.6 µs; measured). A line whose meaning is not known is an AppOutput or an Unread, never dropped.
Every time is an aware UTC datetime.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias


class LogLine(NamedTuple):
    """One line of log, in the order of arrival.

    `at` is None when no timestamp could be read. `source` is "app" or "heroku", `proc` what stands
    in the brackets ("web.1", "router", "api"); both are "" when the line has no such head.
    `text` is the message with its leading blanks; `raw` the line as it came, without its line end;
    `number` counts from 1 in arrival order and breaks ties of time.
    """

    at: datetime | None
    source: str
    proc: str
    text: str
    raw: str
    number: int


class RouterRequest(NamedTuple):
    """One request as the router logged it, at its end. Sent at `line.at` minus `service_ms`.

    `dyno` is "" when no dyno was reached. `code` is "" or an H code; decide by it, never by `level`.
    `connect_ms`, `service_ms`, `status`, `bytes` are None when empty. `path` keeps its query string.
    `fwd` is the X-Forwarded-For list as logged. `cause` is the text of H26's cause= or H31's agent=.
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
    """One memory line of log-runtime-metrics. Megabytes, pages. `dyno_id` is the UUID in dyno=heroku.N.UUID."""

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
    """One load line of log-runtime-metrics; the first lines after boot lack the longer averages."""

    line: LogLine
    dyno: str
    dyno_id: str
    load_1m: float | None
    load_5m: float | None
    load_15m: float | None


class ProcessMemory(NamedTuple):
    """`Process running mem=871M(170.3%)`, which precedes R14 and R15. Megabytes are cut off, not rounded."""

    line: LogLine
    dyno: str
    mem_mb: int
    percent: float


class DynoError(NamedTuple):
    """An R code on a dyno: `Error R14 (Memory quota exceeded)`."""

    line: LogLine
    dyno: str
    code: str
    text: str


class StateChange(NamedTuple):
    """`State changed from up to starting`. It speaks of the name (the slot), not of one incarnation."""

    line: LogLine
    dyno: str
    before: str
    after: str


class Starting(NamedTuple):
    """``Starting process with command `CMD` ``: a new incarnation begins."""

    line: LogLine
    dyno: str
    command: str


StopKind: TypeAlias = Literal["restarting", "cycling", "idling", "unidling", "sigterm", "sigkill"]


class Stopping(NamedTuple):
    """Why or how a dyno is being stopped (or, unidling, started): the announcement and the signals."""

    line: LogLine
    dyno: str
    kind: StopKind


class Exited(NamedTuple):
    """`Process exited with status N`; `status` is None in lines from before 2012, which name none."""

    line: LogLine
    dyno: str
    status: int | None


class Attached(NamedTuple):
    """A one-off dyno's terminal: `Awaiting client`, `Client connection closed. …`."""

    line: LogLine
    dyno: str
    kind: Literal["awaiting", "closed"]


ApiActionKind: TypeAlias = Literal[
    "release", "release_failed", "rollback", "deploy", "build", "scale", "config", "addon", "restart", "run",
    "log_session", "maintenance", "other",
]  # fmt: skip


class ApiAction(NamedTuple):
    """Something a person or an add-on did through the API.

    `actor` is the e-mail after "by user", or "". `version` is the release number, or None.
    `formation` is ((type, quantity, size), …) of a scale line, which lists the whole formation.
    """

    line: LogLine
    kind: ApiActionKind
    actor: str
    version: int | None
    formation: tuple[tuple[str, int, str], ...]


class LogLoss(NamedTuple):
    """An L code: log lines were lost (L10-L13) or could not be had (L14, L15).

    `lost` counts the lines, 0 when the line names none. `drain` is the drain's token for an L10 of
    a drain. An L11 speaks of the very stream it stands in.
    """

    line: LogLine
    code: str
    lost: int
    drain: str


class AddonSample(NamedTuple):
    """Metrics an add-on logged (`app[heroku-postgres]: source=… sample#…`): names to values with units."""

    line: LogLine
    values: tuple[tuple[str, float, str], ...]


class AppException(NamedTuple):
    """Consecutive lines of one traceback, joined. `line` is the first, `lines` how many there were.

    `kind` is the exception's class ("KeyError", "java.lang.OutOfMemoryError"), `message` its text.
    """

    line: LogLine
    dyno: str
    kind: str
    message: str
    lines: int


class AppOutput(NamedTuple):
    """Anything an app printed that is none of the above. `dyno` is "" for add-ons and other sources."""

    line: LogLine
    dyno: str


class Unread(NamedTuple):
    """A line without a readable head: kept, counted, shown as it came."""

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
