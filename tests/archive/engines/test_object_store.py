"""Who asks an object store, and what its errors mean."""

from __future__ import annotations

import pytest

from herodyno.archive.engines import extensions
from herodyno.archive.engines.object_store import Account, ObjectStore, account_of
from herodyno.errors import ExtraMissing, UsageError

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIA",
    "AWS_SECRET_ACCESS_KEY": "it's",
    "AWS_SESSION_TOKEN": "s",
    "AWS_REGION": "eu-west-1",
}
OF_KEYS = Account("AKIA", "it's", "s", "eu-west-1", "", True)


@pytest.mark.parametrize(
    ("environ", "account"),
    [
        ({}, Account("", "", "", "us-east-1", "", True)),
        (KEYS, OF_KEYS),
        ({**KEYS, "AWS_ENDPOINT_URL": "http://[::1]:9000/"}, OF_KEYS._replace(endpoint="[::1]:9000", is_secure=False)),
        ({**KEYS, "AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "https://b"}, OF_KEYS._replace(endpoint="b")),
        ({"AWS_DEFAULT_REGION": "eu-north-1"}, Account("", "", "", "eu-north-1", "", True)),
    ],
)
def test_the_variables_of_the_aws_tools_say_who_asks(environ: dict[str, str], account: Account) -> None:
    assert account_of(environ) == account


@pytest.mark.parametrize(
    "endpoint",
    [
        "minio:9000", "https://", "https://host/path", "https://host?a=b", "ftp://host",
        "http://[::1", "https://host:99999", "https://host:abc", "https://host:0", "https://[host]",
    ],
)  # fmt: skip
def test_an_endpoint_that_is_none_is_refused(endpoint: str) -> None:
    with pytest.raises(UsageError, match="is no address of an object store"):
        account_of({"AWS_ENDPOINT_URL": endpoint})


def test_a_missing_extension_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "_extension", lambda name, version: "'/no/such'")
    with pytest.raises(ExtraMissing, match="has no httpfs") as missing:
        ObjectStore("s3://logs/x", OF_KEYS)
    assert "duckdb-extension-httpfs" in missing.value.next_step


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('IO Error: No files found that match the pattern "s3://logs/none/*.parquet"', "events"),
        ("HTTP Error: HTTP GET error reading 's3://b/x' in region 'us-east-1' (HTTP 404 Not Found)", "events"),
        ("HTTP Error: HTTP GET error reading 's3://b/x' in region 'us-east-1' (HTTP 403 Forbidden)", "password"),
        ("IO Error: Could not connect to server error for HTTP GET to 'http://127.0.0.1:5556/logs/'", "down"),
        ('Binder Error: Referenced column "x" not found', "column"), ("Out of Memory Error: failed", "memory"),
        ("Parser Error: syntax error", ""),
    ],
)  # fmt: skip
def test_what_failed(said: str, kind: str) -> None:
    assert ObjectStore.__new__(ObjectStore).kind_of(RuntimeError(said)) == kind
