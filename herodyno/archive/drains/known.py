"""Which drains may send, and of which app each is: what the file `drains.json` of an archive says.

It holds digests of passwords, never a password. The passwords are 24 random bytes, so that a plain SHA-256 keeps them.
Of a drain that herodyno added at Heroku it holds the id and the token, too.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from herodyno.dynos import LogDrain
from herodyno.errors import Refused
from herodyno.heroku_facts import APP_NAME_PATTERN
from herodyno.operations.state_files import read_file

FILE = "drains.json"
SCHEMA = "herodyno.drains/1"
MOST_PASSWORDS = 2  # ours: the new one, and the one before while Heroku still sends it

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
        if drain.id in known or self.admits(*credentials_in(drain.url)):
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
        return next((each for each in present if each.signals or digest(credentials_in(each.url)[1]) == older), None)

    def admits(self, name: str, password: str) -> Drain | None:
        """The drain with this name and password. The time does not tell which of the two was wrong."""
        drain = self._drains.get(name, Drain())
        given = sha256(password.encode()).digest()
        known = (*drain.passwords_at(self._clock()), *_NOBODY)[:MOST_PASSWORDS]
        fits = [hmac.compare_digest(given, each) for each in known]
        return drain if any(fits) else None


def is_app_name(text: str) -> bool:
    """Whether the text can be an app's name. No path can."""
    return _APP.fullmatch(text) is not None


def read_drains(archive: Path, clock: Callable[[], float] = time.time) -> Drains:
    """The drains of an archive; none where the file is missing. Raises Refused for a file that cannot be read."""
    try:
        return Drains({name: _drain(record) for name, record in records_in(archive).items()}, clock)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused(
            f"{archive / FILE} cannot be read", next_step="bring the file back, or move it away and make new passwords"
        ) from None


def credentials_in(url: str) -> tuple[str, str]:
    """The user and the password of an address, each "" where there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return unquote(parts.username or ""), unquote(parts.password or "")


def digest(password: str) -> str:
    """SHA-256 in hex, as the file keeps it."""
    return sha256(password.encode()).hexdigest()


def records_in(archive: Path) -> dict[str, dict[str, Any]]:
    """The records of the file by the drain's name. Raises ValueError, TypeError, KeyError for no such file."""
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
