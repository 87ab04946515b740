"""Every engine gives the rows and the verdict that DuckDB gives here: integers and texts exactly, floats to 1e-6.

The judges are real: DuckDB 1.5, a Quack server in another process, ClickHouse's engine, and a Spark cluster of a
master, two workers and a Connect server on loopback.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pexpect
import pyarrow.parquet as pq
import pytest

from herodyno.archive.parquet.columns import VERSION_KEY
from herodyno.archive.rows import SCHEMA_VERSION
from herodyno.errors import NotAuthenticated, NotFound, Refused, Unreachable
from tests.archive.archived import put
from tests.archive.engines import started
from tests.archive.engines.alike import difference
from tests.diagnosis.reading import request as router_line
from tests.diagnosis.reading import sample, stamp
from tests.diagnosis.traffic import NEW, OLD, restart, served
from tests.real_parts import need

pytestmark = pytest.mark.real

HOUR = 3600.0
SECRET = "of-a-test-and-secret"
ROOT = Path(__file__).parents[3]


def log() -> str:
    """Thirty hours of ten dynos, 100,000 lines: one that fails, restarts, growth, and lines that are hard to carry."""
    text = served(lambda n, at: 0.3 * (n == 2 and at > 20 * HOUR), dynos=10, seconds=30 * HOUR, pace=0.092)
    text += restart(9 * HOUR, "web.1") + restart(20 * HOUR, "web.3", old=NEW, new=OLD)
    text += "".join(sample(11 * HOUR + n * 60, "web.2", OLD[::-1].replace("-", "0"), 200 + n / 7) for n in range(1100))
    text += "".join(f"{stamp(n * 77.7)} app[worker.1]: it's \\ \"{n}\" 'é😀' $app\n" for n in range(900))
    text += router_line(25 * HOUR, "web.4", service=2**31 - 1)
    text += "".join(sample(13 * HOUR + n * 60, "worker.1", NEW, 300 + n % 9 / 4) for n in range(600))
    text += "".join(router_line(28 * HOUR + n, "web.6", path=f"/orders/{n}") for n in range(1700))
    text += f"{stamp(26 * HOUR)} heroku[worker.1]: State changed from up to crashed\n"
    text += f"{stamp(26 * HOUR)} heroku[worker.1]: Process exited with status 1\n"
    text += f"{stamp(25 * HOUR)} heroku[web.5]: Error R15 (Memory quota vastly exceeded)\n"
    text += f"{stamp(12.9 * HOUR)} app[api]: Release v12 created by user a@example.com\n"
    lines = sorted(text.splitlines(keepends=True), key=lambda line: line[:32])
    lines.insert(5000, "a line without a time\n")
    return "".join(lines)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need("engines", present=(started.ENGINES / "lock.txt").exists(), install="CI=true .ci/run puts them into .ci/cache")
    root = tmp_path_factory.mktemp("equal") / "it's kept"
    put(root, log())
    return root


def answers(*words: str, packages: Path | None = None, **environ: str) -> dict[str, Any]:
    """What a process with other packages asks and is told."""
    paths = [str(packages)] * bool(packages) + [str(ROOT)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.engines.answers", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **environ},
        cwd=ROOT, capture_output=True, text=True, timeout=550,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return {**found, "stderr": done.stderr}


@pytest.fixture(scope="module")
def expected(archive: Path) -> dict[str, Any]:
    """Of the usual engine."""
    found = answers("--archive", str(archive))
    assert sum(len(rows) for text, rows in found["asked"] if "NOT (coalesce(e.in_columns" in text) > 1000
    assert sum(row[-1] for text, rows in found["asked"] if "GROUP BY r.method" in text for row in rows) > 50_000
    assert len({text for text, _ in found["asked"]}) >= 25
    assert any(rows for text, rows in found["asked"] if "t.rank >" in text and "<> ''" in text)
    assert found["document"]["verdict"]["class"] == "crash"
    assert len(found["document"]["incarnations"]) > 10
    types = {each["type"]: each for each in found["profile"]["types"]}
    assert (types["worker"]["memory_mb"]["n"], types["web"]["requests"]["n"] > 50_000) == (600, True)
    return found


@pytest.fixture(scope="module")
def quack(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started.quack(tmp_path_factory.mktemp("quack"), archive) as url:
        yield url


@pytest.fixture(scope="module")
def clickhouse(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("clickhouse")
    with started.clickhouse(folder) as url:
        yield url, folder / "clickhouse.log"


@pytest.fixture(scope="module")
def spark(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need("Spark", present=(started.SPARK / "lock.txt").exists(), install="CI=true .ci/run puts it into .ci/cache")
    need("java", present=which("java"), install="apt install openjdk-17-jre-headless")
    with started.spark(tmp_path_factory.mktemp("spark")) as url:
        yield url


@pytest.fixture(scope="module")
def store(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of the AWS tools for a store with a copy of the archive."""
    with started.object_store(tmp_path_factory.mktemp("store"), archive) as endpoint:
        yield {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "of-a-test", "AWS_SECRET_ACCESS_KEY": SECRET}


