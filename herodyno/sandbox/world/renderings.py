"""Log entries as others hand them out: a log session's text, Logplex frames of a drain, a Papertrail archive."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.sandbox.world.log_buffer import LogEntry

PIECE = 10_000  # bytes of a message after which Logplex begins another frame


def line(entry: LogEntry) -> str:
    """One line of a log session, without its line end. API lines come in whole seconds, as they are stamped."""
    return f"{entry.at.isoformat(timespec='microseconds')} {entry.source}[{entry.proc}]: {entry.text}"


def text(entries: Iterable[LogEntry]) -> str:
    """What a log session answers, one entry per line."""
    return "".join(f"{line(entry)}\n" for entry in entries)


def frame(entry: LogEntry) -> bytes:
    """One entry as an HTTPS drain gets it, counted by its length; long messages in pieces of 10,000 bytes."""
    head = f"<{_priority(entry)}>1 {entry.at.isoformat(timespec='microseconds')} host {entry.source} {entry.proc} - "
    message = entry.text.encode() + (b"" if _is_overflow(entry) else b"\n")
    pieces = [message[begin : begin + PIECE] for begin in range(0, len(message), PIECE)]
    return b"".join(_counted(head.encode() + piece) for piece in pieces)


def frames(entries: Iterable[LogEntry]) -> bytes:
    """The body of a drain's request."""
    return b"".join(map(frame, entries))


def papertrail(entries: Iterable[LogEntry], *, app: str) -> str:
    """A Papertrail archive: tab-separated id, generated, received, source id, name, address, facility, severity,
    program and message; times in whole seconds."""
    rows = []
    for number, entry in enumerate(entries, start=1_000_000_000_000):
        at = f"{entry.at:%Y-%m-%dT%H:%M:%SZ}"
        facility, severity = ("User", "Info") if entry.source == "app" else ("Local7", "Info")
        message = entry.text.replace("\t", "    ")
        rows.append(
            f"{number}\t{at}\t{at}\t4242\t{app}\t192.0.2.10\t{facility}\t{severity}\t"
            f"{entry.source}/{entry.proc}\t{message}\n"
        )
    return "".join(rows)


def _counted(data: bytes) -> bytes:
    return str(len(data)).encode() + b" " + data


def _is_overflow(entry: LogEntry) -> bool:
    """L10 frames have no line end, so that the next length is glued to their full stop."""
    return entry.proc == "logplex" and entry.text.startswith("Error L10")


def _priority(entry: LogEntry) -> int:
    if entry.proc == "logplex":
        return 172
    if entry.proc == "router":
        return 158
    return 190 if entry.source == "app" and entry.proc != "api" else 134
