"""Which drains may send, and of which app each is: the file `drains.json` of an archive.

It holds digests of passwords, never a password. The passwords are 24 random bytes, so that a plain SHA-256 keeps them.
Of a drain that herodyno added at Heroku it holds the id and the token, too.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from herodyno.dynos import LogDrain
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.heroku_facts import APP_NAME_PATTERN
from herodyno.operations.state_files import locked, make_folder, read_file, replace_file

FILE = "drains.json"
SCHEMA = "herodyno.drains/1"
MOST_PASSWORDS = 2  # ours: the new one, and the one before while Heroku still sends it
ENDS_AFTER_SECONDS = 3600  # ours: lines of a removed drain are on their way for minutes

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_APP = re.compile(APP_NAME_PATTERN, re.ASCII)
_NOBODY = (bytes(32), bytes(32))


class AtHeroku(NamedTuple):
    """A drain that Heroku has: its id there, and its token ("d.…"), "" on Fir.

    `url` is its address without credentials, and `sha256` the digest of the password it was added with, in hex.
    """

    id: str
    token: str = ""
    url: str = ""
    sha256: str = ""


class Drain(NamedTuple):
    """One drain. `app` is "" when the address names the app; `token` is "" when any drain token will do.

    `passwords` are SHA-256 digests, the newest first. `at_heroku` are the drains that send with them. `ends` says when
    a password of a removed drain ends, in seconds since 1970.
    """

    app: str = ""
    token: str = ""
    passwords: tuple[bytes, ...] = ()
    at_heroku: tuple[AtHeroku, ...] = ()
    ends: Mapping[bytes, float] = {}

    def passwords_at(self, seconds: float) -> tuple[bytes, ...]:
        """The passwords that have not ended by a time."""
        return tuple(each for each in self.passwords if seconds < self.ends.get(each, inf))


class Removed(NamedTuple):
    """What an archive knew of a removed drain: whether it did, and when the drain's password ends, None for not at all:
    another drain may send with it, or nobody can tell which it is."""

    is_known: bool
    ends: float | None = None


class Drains:
    """The drains of one archive by name, which is the user name of their address."""

    def __init__(self, drains: Mapping[str, Drain], clock: Callable[[], float] = time.time) -> None:
        self._drains = dict(drains)
        self._clock = clock

    def __len__(self) -> int:
        return len(self._drains)

    def apps(self) -> list[str]:
        """The apps whose drains are known by name."""
        return sorted({drain.app for drain in self._drains.values() if drain.app})

    def at_heroku(self, name: str) -> tuple[AtHeroku, ...]:
        """The drains at Heroku that herodyno added for this one."""
        return self._drains.get(name, Drain()).at_heroku

    def takes(self, drain: LogDrain) -> bool | None:
        """Whether a drain at Heroku sends into this archive.

        None for a telemetry drain that herodyno did not add for it: its address does not show a password.
        """
        known = {each.id for ours in self._drains.values() for each in ours.at_heroku}
        if drain.id in known or self.admits(*_credentials_in(drain.url)):
            return True
        return None if drain.signals and self._drains else False

    def gone(self, name: str, present: Iterable[LogDrain]) -> list[LogDrain]:
        """The drains that herodyno added for this one and that the app no longer has."""
        ids = {each.id for each in present}
        return [LogDrain(each.id, each.url, each.token) for each in self.at_heroku(name) if each.id not in ids]

    def passwords(self, name: str) -> tuple[bytes, ...]:
        """The digests of a drain's passwords, the newest first."""
        return self._drains.get(name, Drain()).passwords_at(self._clock())

    def shut_out(self, name: str, present: Iterable[LogDrain]) -> LogDrain | None:
        """A drain that the app has and that one more password would, or may, shut out. None for none.

        The address of a log drain shows its password. That of a telemetry drain does not: it may have the older one.
        """
        known = self.passwords(name)
        if len(known) < MOST_PASSWORDS:
            return None
        older = known[-1].hex()
        return next((each for each in present if each.signals or _digest(_credentials_in(each.url)[1]) == older), None)

    def admits(self, name: str, password: str) -> Drain | None:
        """The drain with this name and password. The time does not tell which of the two was wrong."""
        drain = self._drains.get(name, Drain())
        given = sha256(password.encode()).digest()
        known = (*drain.passwords_at(self._clock()), *_NOBODY)[:MOST_PASSWORDS]
        fits = [hmac.compare_digest(given, each) for each in known]
        return drain if any(fits) else None


