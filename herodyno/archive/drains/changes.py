"""Passwords and drains at Heroku are put into `drains.json` and taken out, by one process at a time."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from herodyno.archive.drains.known import (
    FILE,
    MOST_PASSWORDS,
    SCHEMA,
    AtHeroku,
    credentials_in,
    digest,
    is_app_name,
    read_drains,
    records_in,
)
from herodyno.dynos import LogDrain
from herodyno.errors import NotFound, UsageError
from herodyno.operations.state_files import locked, make_folder, replace_file

ENDS_AFTER_SECONDS = 3600  # ours: lines of a removed drain are on their way for minutes

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


class Removed(NamedTuple):
    """What an archive knew of a removed drain: whether it did, and when the drain's password ends, None for not at all:
    another drain may send with it, or nobody can tell which it is."""

    is_known: bool
    ends: float | None = None


def new_password(archive: Path, name: str, *, app: str) -> str:
    """A new password for a drain, which is made when it is missing. The one before works on.

    Raises UsageError for a name or an app that cannot be one, Refused, OSError.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a drain", next_step="lower-case letters, digits, dashes")
    if app and not is_app_name(app):
        raise UsageError(f"{app!r} is no name of an app", next_step="as Heroku shows it: example-app")
    password = secrets.token_urlsafe(24)
    with _changed(archive) as records:
        record = records.setdefault(name, {"sha256": []})
        record["sha256"] = [digest(password), *record["sha256"]][:MOST_PASSWORDS]
        if app:
            record["app"] = app
    return password


def drop_older(archive: Path, name: str) -> int:
    """Refuse from now on every password of a drain but the newest. How many there were. Raises NotFound, Refused."""
    if not read_drains(archive).passwords(name):
        raise NotFound(
            f"no drain {name} has a password in {archive}",
            next_step=f"make one: herodyno archive password --archive {archive} --app {name}",
        )
    with _changed(archive) as records:
        digests = records.get(name, {"sha256": []})["sha256"]
        older = digests[1:]
        del digests[1:]
    return len(older)


def take_back(archive: Path, name: str, password: str, before: tuple[bytes, ...]) -> None:
    """Forget a password that Heroku was never given. `before` are the digests that its making found."""
    with _changed(archive) as records:
        record = records.get(name, {"sha256": []})
        if record["sha256"][:1] == [digest(password)]:
            record["sha256"] = [each.hex() for each in before]
        if not record["sha256"]:
            records.pop(name, None)


def require_writable(archive: Path) -> None:
    """Write the file of the drains as it is: what fails now fails before anything is sent. Raises Refused, OSError."""
    if (archive / FILE).exists():
        with _changed(archive):
            pass


def note_added(archive: Path, name: str, added: AtHeroku, *, password: str = "") -> None:
    """Keep which drain at Heroku sends as this one."""
    if password:
        added = added._replace(sha256=digest(password))
    with _changed(archive) as records:
        records.setdefault(name, {"sha256": []}).setdefault("heroku", []).append(added._asdict())


def note_removed(archive: Path, removed: LogDrain, others: Sequence[LogDrain], *, now: float) -> Removed:
    """Forget a drain at Heroku, and end its password in ENDS_AFTER_SECONDS: what is on its way still comes.

    `others` are the drains that the app still has. A password that one of them may send with works on.
    """
    if not (archive / FILE).exists():
        return Removed(is_known=False)
    found = Removed(is_known=False)
    shown = digest(credentials_in(removed.url)[1])
    used = {digest(credentials_in(each.url)[1]) for each in others if not each.signals}
    is_shown = not any(each.signals for each in others)
    with _changed(archive, now) as records:
        for record in records.values():
            present = record.get("heroku", [])
            kept = [each for each in present if each["id"] != removed.id]
            noted = [each.get("sha256", "") for each in present if each["id"] == removed.id]
            if len(kept) == len(present) and shown not in record["sha256"]:
                continue
            found = found._replace(is_known=True)
            if present:
                record["heroku"] = kept
            is_hidden = removed.signals and len(record["sha256"]) == 1  # its address does not show the password
            # Nor does what is kept of a drain that Heroku no longer has.
            is_gone = not removed.signals and shown not in record["sha256"] and noted
            its = record["sha256"][0] if is_hidden else noted[0] if is_gone else shown
            if is_shown and its in record["sha256"] and its not in used:
                record.setdefault("ends", {})[its] = now + ENDS_AFTER_SECONDS
                found = found._replace(ends=now + ENDS_AFTER_SECONDS)
    return found


@contextmanager
def _changed(archive: Path, now: float | None = None) -> Iterator[dict[str, dict[str, Any]]]:
    """The records without passwords that have ended. They are written when the block ends.

    Raises Refused for a file that cannot be read.
    """
    now = time.time() if now is None else now
    make_folder(archive)
    with locked(archive / "drains.lock", waits=True):
        read_drains(archive)
        records = records_in(archive)
        _forget_ended(records, now)
        yield records
        _forget_ended(records, now)
        replace_file(archive / FILE, json.dumps({"schema": SCHEMA, "drains": records}, indent=2).encode() + b"\n")


def _forget_ended(records: Mapping[str, dict[str, Any]], now: float) -> None:
    """Drop the passwords that have ended, and the ends of passwords that are no more."""
    for record in records.values():
        ends = record.pop("ends", {})
        record["sha256"] = [each for each in record["sha256"] if now < float(ends.get(each, inf))]
        if known := {each: at for each, at in ends.items() if each in record["sha256"]}:
            record["ends"] = known
