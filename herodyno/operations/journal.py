"""The local journal of writes: who sends what, one line before it is sent, one line when its outcome is known.

Each line is appended by one write call under a lock: lines of several processes do not mix, a kill loses at most the
outcome, and no process moves the file away from under another.
The journal holds no secrets, only calls, numbers, dyno names and ids.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from herodyno.operations.actor import NOBODY, Actor
from herodyno.operations.state_files import locked, make_folder, open_file, read_file
from herodyno.units import USABLE_YEARS, json_time

MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One write.

    `key` ties the outcome to the intent. `call` is the HTTP call as --dry-run shows it. `before` and `after` are the
    app's state before the write and the state asked for. `undo` is the command line that takes the write back.
    `outcome`: done, seen (the answer was lost, and the app's state showed the write done), refused, not sent,
    unclear, or "" when the process ended first. `actor` is who sent it; entries of earlier versions do not tell.
    `is_rehearsal`: the API said that it is a sandbox.
    """

    key: str
    at: datetime
    app: str
    verb: str
    call: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    outcome: str = ""
    request_id: str = ""
    actor: Actor = NOBODY
    is_rehearsal: bool = False


class Journal:
    """The journal in one folder, made by the first write for its owner only. Reading and writing may raise OSError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.jsonl"
        self._older = folder / "journal.1.jsonl"
        self._lock = folder / "journal.lock"

    def intend(self, entry: JournalEntry) -> None:
        """Note a write that is about to be sent."""
        record = asdict(entry) | {"at": json_time(entry.at)}
        known = {name: value for name, value in record.pop("actor").items() if value}
        self._append(record | known)

    def settle(
        self, key: str, outcome: str, *, request_id: str = "", account: str = "", after: Sequence[str] = ()
    ) -> None:
        """Note the outcome of the write with this key, and what only the answer tells."""
        told = {"account": account, "after": list(after)}
        told = {name: value for name, value in told.items() if value}
        self._append({"key": key, "outcome": outcome, "request_id": request_id, **told})

    def entries(self, *, app: str = "", since: datetime | None = None) -> list[JournalEntry]:
        """All writes, or those of one app or from a time on, oldest first. Lines that cannot be read are skipped."""
        found: dict[str, JournalEntry] = {}
        for record in self._records():
            try:
                key = record["key"]
                if "at" in record:
                    found[key] = _entry(record)
                elif key in found:
                    found[key] = _settled(found[key], record)
            except (KeyError, ValueError, TypeError, OverflowError, RecursionError):
                continue
        return [
            entry for entry in found.values() if (not app or entry.app == app) and (since is None or entry.at >= since)
        ]

    def restarts_since(self, app: str, since: datetime, *, rehearsals: bool = False) -> int:
        """How many dynos of this app were restarted after `since`, or may have been; on Heroku, or in a sandbox."""
        return sum(
            len(entry.before)
            for entry in self.entries(app=app)
            if entry.verb == "restart"
            and entry.is_rehearsal == rehearsals
            and entry.at > since
            and entry.outcome not in ("refused", "not sent")
        )

    def require_writable(self) -> None:
        """Raise OSError when nothing could be noted."""
        self._write(b"")

    def _append(self, record: dict[str, Any]) -> None:
        # The leading line feed keeps this line apart from one that a full disk cut short.
        self._write(b"\n" + json.dumps(record, separators=(",", ":")).encode() + b"\n")

    def _write(self, data: bytes) -> None:
        make_folder(self.path.parent)
        with locked(self._lock, waits=True):
            if self.path.exists() and self.path.stat().st_size > MOST_BYTES:
                self.path.replace(self._older)
            descriptor = open_file(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                if os.write(descriptor, data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            finally:
                os.close(descriptor)

    def _records(self) -> Iterator[dict[str, Any]]:
        for line in self._bytes().split(b"\n"):
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                yield record

    def _bytes(self) -> bytes:
        with ExitStack() as stack:
            with suppress(OSError):  # a folder that cannot be written, or is not there, has no writers
                stack.enter_context(locked(self._lock, waits=True))
            found = b""
            for path in (self._older, self.path):
                with suppress(FileNotFoundError):
                    found += read_file(path) + b"\n"
            return found


def new_key() -> str:
    """A random key that ties an outcome to its intent: 12 hexadecimal digits."""
    return os.urandom(6).hex()


def _entry(record: dict[str, Any]) -> JournalEntry:
    words = {name: tuple(str(word) for word in record[name]) for name in ("before", "after", "undo")}
    texts = {name: str(record[name]) for name in ("key", "app", "verb", "call", "outcome", "request_id")}
    at = datetime.fromisoformat(record["at"])
    if at.year not in USABLE_YEARS:
        raise ValueError(at)
    actor = Actor(**{each.name: str(record.get(each.name, "")) for each in fields(Actor)})
    entry = JournalEntry(at=at.astimezone(UTC), **words, **texts)  # type: ignore[arg-type] # names checked above
    return replace(entry, actor=actor, is_rehearsal=record.get("is_rehearsal") is True)


def _settled(entry: JournalEntry, record: dict[str, Any]) -> JournalEntry:
    return replace(
        entry,
        outcome=str(record["outcome"]),
        request_id=str(record["request_id"]),
        after=tuple(str(word) for word in record.get("after", entry.after)),
        actor=replace(entry.actor, account=str(record.get("account", entry.actor.account))),
    )
