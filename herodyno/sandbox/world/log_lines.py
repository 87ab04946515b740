"""The texts that the platform writes, one constant or function each. Source: public logs of 2020 to 2026."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.sandbox.heroku_facts import BOOT_TIMEOUT, EXIT_TIMEOUT, LAUNCH_TIMEOUT, LOG_BUFFER_LINES

RESTARTING, CYCLING, IDLING, UNIDLING = "Restarting", "Cycling", "Idling", "Unidling"
SIGTERM = "Stopping all processes with SIGTERM"
SIGKILL_REST = "Stopping remaining processes with SIGKILL"  # after R12
SIGKILL = "Stopping process with SIGKILL"  # after R10 and R15
AWAITING_CLIENT = "Awaiting client"
CLIENT_CLOSED = "Client connection closed. Sending SIGHUP to all processes"
R10 = f"Error R10 (Boot timeout) -> Web process failed to bind to $PORT within {BOOT_TIMEOUT} seconds of launch"
R12 = f"Error R12 (Exit timeout) -> At least one process failed to exit within {EXIT_TIMEOUT} seconds of SIGTERM"
R13 = "Error R13 (Attach error) -> Failed to attach to process"
R14 = "Error R14 (Memory quota exceeded)"
R15 = "Error R15 (Memory quota vastly exceeded)"
R16 = (
    "Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed."
)
R99 = f"Error R99 (Platform error) -> Failed to launch the dyno within {LAUNCH_TIMEOUT} seconds"
# No public log has an L15 line. This is the title and the sentence of the Dev Center.
L15 = (
    "Error L15 (Tail buffer temporarily unavailable) -> The tail buffer that stores the last "
    f"{LOG_BUFFER_LINES} lines of your logs is temporarily unavailable"
)


def starting(command: str) -> str:
    """A process is launched."""
    return f"Starting process with command `{command}`"


def checksum_error(expected: str, actual: str) -> str:
    """R17. Heroku itself writes "does match"."""
    return (
        "Error R17 (Checksum error) -> Checksum does match expected value. "
        f"Expected: SHA256:{expected} Actual: SHA256:{actual}"
    )


def state_changed(before: str, after: str) -> str:
    """The state line of a dyno."""
    return f"State changed from {before} to {after}"


def exited(status: int) -> str:
    """A process has exited."""
    return f"Process exited with status {status}"


def memory_mark(total_mb: float, quota_mb: float) -> str:
    """The line before R14 and R15. Megabytes and percent are cut, not rounded."""
    return f"Process running mem={int(total_mb)}M({int(total_mb / quota_mb * 1000) / 10}%)"


def sample_head(proc: str, legacy_id: int, dyno_id: str) -> str:
    """What every sample of log-runtime-metrics begins with."""
    return f"source={proc} dyno=heroku.{legacy_id}.{dyno_id} "


def load_sample(loads: Iterable[float]) -> str:
    """The load averages of 1, 5 and 15 minutes. A young dyno has only the first ones."""
    return " ".join(f"sample#load_avg_{m}m={load:.2f}" for m, load in zip((1, 5, 15), loads, strict=False))


def memory_sample(*, total: float, rss: float, cache: float, swap: float, pages: tuple[int, int], quota: float) -> str:
    """Memory in MB, and the counts of pages in and out."""
    return (
        f"sample#memory_total={total:.2f}MB sample#memory_rss={rss:.2f}MB sample#memory_cache={cache:.2f}MB "
        f"sample#memory_swap={swap:.2f}MB sample#memory_pgpgin={pages[0]}pages "
        f"sample#memory_pgpgout={pages[1]}pages sample#memory_quota={quota:.2f}MB"
    )


# heroku[logplex], and app[log-shuttle], which ships the lines of a dyno


def drain_overflow(token: str, count: int, since: str) -> str:
    """L10: a drain is too slow."""
    return f"Error L10 (output buffer overflow): drain '{token}' dropped {count} messages since {since}."


def tail_overflow(count: int, since: str) -> str:
    """L11: the reader of a log session is too slow."""
    return f"Error L11 (Tail buffer overflow) -> This tail session dropped {count} messages since {since}."


def shuttle_loss(code: str, count: int, since: str) -> str:
    """L12: the buffer was full. L13: the lines could not be delivered."""
    return f"Error {code}: {count} messages {'dropped' if code == 'L12' else 'lost'} since {since}."


def bad_certificate(url: str) -> str:
    """L14: the certificate of a TLS drain is not valid."""
    return f'Error L14 (certificate validation): error="bad certificate" uri="{url}"'


# app[api]


def scaled(formation: Iterable[tuple[str, int, str]], by: str) -> str:
    """A scale call; `formation` is (type, quantity, size) of every process type."""
    wanted = " ".join(f"{type}@{quantity}:{size}" for type, quantity, size in formation)
    return f"Scaled to {wanted} by user {by}"


def release_created(version: int, by: str) -> str:
    """A release has succeeded."""
    return f"Release v{version} created by user {by}"


def release_running(version: int, by: str) -> str:
    """The release phase of a release begins."""
    return f"Running release v{version} commands by user {by}"


def release_failed(version: int, by: str) -> str:
    """The release phase of a release failed."""
    return f"Release v{version} command failed by user {by}"


def one_off_started(command: str, by: str) -> str:
    """Somebody started a one-off dyno."""
    return f"Starting process with command `{command}` by user {by}"


# heroku[router]

# Code -> (text before at=, at, desc, status, whether the line names a dyno)
ROUTER_CODES: dict[str, tuple[str, str, str, int, bool]] = {
    "H10": ("", "error", "App crashed", 503, False),
    "H11": ("", "error", "Backlog too deep", 503, False),
    "H12": ("", "error", "Request timeout", 503, True),
    "H13": ("", "error", "Connection closed without response", 503, True),
    "H14": ("", "error", "No web processes running", 503, False),
    "H15": ("", "error", "Idle connection", 503, True),
    "H18": ("sock=backend ", "error", "Server Request Interrupted", 503, True),
    "H19": ("", "error", "Backend connection timeout", 503, True),
    "H20": ("", "error", "App boot timeout", 503, False),
    "H21": ("", "error", "Backend connection refused", 503, True),
    "H27": ("sock=client ", "warning", "Client Request Interrupted", 499, True),
    "H80": ("", "info", "Maintenance mode", 503, False),
    "H99": ("", "error", "Platform error", 503, False),
}


def router(
    *,
    method: str,
    path: str,
    host: str,
    request_id: str,
    fwd: str,
    dyno: str,
    code: str,
    connect_ms: int,
    service_ms: int,
    status: int,
    size: int,
    http: str,
    tls: str,
) -> str:
    """One request. With a code, `status` is that of the code. When no dyno was reached the numbers stay empty."""
    sock, at, desc, named = "", "info", "", True
    if code:
        sock, at, title, status, named = ROUTER_CODES[code]
        desc = f'code={code} desc="{title}" '
    reached = (
        f"dyno={dyno} connect={connect_ms}ms service={service_ms}ms status={status} bytes={size}"
        if named
        else f"dyno= connect= service= status={status} bytes="
    )
    return (
        f'{sock}at={at} {desc}method={method} path="{path}" host={host} request_id={request_id} '
        f'fwd="{fwd}" {reached} protocol={http} tls=true tls_version={tls}'
    )