class LiveDrains:
    """The drains of an archive while their file may change. Raises Refused, OSError for a file that cannot be read."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._read = self._state()
        self.now = read_drains(archive)

    def refresh(self) -> str:
        """Read a changed file. One that is gone or broken changes nothing: the answer says why, else it is ""."""
        state = self._state()
        if state is None and self._read is not None:  # one that is being replaced by hand comes back
            return f"{self._archive / FILE} is gone; what it said still holds"
        if state != self._read:
            try:
                found = read_drains(self._archive)
            except (Refused, OSError) as error:
                return str(error)
            if self._state() == state:  # else the next look reads it
                self.now, self._read = found, state
        return ""

    def _state(self) -> tuple[int, int] | None:
        try:
            status = (self._archive / FILE).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino


def is_app_name(text: str) -> bool:
    """Whether the text can be an app's name. No path can."""
    return _APP.fullmatch(text) is not None


def read_drains(archive: Path, clock: Callable[[], float] = time.time) -> Drains:
    """The drains of an archive; none where the file is missing. Raises Refused for a file that cannot be read."""
    try:
        return Drains({name: _drain(record) for name, record in _records(archive).items()}, clock)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused(
            f"{archive / FILE} cannot be read", next_step="bring the file back, or move it away and make new passwords"
        ) from None


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
        record["sha256"] = [_digest(password), *record["sha256"]][:MOST_PASSWORDS]
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
        if record["sha256"][:1] == [_digest(password)]:
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
        added = added._replace(sha256=_digest(password))
    with _changed(archive) as records:
        records.setdefault(name, {"sha256": []}).setdefault("heroku", []).append(added._asdict())


def note_removed(archive: Path, removed: LogDrain, others: Sequence[LogDrain], *, now: float) -> Removed:
    """Forget a drain at Heroku, and end its password in ENDS_AFTER_SECONDS: what is on its way still comes.

    `others` are the drains that the app still has. A password that one of them may send with works on.
    """
    if not (archive / FILE).exists():
        return Removed(is_known=False)
    found = Removed(is_known=False)
    shown = _digest(_credentials_in(removed.url)[1])
    used = {_digest(_credentials_in(each.url)[1]) for each in others if not each.signals}
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
        records = _records(archive)
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


def _credentials_in(url: str) -> tuple[str, str]:
    """The user and the password of an address, each "" where there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return unquote(parts.username or ""), unquote(parts.password or "")


def _digest(password: str) -> str:
    return sha256(password.encode()).hexdigest()


def _records(archive: Path) -> dict[str, dict[str, Any]]:
    try:
        document = json.loads(read_file(archive / FILE))
    except FileNotFoundError:
        return {}
    if document["schema"] != SCHEMA:
        raise ValueError(document["schema"])
    drains: dict[str, dict[str, Any]] = document["drains"]
    return drains


def _drain(record: dict[str, Any]) -> Drain:
    app, token = str(record.get("app", "")), str(record.get("token", ""))
    if app and not is_app_name(app):
        raise ValueError(app)
    digests = tuple(bytes.fromhex(each) for each in record["sha256"])
    if not all(len(each) == len(_NOBODY[0]) for each in digests):
        raise ValueError("a digest has 32 bytes")
    at_heroku = tuple(
        AtHeroku(str(each["id"]), str(each["token"]), str(each.get("url", "")), str(each.get("sha256", "")))
        for each in record.get("heroku", ())
    )
    ends = {bytes.fromhex(each): float(at) for each, at in record.get("ends", {}).items()}
    return Drain(app, token, digests, at_heroku, ends)
