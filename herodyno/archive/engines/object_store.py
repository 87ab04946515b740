"""DuckDB in this process over a copy of an archive in an object store (S3, or what speaks its protocol)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from herodyno.archive.engines.duckdb import MEMORY
from herodyno.archive.engines.engine import literal
from herodyno.archive.engines.extensions import columns_of, connected, table_of
from herodyno.archive.parquet.files import GROUP_ROWS
from herodyno.archive.parquet.tables import Batch
from herodyno.errors import UsageError

SCHEME = "s3://"
_NEEDS = "pip install 'duckdb==1.5.5' duckdb-extension-httpfs"
_MARKS = {"No files found": "events", "NoSuchBucket": "events", "HTTP 404": "events", "HTTP 403": "password",
          "HTTP 400": "password", "Could not connect": "down", "Could not resolve": "down",
          "Referenced column": "column", "Out of Memory": "memory"}  # fmt: skip


class Account(NamedTuple):
    """Who asks which store. Without a key a public bucket is asked. `endpoint` is HOST:PORT, "" for AWS itself."""

    key: str
    secret: str
    session: str
    region: str
    endpoint: str
    is_secure: bool


def account_of(environ: Mapping[str, str]) -> Account:
    """The account that the variables of the AWS tools name. Raises UsageError for an endpoint that is none.

    Source of the names: https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
    """

    def first(*names: str) -> str:
        return next(filter(None, (environ.get(name, "").strip() for name in names)), "")

    text = first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    parts = _endpoint(text) if text else urlsplit("")
    return Account(
        key=first("AWS_ACCESS_KEY_ID"),
        secret=first("AWS_SECRET_ACCESS_KEY"),
        session=first("AWS_SESSION_TOKEN"),
        region=first("AWS_REGION", "AWS_DEFAULT_REGION") or "us-east-1",
        endpoint=parts.netloc.rpartition("@")[2],
        is_secure=parts.scheme != "http",
    )


def _endpoint(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is none
        is_one = False
    if is_one and not parts.path.strip("/") and not parts.query:
        return parts
    raise UsageError("AWS_ENDPOINT_URL is no address of an object store", next_step="write https://HOST[:PORT]")


class ObjectStore:
    """A connection. Raises ExtraMissing where the extension is not installed."""

    has_escapes = False
    events = "events AS NOT MATERIALIZED"  # or each query would read every day
    relation = None
    versions = ""  # it takes requests for each file
    next_steps: Mapping[str, str] = {
        "password": "who asks: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION",
        "events": "is the archive's folder there, as s3://BUCKET/FOLDER/events/day=…?",
    }

    def __init__(self, path: str, account: Account) -> None:
        self.name, self.path = f"the object store at {account.endpoint or 'AWS'}", path
        self.table = table_of(path)
        self._folder = tempfile.mkdtemp(prefix="herodyno-")
        try:
            self._connection = connected(["httpfs"], _NEEDS, memory_limit=MEMORY, temp_directory=self._folder)
            self._connection.execute(_secret(account))
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def columns(self, text: str) -> dict[str, str]:
        """The columns of an answer, each with its type."""
        return columns_of(self._connection.sql(text))

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return list(self._connection.execute(text).fetchall())

    def batches(self, text: str) -> Iterator[Batch]:
        """An answer some rows at a time."""
        relation = self._connection.sql(text)
        # duckdb before 1.5 has only the older name.
        return iter((getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader)(GROUP_ROWS))

    def cancel(self) -> None:
        """End the query."""
        self._connection.interrupt()

    def kind_of(self, error: BaseException) -> str:
        """What failed."""
        said = str(error)
        return next((kind for mark, kind in _MARKS.items() if mark in said), "")

    def close(self) -> None:
        """Leave."""
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _secret(account: Account) -> str:
    """The statement that tells DuckDB the account. It stays in this process's memory."""
    values = {"KEY_ID": account.key, "SECRET": account.secret, "SESSION_TOKEN": account.session,
              "REGION": account.region, "ENDPOINT": account.endpoint}  # fmt: skip
    words = [f"{name} {literal(value)}" for name, value in values.items() if value]
    words += ["URL_STYLE 'path'"] if account.endpoint else []
    return f"CREATE SECRET (TYPE s3, {', '.join(words)}, USE_SSL {str(account.is_secure).lower()})"