def compare(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found["document"] is not None, found["stderr"]
    assert [text for text, _ in found["asked"]] == [text for text, _ in expected["asked"]]
    for (text, rows), (_, wanted) in zip(found["asked"], expected["asked"], strict=True):
        assert difference(rows, wanted) == "", text
    assert difference(found["document"], expected["document"]) == ""
    assert difference(found["profile"], expected["profile"]) == ""
    assert found["code"] == expected["code"]
    assert found["stderr"] == expected["stderr"]


def test_duckdb_1_5(archive: Path, expected: dict[str, Any]) -> None:
    compare(answers("--archive", str(archive), packages=started.ENGINES), expected)


def test_clickhouse(archive: Path, expected: dict[str, Any]) -> None:
    words = ("--archive", str(archive), "--engine", "chdb:")
    compare(answers(*words, packages=started.ENGINES), expected)


def test_clickhouse_takes_as_many_values_as_it_may_get() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.engines.many_values"],
        env={**os.environ, "PYTHONPATH": f"{started.ENGINES}{os.pathsep}{ROOT}"},
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout == "as they were\n", done.stderr


def test_clickhouse_over_http(archive: Path, clickhouse: tuple[str, Path], expected: dict[str, Any]) -> None:
    words = ("--archive", str(archive), "--engine", clickhouse[0])
    compare(answers(*words, packages=started.ENGINES, HERODYNO_ENGINE_PASSWORD=started.TOKEN), expected)


def test_a_query_over_its_limit_is_killed_on_a_clickhouse_server(clickhouse: tuple[str, Path]) -> None:
    url, log = clickhouse
    words = ("--engine", f"{url}?events=slow_table", "--engine-timeout", "2s")
    found = answers(*words, packages=started.ENGINES, HERODYNO_ENGINE_PASSWORD=started.TOKEN)
    assert (found["code"], "did not answer within 2 s" in found["stderr"]) == (6, True), found["stderr"]
    # Other queries of other tests stand in the log, too: this one's limit is 2 s.
    *_, began, kill = log.read_text().splitlines()
    assert began.split()[0] == "2"
    assert kill.startswith(f"KILL QUERY WHERE query_id = '{began.split()[1]}'")


def test_a_terminal_shows_how_long_a_query_takes_and_ctrl_c_kills_it(clickhouse: tuple[str, Path]) -> None:
    url, log = clickhouse
    environ = {**os.environ, "PYTHONPATH": f"{started.ENGINES}{os.pathsep}{ROOT}", "TERM": "xterm"}
    shown = pexpect.spawn(
        sys.executable, ["-m", "herodyno", "diagnose", "--engine", f"{url}?events=slow_table"],
        env={**environ, "HERODYNO_ENGINE_PASSWORD": started.TOKEN}, timeout=60, encoding="utf-8",
    )  # fmt: skip
    shown.expect(r"2 s, Ctrl-C ends it: asking clickhouse://\S+")
    shown.sendintr()
    shown.expect(pexpect.EOF)
    shown.close()
    assert shown.exitstatus == 130
    *_, began, kill = log.read_text().splitlines()
    assert kill.startswith(f"KILL QUERY WHERE query_id = '{began.split()[1]}'")


def test_clickhouse_over_a_table_of_a_team(archive: Path, expected: dict[str, Any]) -> None:
    path = str(archive).replace("'", "\\'")
    table = f"chdb CREATE VIEW team_events AS SELECT * FROM file('{path}/events/*/*.parquet', 'Parquet')"
    words = ("--engine", "chdb:?events=default.team_events")
    compare(answers(*words, packages=started.ENGINES, TABLE=table), expected)


def test_quack(archive: Path, quack: str, expected: dict[str, Any]) -> None:
    words = ("--archive", str(archive), "--engine", quack)
    compare(answers(*words, packages=started.ENGINES, HERODYNO_ENGINE_PASSWORD=started.TOKEN), expected)


def test_quack_over_a_table_of_a_team(quack: str, expected: dict[str, Any]) -> None:
    words = ("--engine", f"{quack}?events=main.team_events")
    compare(answers(*words, packages=started.ENGINES, HERODYNO_ENGINE_PASSWORD=started.TOKEN), expected)


def test_spark(archive: Path, spark: str, expected: dict[str, Any]) -> None:
    words = ("--archive", f"file://{archive}", "--engine", spark)
    compare(answers(*words, packages=started.ENGINES), expected)


def test_an_object_store(archive: Path, store: dict[str, str], expected: dict[str, Any]) -> None:
    compare(answers("--archive", "s3://logs/it's kept/", packages=started.ENGINES, **store), expected)


@pytest.mark.parametrize(
    ("path", "endpoint", "code", "said"),
    [
        ("s3://logs/none", "", NotFound.exit_code, "finds no `events`"),
        ("s3://no-such-bucket/logs", "", NotFound.exit_code, "finds no `events`"),
        ("s3://logs/none", "http://127.0.0.1:9", Unreachable.exit_code, "127.0.0.1:9 is not there"),
    ],
)
def test_what_is_not_in_an_object_store_is_one_clear_line(
    store: dict[str, str], path: str, endpoint: str, code: int, said: str
) -> None:
    environ = {**store, "AWS_ENDPOINT_URL": endpoint or store["AWS_ENDPOINT_URL"]}
    found = answers("--archive", path, packages=started.ENGINES, **environ)
    assert found["code"] == code, found["stderr"]
    assert said in json.loads(found["stderr"])["message"]
    assert SECRET not in found["stderr"]


LIMITED = """
import sys, time
from herodyno.archive.engines.connect import server_archive
from herodyno.archive.engines.server import Limits
from herodyno.archive.engines.url import parse_engine
from herodyno.errors import Unreachable
long = "SELECT max(hash(a.id, b.id)) FROM range(400000) a CROSS JOIN range(400000) b"
with server_archive(parse_engine(sys.argv[1]), sys.argv[2], "", Limits(100.0)) as archive, archive.over() as found:
    found.rows("SELECT count(*) FROM events")
    found._limits = Limits(4.0)
    try:
        found.rows(long)
    except Unreachable as error:
        print(error.message)
    found._limits = Limits(100.0)
    print(found.rows("SELECT count(*) FROM events"))
"""


def test_a_query_over_its_limit_is_ended_on_the_cluster(archive: Path, spark: str, tmp_path: Path) -> None:
    """Its hours would hold both workers, and the next query would never be asked."""
    (tmp_path / "limited.py").write_text(LIMITED)
    packages = os.pathsep.join([str(started.ENGINES), str(ROOT)])
    done = subprocess.run(
        [sys.executable, str(tmp_path / "limited.py"), spark, f"file://{archive}"],
        env={**os.environ, "PYTHONPATH": packages}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    said, counted = done.stdout.splitlines() or [done.stderr, ""]
    assert said.endswith("did not answer within 4 s")
    assert counted == f"[({log().count(chr(10))},)]"


@pytest.mark.parametrize(
    ("engine", "words", "code", "said"),
    [
        ("quack", ("--archive", "/no/such"), NotFound.exit_code, "finds no `events`"),
        ("quack", ("--events", "no_such"), NotFound.exit_code, "finds no `events`"),
        ("quack", ("--events", "information_schema.tables"), Refused.exit_code, "has no app, arrival,"),
        ("quack wrong", ("--archive", "/no/such"), NotAuthenticated.exit_code, "refused the password"),
        ("quack none", ("--archive", "/no/such"), NotAuthenticated.exit_code, "wants a token"),
        ("chdb", ("--archive", "/no/such"), NotFound.exit_code, "finds no `events`"),
        ("chdb", ("--events", "no_such"), NotFound.exit_code, "finds no `events`"),
        ("chdb", ("--events", "system.one"), Refused.exit_code, "has no app, arrival,"),
        ("clickhouse wrong", ("--events", "no_such"), NotAuthenticated.exit_code, "refused the password"),
        ("spark", ("--archive", "file:///no/such"), NotFound.exit_code, "finds no `events`"),
        ("spark", ("--events", "no_such"), NotFound.exit_code, "finds no `events`"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value)[:12],
)  # fmt: skip
def test_what_is_not_there_is_one_clear_line(
    engine: str, words: tuple[str, str], code: int, said: str, archive: Path, request: pytest.FixtureRequest
) -> None:
    scheme, _, token = engine.partition(" ")
    url = "chdb:" if scheme == "chdb" else request.getfixturevalue(scheme)
    url = url[0] if scheme == "clickhouse" else url
    kind, value = words
    rest = (f"{url}?events={value}",) if kind == "--events" else (url, kind, value)
    password = {"": started.TOKEN if scheme == "quack" else "", "wrong": "wrong-token-1", "none": ""}[token]
    found = answers("--engine", *rest, packages=started.ENGINES, HERODYNO_ENGINE_PASSWORD=password)
    assert found["code"] == code, found["stderr"]
    error = json.loads(found["stderr"])
    assert said in error["message"]
    assert password == "" or password not in found["stderr"]


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("engine", "change", "said"),
    [
        ("chdb", "newer", "was written by a newer herodyno (schema 2)"), ("chdb", "less", "has no code"),
        ("quack", "newer", "a newer herodyno wrote days of"), ("quack", "less", "has no code"),
    ],
)  # fmt: skip
def test_days_of_another_herodyno_are_one_clear_line(
    engine: str, change: str, said: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = "chdb:" if engine == "chdb" else request.getfixturevalue(engine)
    root = tmp_path / "kept"
    put(root, router_line(1, "web.1"))
    (path,) = root.glob("events/*/*.parquet")
    table = pq.read_table(path, partitioning=None)
    if change == "newer":
        table = table.replace_schema_metadata({VERSION_KEY: str(SCHEMA_VERSION + 1)})
    else:
        table = table.drop_columns(["code"])
    pq.write_table(table, path)
    words = ("--archive", str(root), "--engine", url)
    found = answers(*words, packages=started.ENGINES, HERODYNO_ENGINE_PASSWORD=started.TOKEN)
    assert found["code"] == Refused.exit_code, found["stderr"]
    assert said in json.loads(found["stderr"])["message"]
