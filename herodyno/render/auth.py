"""`auth status`: what each source of a token holds, as a table and as `herodyno.auth-status/1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from herodyno.render.text import Column, Field, Line, Span, Table, line, table
from herodyno.units import json_time, spoken_duration, stamp, zone_name, zone_of

SOON_SECONDS = 600  # ours


class TokenSource(NamedTuple):
    """A place that may hold a token. `detail` says in words what it holds; the token itself is never shown."""

    source: str
    holds: Literal["problem", "token", "nothing"]
    in_use: bool
    detail: str


FIELDS = (
    Field[TokenSource](Column("SOURCE"), lambda it: Span(it.source)),
    Field[TokenSource](Column("HOLDS"), lambda it: Span(it.detail)),
)


class Account(NamedTuple):
    """An account with a token on this machine, and the source of the token."""

    account: str
    source: str


def accounts_line(accounts: Sequence[Account]) -> Line:
    """The accounts and how to choose one."""
    named = ", ".join(f"{it.account} ({it.source})" for it in accounts)
    return line(f"accounts: {named}; --account NAME or HERODYNO_ACCOUNT chooses")


def auth_status_table(sources: Sequence[TokenSource]) -> Table:
    """One line per source, in the order they are asked."""
    return table(FIELDS, sources)


def auth_status_document(
    sources: Sequence[TokenSource],
    *,
    host: str,
    works: bool,
    account: str,
    scope: Sequence[str],
    expires_at: datetime | None,
    accounts: Sequence[Account],
) -> dict[str, Any]:
    """`herodyno.auth-status/1`."""
    return {
        "schema": "herodyno.auth-status/1",
        "host": host,
        "works": works,
        "source": next((it.source for it in sources if it.in_use), None),
        "account": account or None,
        "scope": list(scope) or None,
        "expires_at": json_time(expires_at),
        "sources": [it._asdict() for it in sources],
        "accounts": [it._asdict() for it in accounts],
    }


def auth_login_document(account: str, scope: Sequence[str], *, store: str, ends_at: datetime | None) -> dict[str, Any]:
    """`herodyno.auth-change/1` of a login. What is not known is left out."""
    known = {"account": account, "store": store, "scope": list(scope), "expires_at": json_time(ends_at)}
    return {"schema": "herodyno.auth-change/1", **{key: value for key, value in known.items() if value}}


def auth_token_document(
    token: str, source: str, *, scope: Sequence[str] = (), expires_at: datetime | None = None
) -> dict[str, Any]:
    """`herodyno.auth-token/1`: the one document with a token in it."""
    document = {"schema": "herodyno.auth-token/1", "token": token, "source": source}
    return {**document, "scope": list(scope), "expires_at": json_time(expires_at)} if scope else document


def spoken_scope(scope: Sequence[str]) -> str:
    """ ", scope read, write", or "" where it is not known."""
    return f", scope {', '.join(scope)}" if scope else ""


def ending(at: datetime | None, now: datetime, *, utc: bool) -> str:
    """When a token ends, and in how many minutes where that is soon."""
    if at is None:
        return "no end known"
    zone = zone_of(now, utc=utc)
    seconds = (at - now).total_seconds()
    soon = f", in {spoken_duration(seconds)}" if seconds <= SOON_SECONDS else ""
    return f"ends {stamp(at, zone)} {zone_name(at, zone)}{soon}"
