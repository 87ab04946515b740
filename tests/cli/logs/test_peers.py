"""Other people's tools accept what `logs` prints: GoAccess reads `combined`, lnav reads it and `jsonl`."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from herodyno.sandbox.world.world import World
from tests.conftest import Invoke
from tests.real_parts import need

pytestmark = pytest.mark.real


@pytest.fixture
def log_file(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text(world.log_text("example-app"), encoding="utf-8")
    return path


@pytest.fixture
def requests(log_file: Path, invoke: Invoke) -> list[dict[str, int]]:
    """The requests of the log, as our own records."""
    records = invoke(f"logs router -o jsonl --from-file {log_file}").stdout.splitlines()
    return [json.loads(record)["request"] for record in records]


def lnav(query: str, file: Path, *, formats: Path | None = None) -> list[str]:
    """The rows that a question to lnav gives, without its heading."""
    more = ["-I", str(formats)] if formats else []
    asked = ["lnav", "-n", *more, "-c", f";{query}", "-c", ":write-csv-to -", str(file)]
    done = subprocess.run(
        asked, env={**os.environ, "HOME": str(file.parent)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.splitlines()[1:]


@pytest.mark.parametrize("world", ["one-bad-dyno", "release-broke-app"], indirect=True)
def test_goaccess_takes_every_line_of_combined(
    log_file: Path, requests: list[dict[str, int]], invoke: Invoke, tmp_path: Path
) -> None:
    need("goaccess", install="the Debian package goaccess")
    combined, report = tmp_path / "access.log", tmp_path / "report.json"
    combined.write_text(invoke(f"logs -o combined --from-file {log_file}").stdout)
    subprocess.run(
        ["goaccess", str(combined), "--log-format=COMBINED", "--no-global-config", "-o", str(report)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    told = json.loads(report.read_text())
    assert told["general"]["failed_requests"] == 0
    assert told["general"]["valid_requests"] == len(requests) > 400
    statuses = {item["data"][:3]: item["hits"]["count"] for it in told["status_codes"]["data"] for item in it["items"]}
    assert statuses == {str(status): hits for status, hits in Counter(it["status"] for it in requests).items()}


def test_lnav_knows_combined_by_itself(
    log_file: Path, requests: list[dict[str, int]], invoke: Invoke, tmp_path: Path
) -> None:
    need("lnav", install="the Debian package lnav")
    combined = tmp_path / "access.log"
    combined.write_text(invoke(f"logs -o combined --from-file {log_file}").stdout)
    rows = lnav("SELECT sc_status, count(*) FROM access_log GROUP BY sc_status ORDER BY sc_status", combined)
    hits = Counter(it["status"] for it in requests)
    assert rows == [f"{status},{hits[status]}" for status in sorted(hits)]


def test_lnav_reads_jsonl_with_the_format_that_help_prints(
    log_file: Path, requests: list[dict[str, int]], invoke: Invoke, tmp_path: Path
) -> None:
    need("lnav", install="the Debian package lnav")
    formats = tmp_path / "conf" / "formats" / "herodyno"
    formats.mkdir(parents=True)
    (formats / "herodyno.json").write_text(invoke("help lnav").stdout)
    records = tmp_path / "app.jsonl"
    records.write_text(invoke(f"logs -o jsonl --from-file {log_file}").stdout)
    count, codes, slowest = lnav(
        'SELECT count(*), count(code), max("request/service_ms") FROM herodyno_log', records, formats=tmp_path / "conf"
    )[0].split(",")
    assert int(count) == len(records.read_text().splitlines()) >= 1500
    assert int(codes) == records.read_text().count('"code":')
    assert int(slowest) == max(it["service_ms"] for it in requests)
