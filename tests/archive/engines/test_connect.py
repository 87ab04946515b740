"""An engine that is not there, not installed, or asked for a folder that it cannot see, is one clear line."""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from herodyno.archive.engines.connect import server_archive
from herodyno.archive.engines.server import Limits
from herodyno.archive.engines.url import parse_engine
from herodyno.archive.parquet.columns import VERSION_KEY
from herodyno.errors import ExtraMissing, HerodynoError, Refused, Unreachable, UsageError
from tests.archive.archived import put
from tests.diagnosis.reading import request


def refused(address: str, path: str, kind: type[HerodynoError], password: str = "") -> HerodynoError:
    with pytest.raises(kind) as found, server_archive(parse_engine(address), path, password, Limits()):
        pass
    return found.value


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("scheme", ["quack", "sc", "clickhouse"])
def test_nobody_listens(scheme: str) -> None:
    address = f"{scheme}://127.0.0.1:{free_port()}"
    assert refused(address, "/srv/logs", Unreachable).message == f"{address} is not there: Connection refused"


def test_a_host_that_has_no_address() -> None:
    assert "is not there" in refused("quack://no-such-host.invalid", "/srv/logs", Unreachable).message


@pytest.mark.parametrize(
    ("address", "path"),
    [("quack://h", ""), ("quack://h?events=v", "/srv/logs"), ("quack://h", "logs"), ("sc://h", "../logs")],
)
def test_a_server_wants_a_folder_that_it_sees_or_a_table(address: str, path: str) -> None:
    refused(address, path, UsageError)


@pytest.mark.parametrize(
    ("scheme", "module", "install"),
    [("sc", "spark", "herodyno[spark]"), ("clickhouse", "clickhouse", "herodyno[clickhouse]")],
)
def test_a_missing_extra_is_named(scheme: str, module: str, install: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"herodyno.archive.engines.{module}.find_spec", lambda _: None)
    with socket.create_server(("127.0.0.1", 0)) as listens:
        address = f"{scheme}://127.0.0.1:{listens.getsockname()[1]}"
        assert install in refused(address, "/srv/logs", ExtraMissing).next_step


def test_clickhouse_in_this_process_is_not_asked_of_days_that_a_newer_herodyno_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = SimpleNamespace(name="ClickHouse", path="", close=lambda: None)
    monkeypatch.setattr("herodyno.archive.engines.connect._client", lambda *_: client)
    put(tmp_path / "kept", request(1, "web.1"))
    (path,) = tmp_path.glob("kept/events/*/*.parquet")
    with server_archive(parse_engine("chdb:"), str(tmp_path / "kept"), "", Limits()):
        pass
    pq.write_table(pq.read_table(path, partitioning=None).replace_schema_metadata({VERSION_KEY: "2"}), path)
    for where in (tmp_path / "kept", f"file://{tmp_path}/kept/"):
        assert "written by a newer herodyno (schema 2)" in refused("chdb:", str(where), Refused).message
