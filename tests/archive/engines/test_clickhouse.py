"""Where ClickHouse looks for an archive, and what its errors mean."""

from __future__ import annotations

import pytest

from herodyno.archive.engines.clickhouse import ClickHouse, _table_of, relation_text
from herodyno.archive.engines.engine import Relation, with_values
from herodyno.errors import UsageError


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/srv/it's logs", "file('/srv/it\\'s logs/events/*/*.parquet', 'Parquet')"),
        ("file:///srv/logs", "file('/srv/logs/events/*/*.parquet', 'Parquet')"),
        ("s3://bucket/logs", "s3('s3://bucket/logs/events/*/*.parquet', 'Parquet')"),
    ],
)
def test_the_function_that_reads_a_folder(path: str, text: str) -> None:
    assert _table_of(path) == text


def test_a_relation_is_one_literal_however_long_it_is() -> None:
    text = with_values(
        "(VALUES $v) AS v (n, t) $n", {"v": Relation([(-1, "it's\n$n")]), "n": 2}, relation=relation_text
    )
    rows = """'[-1, "it\\'s\\\\n$n"]'"""
    assert text == f"(SELECT * FROM format('JSONCompactEachRow', 'c0 Int64, c1 String', {rows})) AS v (n, t) 2"


@pytest.mark.parametrize("path", ["https://bucket.example.com/logs", "gs://bucket/logs"])
def test_what_cannot_be_listed_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="nothing that ClickHouse can list"):
        _table_of(path)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Code: 516. DB::Exception: reader: Authentication failed", "password"),
        ("HTTPDriver returned code 60 for http://h:8123", "events"), ("Code: 636. DB::Exception", "events"),
        ("Code: 47. DB::Exception: Unknown identifier", "column"), ("Code: 159. DB::Exception: Timeout", "slow"),
        ("Code: 241. DB::Exception: Memory limit", "memory"), ("Code: 62. DB::Exception: Syntax error", ""),
        ("nobody knows", ""),
    ],
)  # fmt: skip
def test_what_failed(said: str, kind: str) -> None:
    assert ClickHouse.__new__(ClickHouse).kind_of(RuntimeError(said)) == kind


def test_a_lost_connection_has_no_number() -> None:
    assert ClickHouse.__new__(ClickHouse).kind_of(ConnectionError("gone")) == "down"
