"""Names and types of columns as each engine says them: what a verdict cannot be made of is refused by name."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from herodyno.archive.engines.extensions import columns_of, table_of, versions_of
from herodyno.archive.engines.shape import COLUMNS, require_columns, require_versions
from herodyno.archive.parquet.columns import VERSION_KEY
from herodyno.errors import Refused
from tests.archive.archived import put
from tests.diagnosis.reading import request

README = Path(__file__).parents[3] / "README.md"
OURS = dict.fromkeys(COLUMNS, '"NULL"') | dict.fromkeys(("ts_us", "arrival"), "BIGINT")


@pytest.mark.parametrize(
    ("column", "kinds"),
    [
        ("ts_us", "BIGINT UBIGINT HUGEINT bigint long Int64 UInt64 Nullable(Int64)"),
        ("status", 'SMALLINT smallint Nullable(Int16) INTEGER DOUBLE "NULL" void Nullable(Nothing)'),
        ("mem_total_mb", "DOUBLE double FLOAT Float64 Nullable(Float32) DECIMAL(9,2) decimal(9,2) INTEGER"),
        ("message", "VARCHAR string String LowCardinality(Nullable(String)) Enum8('app'=1) FixedString(9)"),
        ("code", 'VARCHAR String INTEGER "NULL" void'), ("in_columns", "BOOLEAN boolean Bool UInt8 INTEGER"),
    ],
)  # fmt: skip
def test_a_type_that_will_do_passes_and_so_does_one_that_is_not_known(column: str, kinds: str) -> None:
    for kind in kinds.split():
        require_columns("S", "", OURS | {column: kind, "more": "STRUCT(a INTEGER)"})


@pytest.mark.parametrize(
    ("column", "kinds"),
    [
        ("ts_us", "TIMESTAMP|TIMESTAMP WITH TIME ZONE|timestamp|timestamp_ntz|DateTime64(6, 'UTC')|DOUBLE|VARCHAR"),
        ("recv_us", "TIMESTAMP_NS|Nullable(DateTime)|string"), ("status", "VARCHAR|LowCardinality(Nullable(String))"),
        ("mem_total_mb", "VARCHAR|string"), ("message", "INTEGER|bigint|Nullable(Int8)"), ("dyno", "DATE"),
    ],
)  # fmt: skip
def test_another_type_is_named_with_its_column(column: str, kinds: str) -> None:
    for kind in kinds.split("|"):
        with pytest.raises(Refused) as refused:
            require_columns("S", "", OURS | {column: kind})
        assert refused.value.message == f"`events` of S has other types in {column} ({kind})"


def test_what_duckdb_tells_of_an_archive_is_of_the_known_shape_and_version(tmp_path: Path) -> None:
    put(tmp_path / "it's", request(1, "web.1"))
    path, connection = str(tmp_path / "it's"), duckdb.connect()
    require_columns("S", path, columns_of(connection.sql(f"SELECT * FROM {table_of(path)} LIMIT 0")))
    found = [version for (version,) in connection.sql(versions_of(path)).fetchall()]
    assert found == ["1"]
    require_versions("S", path, found)
    file = next(tmp_path.glob("*/events/*/*.parquet")).with_name("newer.parquet")
    connection.sql(f"COPY (SELECT 1 AS ts_us) TO $file (FORMAT parquet, KV_METADATA {{'{VERSION_KEY}': '2'}})".replace(
        "$file", "'" + str(file).replace("'", "''") + "'"
    ))  # fmt: skip
    with pytest.raises(Refused, match=r"\(schema 2\)"):
        require_versions("S", path, [version for (version,) in connection.sql(versions_of(path)).fetchall()])


def test_the_view_of_a_team_may_say_null_for_a_column() -> None:
    nulls = ", ".join(f"NULL AS {name}" for name in COLUMNS if name not in ("ts_us", "arrival", "app", "source", "proc",
                                                                             "kind", "message"))  # fmt: skip
    known = "1 AS ts_us, 1 AS arrival, 'a' AS app, 'app' AS source, 'web.1' AS proc, 'line' AS kind, '' AS message"
    connection = duckdb.connect()
    for kind in ("VIEW", "TABLE"):
        connection.execute(f"CREATE {kind} of_{kind} AS SELECT {known}, {nulls}")
        require_columns("S", "", columns_of(connection.sql(f"FROM of_{kind}")))


def test_the_readme_lists_each_column_that_is_asked_for() -> None:
    section = README.read_text().partition("**Over a table of your own.**")[2].partition("\n\n**")[0]
    assert [name for name in COLUMNS if f"`{name}`" not in section] == []
