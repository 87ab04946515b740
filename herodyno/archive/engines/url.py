"""An engine as a person names it: `quack://host:9494`, `sc://host:15002`, `clickhouse://user@host/db?events=view`."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from herodyno.errors import UsageError

# The port of each scheme; chdb is ClickHouse in this process.
PORTS = {"quack": 9494, "sc": 15002, "clickhouse": 8123, "chdb": 0}
_SECURE_PORTS = {"clickhouse": 8443}
PASSWORD = "HERODYNO_ENGINE_PASSWORD"  # noqa: S105 - the name of a variable
_TABLE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}", re.ASCII)
_FORMS = "duckdb, quack://HOST, sc://HOST, clickhouse://USER@HOST/DB or chdb:"


class EngineUrl(NamedTuple):
    """The parts. `events` is a table or view of the server that has the columns of `events`, or ""."""

    scheme: str
    host: str
    port: int
    user: str
    database: str
    events: str
    is_secure: bool

    @property
    def address(self) -> str:
        """HOST:PORT."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def account(self) -> str:
        """The name that its password has in a keychain."""
        return f"{self.scheme}://{self.user and self.user + '@'}{self.address}"


def parse_engine(text: str) -> EngineUrl:
    """The parts of an engine's address. Raises UsageError for what is none, and for a password in it."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _wrong(text) from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.password is not None or {"token", "password"} & options.keys():
        raise UsageError(
            "an engine's password does not belong into a command line", next_step=f"put it into {PASSWORD}"
        )
    if parts.scheme not in PORTS or bool(parts.hostname) == (parts.scheme == "chdb") or parts.fragment:
        raise _wrong(text)
    events, secure = options.pop("events", ""), options.pop("secure", "0")
    if options or secure not in ("0", "1") or (events and not _TABLE.fullmatch(events)):
        raise UsageError(f"--engine {text!r}: only ?events=TABLE and &secure=1 may follow the address")
    is_secure = secure == "1"
    usual = (_SECURE_PORTS if is_secure else PORTS).get(parts.scheme, PORTS[parts.scheme])
    return EngineUrl(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=port or usual,
        user=parts.username or "",
        database=parts.path.strip("/"),
        events=events,
        is_secure=is_secure,
    )


def _wrong(text: str) -> UsageError:
    return UsageError(f"--engine {text!r} is no engine", next_step=f"one of {_FORMS}")
