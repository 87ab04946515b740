"""--engine on the command line: what is refused before anything is sent, and whose password it is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from herodyno.archive.engines import connect
from herodyno.archive.engines.object_store import Account
from herodyno.errors import Refused
from herodyno.heroku.login.keychain import Keychain
from tests.conftest import Invoke

ARCHIVE = "diagnose --archive /srv/logs"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (f"{ARCHIVE} --engine mysql://h", 2, "is no engine"),
        (f"{ARCHIVE} --engine clickhouse://u:geheim12@h", 2, "does not belong into a command line"),
        (f"{ARCHIVE} --engine-timeout 5m", 2, "--engine-timeout is for a server"),
        (f"{ARCHIVE} --engine quack://127.0.0.1 --engine-timeout soon", 2, "is not a duration"),
        ("diagnose --engine duckdb", 2, "reads a folder"),
        ("archive import app.log --archive s3://logs/x -a shop", 1, "read an archive in an object store"),
        ("archive export --archive s3://logs/x", 1, "read an archive in an object store"),
        ("diagnose --engine quack://127.0.0.1", 2, "needs one of --archive PATH and ?events=TABLE"),
        ("diagnose --engine quack://h?events=v --from-file x.log", 2, "are two sources"),
        ("diagnose --engine quack://h --archive logs", 2, "is a path on the server"),
    ],
)
def test_a_wrong_line_is_refused_with_what_is_wrong(invoke: Invoke, words: str, code: int, said: str) -> None:
    done = invoke(words)
    assert (done.code, done.stdout) == (code, "")
    assert said in done.stderr
    assert "geheim12" not in done.stderr


def test_a_server_that_is_not_there_is_a_network_error(invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    done = invoke(f"{ARCHIVE} --engine clickhouse://127.0.0.1:{port}")
    assert (done.code, done.stdout) == (6, "")
    assert f"clickhouse://127.0.0.1:{port} is not there: Connection refused" in done.stderr


def test_an_object_store_is_asked_over_tls(invoke: Invoke) -> None:
    keys = {"AWS_SECRET_ACCESS_KEY": "geheim12", "AWS_ENDPOINT_URL": "http://minio.internal:9000"}
    done = invoke("diagnose --archive s3://logs/x", environ=keys)
    assert (done.code, done.stdout) == (2, "")
    assert "would bring the log in clear" in done.stderr
    assert "geheim12" not in done.stderr


@pytest.mark.parametrize("host", ["[::1]", "[::1]:9", "127.0.0.1", "localhost:9"])
def test_an_object_store_on_this_machine_needs_no_tls(
    host: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(path: str, account: Account, limits: object) -> None:
        asked.append(account.endpoint)
        raise Refused("none is asked here")

    monkeypatch.setattr(connect, "stored_archive", refuse)
    invoke("diagnose --archive s3://logs/x", environ={"AWS_ENDPOINT_URL": f"http://{host}"})
    assert asked == [host]


def test_logs_takes_the_same_flags(invoke: Invoke) -> None:
    assert "needs one of --archive PATH" in invoke("logs --engine quack://127.0.0.1").stderr
    assert "are two sources" in invoke("logs --engine quack://h --archive /srv/logs --from-file x.log").stderr
    assert "does not grow here" in invoke("logs --engine quack://h --archive /srv/logs --tail").stderr


def test_duckdb_by_its_name_is_the_usual_engine(invoke: Invoke, tmp_path: Path) -> None:
    done = invoke(f"diagnose --archive {tmp_path}/none --engine duckdb")
    assert (done.code, "is no archive" in done.stderr) == (5, True)


@pytest.mark.parametrize(
    ("in_environment", "expected"), [("of-the-environment", "of-the-environment"), ("", "kept-one")]
)
def test_the_password_is_of_the_environment_or_the_keychain_and_is_never_said(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, in_environment: str, expected: str
) -> None:
    seen = []

    @contextmanager
    def answers(url: Any, path: str, password: str, limits: Any) -> Iterator[Any]:
        seen.append((url.account, path, password, limits.seconds))
        raise Refused(f"the server quotes {password}")
        yield

    monkeypatch.setattr(connect, "server_archive", answers)
    monkeypatch.setattr(Keychain, "read", lambda _, account: "kept-one" if account == "quack://h:9494" else "")
    words = f"{ARCHIVE} --engine quack://h?secure=1 --engine-timeout 90s"
    done = invoke(words, environ={"HERODYNO_ENGINE_PASSWORD": in_environment})
    assert seen == [("quack://h:9494", "/srv/logs", expected, 90.0)]
    assert (done.code, "[token]" in done.stderr, expected in done.stderr) == (1, True, False)


@pytest.mark.parametrize(
    ("engine", "is_sent"),
    [
        ("quack://h", False), ("clickhouse://reader@10.0.0.7/db", False), ("quack://h?secure=1", True),
        ("clickhouse://reader@h?secure=1", True), ("quack://127.0.0.1", True), ("clickhouse://localhost", True),
        ("sc://h", True),
    ],
)  # fmt: skip
def test_a_password_crosses_no_network_in_clear(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, engine: str, is_sent: bool
) -> None:
    monkeypatch.setattr(connect, "_check_there", lambda url: (_ for _ in ()).throw(Refused("asked")))
    done = invoke(f"{ARCHIVE} --engine {engine}", environ={"HERODYNO_ENGINE_PASSWORD": "geheim12"})
    assert (done.code, "asked" in done.stderr, "in clear" in done.stderr) == (
        (1, True, False) if is_sent else (2, False, True)
    )
    assert is_sent or "secure=1" in done.stderr
    assert "geheim12" not in done.stderr
