"""Quack wants a token before anything is loaded, and what its errors mean."""

from __future__ import annotations

import pytest

from herodyno.archive.engines.quack import Quack
from herodyno.archive.engines.url import parse_engine
from herodyno.errors import NotAuthenticated


def test_without_a_token_nothing_is_asked() -> None:
    with pytest.raises(NotAuthenticated, match="Quack at h:9494 wants a token") as refused:
        Quack(parse_engine("quack://h"), "/srv/logs", "")
    assert "HERODYNO_ENGINE_PASSWORD" in refused.value.next_step


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Invalid Input Error: Authentication failed", "password"), ("IO Error: Failed to send message", "down"),
        ('IO Error: No files found that match the pattern "/no/such"', "events"),
        ("Catalog Error: Table with name v does not exist!", "events"),
        ('Binder Error: Referenced column "x" not found', "column"), ("Out of Memory Error: failed", "memory"),
        ("Parser Error: syntax error", ""),
    ],
)  # fmt: skip
def test_what_failed(said: str, kind: str) -> None:
    assert Quack.__new__(Quack).kind_of(RuntimeError(said)) == kind
