"""ClickHouse: a server over HTTP, or the same engine in this process (chdb)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

from herodyno.archive.engines.engine import Relation, literal
from herodyno.archive.engines.server import NEXT_STEPS, Limits, failure
from herodyno.archive.engines.url import EngineUrl
from herodyno.archive.parquet.tables import Batch
from herodyno.errors import ExtraMissing, UsageError

# ClickHouse's numbers of errors: ErrorCodes.cpp.
_KINDS = {516: "password", 497: "password", 60: "events", 81: "events", 107: "events", 291: "events", 636: "events",
          47: "column", 159: "slow", 209: "slow", 210: "down", 241: "memory", 394: "slow"}  # fmt: skip
_CODE = re.compile(r"\bcode:? (\d+)", re.IGNORECASE)
_LATER_SECONDS = 30  # ours: the limit of a query comes first
# A LEFT JOIN gives NULL, a CAST of NULL is NULL, the day of a path is a column, and values are part of a query's text.
_SETTINGS = {"join_use_nulls": 1, "cast_keep_nullable": 1, "use_hive_partitioning": 1, "max_query_size": 1 << 28}
_TYPES = {int: "Int64", str: "String"}


def relation_text(rows: Relation) -> str:
    """A relation as one literal. Of VALUES, 20,000 rows take ClickHouse 20 s, and half as many are refused."""
    types = ", ".join(f"c{at} {_TYPES[type(value)]}" for at, value in enumerate(rows[0]))
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"(SELECT * FROM format('JSONCompactEachRow', '{types}', {literal(text, has_escapes=True)}))"  # noqa: S608


class ClickHouse:
    """A connection. Raises ExtraMissing where the client is not installed, and what a server that is not there is."""

    has_escapes = True
    events = "events AS"
    next_steps: Mapping[str, str] = NEXT_STEPS
    versions = ""
    relation = staticmethod(relation_text)

    def __init__(self, url: EngineUrl, path: str, password: str, limits: Limits) -> None:
        is_here = url.scheme == "chdb"
        missing = [name for name in ("clickhouse_connect", "chdb")[: 1 + is_here] if find_spec(name) is None]
        if missing:
            more = " chdb" if is_here else ""
            raise ExtraMissing(
                f"ClickHouse needs {' and '.join(missing)}", next_step=f"pip install 'herodyno[clickhouse]'{more}"
            )
        self.name, self.path = "ClickHouse in this process" if is_here else f"ClickHouse at {url.address}", path
        self.table = _table_of(path) if path else url.events
        self._query = ""
        self._connect: dict[str, Any] = {"interface": "chdb", "settings": _SETTINGS}
        if not is_here:
            self._connect = {
                "host": url.host, "port": url.port, "username": url.user or "default", "password": password,
                "database": url.database or "default", "secure": url.is_secure, "connect_timeout": 10,
                "send_receive_timeout": limits.seconds + _LATER_SECONDS, "query_retries": 0,
                "settings": {**_SETTINGS, "max_execution_time": max(1, int(limits.seconds))},
            }  # fmt: skip
        try:
            self._client = _connected(self._connect)
        except Exception as error:  # of urllib3, and of the client's own kinds
            raise failure(self, error) from None

    def columns(self, text: str) -> dict[str, str]:
        """The columns of an answer, each with its type."""
        found = self._client.query(text, settings=self._named())
        return dict(zip(found.column_names, (each.name for each in found.column_types), strict=True))

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return list(self._client.query(text, settings=self._named()).result_rows)

    def batches(self, text: str) -> Iterator[Batch]:
        """An answer some rows at a time."""
        with self._client.query_arrow_stream(text, settings=self._named()) as stream:
            yield from stream

    def _named(self) -> dict[str, Any]:
        self._query = uuid4().hex
        return {"query_id": self._query} if "host" in self._connect else {}

    def cancel(self) -> None:
        """End the query on the server, over a connection of its own."""
        if "host" in self._connect:
            other = _connected(self._connect)
            other.command(f"KILL QUERY WHERE query_id = {literal(self._query)} ASYNC")

    def kind_of(self, error: BaseException) -> str:
        """What failed."""
        found = _CODE.search(str(error))
        if found:
            return _KINDS.get(int(found[1]), "")
        return "down" if type(error).__name__ in ("OperationalError", "ConnectionError") else ""

    def close(self) -> None:
        """Leave."""
        with suppress(Exception):
            self._client.close()


def _connected(how: dict[str, Any]) -> Any:
    import clickhouse_connect

    # It also logs what it raises.
    logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())
    logging.getLogger("clickhouse_connect").propagate = False
    return clickhouse_connect.get_client(**how)


def _table_of(path: str) -> str:
    """The function of ClickHouse that reads an archive's folder."""
    path = path.removeprefix("file://")
    if not path.startswith(("/", "s3://")):
        raise UsageError(f"--archive {path!r} is nothing that ClickHouse can list", next_step="write /…, or s3://…")
    every = literal(f"{path}/events/*/*.parquet", has_escapes=True)
    return f"{'s3' if path.startswith('s3://') else 'file'}({every}, 'Parquet')"
