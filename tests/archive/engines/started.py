"""Servers of engines, each in processes of its own on loopback, from the folders that .ci/run fills."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

CACHE = Path(__file__).parents[3] / ".ci" / "cache"
ENGINES, SPARK = CACHE / "engines", CACHE / "spark"
TOKEN = "of-a-test-only-123"

_QUACK = """
import os, sys, time
from pathlib import Path
import duckdb, duckdb_extension_httpfs, duckdb_extension_quack
connection = duckdb.connect(config={"allow_unsigned_extensions": True})
for package in (duckdb_extension_httpfs, duckdb_extension_quack):
    (file,) = Path(package.__file__).parent.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")
    connection.execute(f"LOAD '{file}'")
files = f"{sys.argv[2]}/events/*/*.parquet".replace("'", "''")
connection.execute(f"CREATE VIEW team_events AS SELECT * FROM read_parquet('{files}')")
connection.execute(f"CALL quack_serve('quack:127.0.0.1:{sys.argv[1]}', token := '{os.environ['TOKEN']}')")
time.sleep(3600)
"""

_STORE = """
import sys
from moto.server import main
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
"""
# The archive's files into a bucket of the same protocol, by a process of the packages that bring its client.
_COPY = """
import sys
from pathlib import Path
import boto3
client = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="of-a-test",
                      aws_secret_access_key="of-a-test")
client.create_bucket(Bucket="logs")
for path in Path(sys.argv[2]).glob("events/*/*.parquet"):
    client.upload_file(str(path), "logs", "it's kept/" + path.relative_to(sys.argv[2]).as_posix())
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Return when something listens. Fails with the end of the log."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise AssertionError(f"nothing listens on {port}: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def process(command: Sequence[str], log: Path, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts, which ends with the block."""
    with log.open("wb") as file:
        started = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env={**os.environ, **environ},
            start_new_session=True,
        )  # fmt: skip
    try:
        yield started
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(started.pid, number)
            with suppress(subprocess.TimeoutExpired):
                started.wait(5)


@contextmanager
def quack(folder: Path, archive: Path) -> Iterator[str]:
    """A Quack server; its view `team_events` has the archive's lines."""
    port, log = free_port(), folder / "quack.log"
    command = [sys.executable, "-c", _QUACK, str(port), str(archive)]
    with process(command, log, {"PYTHONPATH": str(ENGINES), "TOKEN": TOKEN}) as server:
        wait_for(port, server, log, 60)
        yield f"quack://127.0.0.1:{port}"


@contextmanager
def object_store(folder: Path, archive: Path) -> Iterator[str]:
    """A store that speaks S3's protocol; `s3://logs/it's kept` has the archive's files. Gives its endpoint."""
    port, log = free_port(), folder / "store.log"
    environ = {"PYTHONPATH": str(ENGINES)}
    with process([sys.executable, "-c", _STORE, str(port)], log, environ) as server:
        wait_for(port, server, log, 60)
        endpoint = f"http://127.0.0.1:{port}"
        subprocess.run([sys.executable, "-c", _COPY, endpoint, str(archive)], env={**os.environ, **environ}, check=True)
        yield endpoint


@contextmanager
def clickhouse(folder: Path) -> Iterator[str]:
    """ClickHouse's engine behind HTTP. What was slow, and what was killed, stands in clickhouse.log."""
    port, log = free_port(), folder / "clickhouse.log"
    command = [sys.executable, str(Path(__file__).with_name("http_front.py")), str(port), TOKEN]
    with process(command, log, {"PYTHONPATH": str(ENGINES)}) as server:
        wait_for(port, server, log, 60)
        yield f"clickhouse://reader@127.0.0.1:{port}"


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """A standalone master, two workers of a core and a GB each, and a Connect server on them."""
    home = SPARK / "pyspark"
    environ = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder)}
    master, connect = free_port(), free_port()
    deploy = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy"]
    at = ["--host", "127.0.0.1", "--webui-port", "0"]
    settings = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "1g",
        "spark.executor.memory": "800m", "spark.cores.max": "2", "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4", "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(connect), "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    }  # fmt: skip
    submit = [str(home / "bin" / "spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
              "--master", f"spark://127.0.0.1:{master}",
              *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
              "spark-internal"]  # fmt: skip
    with ExitStack() as stack:

        def start(command: Sequence[str], name: str) -> tuple[subprocess.Popen[bytes], Path]:
            log = folder / f"{name}.log"
            return stack.enter_context(process(command, log, environ)), log

        java = start([deploy[0], f"{deploy[1]}.master.Master", *at, "--port", str(master)], "master")
        wait_for(master, *java, 60)
        for number in (1, 2):
            work = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder / "work")]
            url = f"spark://127.0.0.1:{master}"
            start([deploy[0], f"{deploy[1]}.worker.Worker", *at, *work, url], f"worker-{number}")
        wait_for(connect, *start(submit, "connect"), 120)
        yield f"sc://127.0.0.1:{connect}"
