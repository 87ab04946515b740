"""Log entries in the formats of their readers: the text of a log session, Logplex frames, a Papertrail archive."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.sandbox.heroku_facts import MESSAGE_BYTES
from herodyno.sandbox.world.log_buffer import LogEntry


def line(entry: LogEntry) -> str:
    """One line of a log session, without its line end."""
    return f"{entry.at.isoformat(timespec='microseconds')} {entry.source}[{entry.proc}]: {entry.text}"


def text(entries: Iterable[LogEntry]) -> str:
    """The text of a log session, one entry per line."""
    return "".join(f"{line(entry)}\n" for entry in entries)


def frame(entry: LogEntry) -> bytes:
    """One entry as an HTTPS drain gets it: octet-counted frames of at most MESSAGE_BYTES of message each."""
    head = f"<{_priority(entry)}>1 {entry.at.isoformat(timespec='microseconds')} host {entry.source} {entry.proc} - "
    message = entry.text.encode() + (b"" if _is_overflow(entry) else b"\n")
    pieces = [message[begin : begin + MESSAGE_BYTES] for begin in range(0, len(message), MESSAGE_BYTES)]
    return b"".join(_counted(head.encode() + piece) for piece in pieces)


def frames(entries: Iterable[LogEntry]) -> bytes:
    """The body of a request to a drain."""
    return b"".join(map(frame, entries))


def papertrail(entries: Iterable[LogEntry], *, app: str) -> str:
    """A Papertrail archive: tab-separated rows with times in whole seconds.

    The columns: id, generated, received, source id, name, address, facility, severity, program, message.
    """
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
    """L10 frames have no line end. So the length of the next frame follows their full stop."""
    return entry.proc == "logplex" and entry.text.startswith("Error L10")


def _priority(entry: LogEntry) -> int:
    """The syslog priority, as in recorded drain bodies."""
    if entry.proc == "logplex":
        return 172
    if entry.proc == "router":
        return 158
    return 190 if entry.source == "app" and entry.proc != "api" else 134
