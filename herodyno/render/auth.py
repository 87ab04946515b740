"""`auth status`: what each source of a token holds, as a table and as `herodyno.auth-status/1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from herodyno.render.text import Column, Field, Span, Table, table
from herodyno.units import json_time


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


def auth_status_table(sources: Sequence[TokenSource]) -> Table:
    """One line per source, in the order they are asked."""
    return table(FIELDS, sources)


def auth_status_document(
    sources: Sequence[TokenSource], *, host: str, works: bool, account: str, expires_at: datetime | None
) -> dict[str, Any]:
    """`herodyno.auth-status/1`."""
    return {
        "schema": "herodyno.auth-status/1",
        "host": host,
        "works": works,
        "source": next((it.source for it in sources if it.in_use), None),
        "account": account or None,
        "expires_at": json_time(expires_at),
        "sources": [it._asdict() for it in sources],
    }
