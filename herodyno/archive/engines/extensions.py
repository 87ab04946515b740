"""DuckDB with extensions: from their packages, which are not signed, or from what INSTALL brought."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from herodyno.archive.engines.engine import literal
from herodyno.archive.parquet.columns import VERSION_KEY
from herodyno.archive.parquet.files import require
from herodyno.errors import ExtraMissing

_PARQUET = "read_parquet({}, union_by_name = true, hive_partitioning = true, hive_types_autocast = false)"


def connected(names: Sequence[str], needs: str, **config: str) -> Any:
    """A connection with these extensions. Raises ExtraMissing, with `needs` to type, where one is not installed."""
    require()
    import duckdb

    connection = duckdb.connect(config={"allow_unsigned_extensions": True, **config})
    try:
        for name in names:
            connection.execute(f"LOAD {_extension(name, duckdb.__version__)}")
    except duckdb.Error as error:
        said = str(error).partition("\n")[0]
        raise ExtraMissing(f"duckdb {duckdb.__version__} has no {names[-1]}: {said}", next_step=needs) from None
    return connection


def table_of(path: str) -> str:
    """The lines of all days of an archive."""
    return _PARQUET.format(literal(f"{path}/events/*/*.parquet"))


def versions_of(path: str) -> str:
    """The query for the versions that the files of an archive say they are of."""
    files, key = literal(f"{path}/events/*/*.parquet"), literal(VERSION_KEY)
    return f"SELECT DISTINCT decode(value) FROM parquet_kv_metadata({files}) WHERE decode(key) = {key}"  # noqa: S608


def columns_of(relation: Any) -> dict[str, str]:
    """The columns of DuckDB's answer, each with its type."""
    return dict(zip(relation.columns, map(str, relation.types), strict=True))


def _extension(name: str, version: str) -> str:
    """The file of the package duckdb-extension-NAME, or the name of what INSTALL brought."""
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        return name
    return literal(str(Path(spec.origin).parent / "extensions" / f"v{version}" / f"{name}.duckdb_extension"))
