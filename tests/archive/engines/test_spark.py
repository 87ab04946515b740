"""What the person typed reaches Spark's client whole, and nothing of it becomes another parameter."""

from __future__ import annotations

from urllib.parse import unquote, urlparse

import pytest

from herodyno.archive.engines.spark import Spark, remote_of
from herodyno.archive.engines.url import parse_engine


def understood(remote: str) -> dict[str, str]:
    """As ChannelBuilder of pyspark 4.2 reads an address."""
    parts = urlparse("http" + remote[2:])
    assert (parts.path, parts.query, parts.fragment) == ("/", "", "")
    pairs = [each.split("=") for each in parts.params.split(";") if each]
    return {name: unquote(value) for name, value in pairs}


@pytest.mark.parametrize("token", ["abc==", "a/b", "a#b", "a;use_ssl=false", "a?b", "100%25", "é +&"])
def test_a_token_of_any_signs_is_sent_whole(token: str) -> None:
    remote = remote_of(parse_engine("sc://ann@spark.internal?secure=1"), token)
    assert remote.startswith("sc://spark.internal:15002/;")
    assert understood(remote) == {"user_id": "ann", "token": token, "use_ssl": "true"}


def test_a_user_is_no_place_for_parameters() -> None:
    assert understood(remote_of(parse_engine("sc://u;token=x@h"), "")) == {"user_id": "u;token=x"}
    assert remote_of(parse_engine("sc://h"), "") == "sc://h:15002/"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view `v` cannot be found. SQLSTATE: 42P01", "events"),
        ("[PATH_NOT_FOUND] Path does not exist: file:/no/such/events", "events"),
        ("[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `x` cannot be resolved", "column"),
        ("StatusCode.UNAUTHENTICATED", "password"), ("StatusCode.UNAVAILABLE: failed to connect", "down"),
        ("java.lang.OutOfMemoryError: Java heap space", "memory"), ("[PARSE_SYNTAX_ERROR] near 'x'", ""),
    ],
)  # fmt: skip
def test_what_failed(said: str, kind: str) -> None:
    assert Spark.__new__(Spark).kind_of(RuntimeError(said)) == kind
