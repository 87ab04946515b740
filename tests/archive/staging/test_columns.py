"""Lines taken in many at a time give the rows that they give one by one: on real logs, and on lines made to differ."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from herodyno.archive import importing
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.importing import _Deliveries, _stage
from herodyno.archive.rows import Delivery
from herodyno.archive.staging.columns import columns_of
from herodyno.archive.staging.staged import Staging
from herodyno.errors import UsageError
from herodyno.logs.decoding.read import read_lines
from tests.bench.log_file import write_log
from tests.diagnosis.reading import request, sample, stamp
from tests.real_parts import REAL_LOGS, need_shared_data, real_logs

UUID = "11111111-1111-4111-8111-111111111111"
ROUTER = request(3, "web.1", path="/p?q=1")
USUAL = f"{stamp(1)} app[web.1]: usual\n{ROUTER}"
LINES = [
    "",
    " ",
    "no head at all",
    "\tgoes on with password=aB3dE5gH7jK9mN1p",
    f"{stamp(1)} app[web.1]: ",
    f"{stamp(1)} app[web.1]:  two blanks ",
    f"{stamp(1)} app[web.1]: \x00 nul \x0b and \x85 and \u2028",
    f"{stamp(1)} app[web.1]: ends with CR\r",
    f"{stamp(1)} app[heroku-postgres]: source=DATABASE sample#db_size=1bytes",
    f"{stamp(1)} app[postgres.123]: [5-1] LOG: checkpoint",
    f"{stamp(1)} app[api]: Release v9 created by user a@example.com",
    f"{stamp(1)} app[worker.12]: password=aB3dE5gH7jK9mN1p",
    f"{stamp(1)} app[web-848cd4f64d-pvpr2]: a pod",
    f"{stamp(1)} app[web.1]: tok\u212aen is no token, https://user:aB3dE5gH7jK9mN1p@host/",
    f"{stamp(1)} app[web.1]: -----BEGIN RSA PRIVATE KEY-----",
    f"{stamp(1)} app[web.1]: MIIEpAIBAAKCAQEA0123456789abcdefABCDEF0123456789abcdefABCDEF01234567",
    f"{stamp(1)} app[web.1]: -----END RSA PRIVATE KEY-----",
    "2026-02-30T12:00:00.000001+00:00 app[web.1]: no such day",
    "1969-03-02T12:00:00.000001+00:00 app[web.1]: no such year",
    "2026-03-02T24:00:00.000001+00:00 app[web.1]: no such hour",
    "2026-03-02T12:00:60.000001+00:00 app[web.1]: no such second",
    "2026-03-04T12:00:00.000001+00:00 app[web.1]: another day",
    "2026-03-02T12:00:00+00:00 app[web.1]: whole seconds",
    "Mar 02 12:00:00 other-app app/web.1: of another app",
    f"{stamp(1)} heroku[web.1]: Error R14 (Memory quota exceeded)",
    f"{stamp(1)} heroku[web.1]: Process exited with status 137",
    f"{stamp(1)} heroku[web.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50",
    f"{stamp(1)} heroku[web.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50 sample#load_avg_15m=0.10",
    f"{stamp(1)} heroku[web.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50 ",
    f"{stamp(1)} heroku[postgres.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50",
    ROUTER.rstrip("\n") + " ",
    ROUTER.replace("web.1", ""),
    ROUTER.replace("/p?q=1", "").replace("host=", "host= "),
    ROUTER.replace("at=info", 'at=error code=H12 desc="Request timeout"'),
    ROUTER.replace("at=info", 'sock=client at=warning code=H27 desc="Client Request Interrupted"'),
    ROUTER.replace("at=info", "at=info at=info"),
    re.sub(r"service=\d+ms", "service=999999999ms", ROUTER),
    re.sub(r"service=\d+ms", "service=9999999999ms", ROUTER),
    re.sub(r"service=\d+ms", "service=ms", ROUTER),
    re.sub(r"status=\d+", "status=99999", ROUTER),
    re.sub(r"bytes=\d+", "bytes=999999999999999999", ROUTER),
    ROUTER.replace("/p?q=1", '/reset/aB3dE5gH7jK9mN1p/ü" dyno=web.9 '),
    ROUTER.replace("heroku[router]", "app[router]"),
    ROUTER.replace("heroku[router]", "app[web.7]"),
    ROUTER.replace('fwd="', 'fwd=" \u00a0198.51.100.9 , '),
    re.sub(r"status=\d+", "status=503", ROUTER),
    re.sub(r"service=\d+ms", "service=100000ms", ROUTER),
    sample(5, "web.1", UUID, 280),
]


def rows_of(root: Path, text: bytes, *, many: bool) -> list[dict[str, Any]] | str:
    """The staged rows of a log, by number; the error where the log is refused."""
    staging, deliveries = Staging(ArchiveFolder(root), "file"), _Deliveries("x.log", "example-app")
    staging._ts_us["example-app"] = 1_772_000_000_000_000  # else the first lines are read one by one
    try:
        if many:
            _stage(iter([text]), staging, deliveries, 2026)
        else:
            staging.add_all(deliveries.of_lines(read_lines([text], year=2026)))
    except UsageError as error:
        return error.message
    rows = [row for path in (root / ".herodyno-staging").glob("*") for row in pq.read_table(path).to_pylist()]
    return [{"lines": staging.lines, "undated": staging.undated}, *sorted(rows, key=lambda row: row["arrival"])]


def check(root: Path, text: bytes) -> None:
    assert rows_of(root / "many", text, many=True) == rows_of(root / "one", text, many=False)


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_among_usual_ones_gives_the_same_rows(tmp_path: Path, number: int) -> None:
    line = LINES[number].rstrip("\n")
    check(tmp_path, f"{USUAL}{line}\na line without head\n{USUAL}{line}".encode())


def test_broken_characters_do(tmp_path: Path) -> None:
    check(tmp_path, USUAL.encode().replace(b"usual", b"\xff\xc3( \xe2\x82") + USUAL.encode() + b"\xc3\n")


def test_all_of_them_in_any_order_and_in_small_blocks_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(7)
    monkeypatch.setattr(importing, "_BLOCK_BYTES", 20_000)
    lines = [line for line in LINES for _ in range(20) if "other-app" not in line]
    rng.shuffle(lines)
    check(tmp_path, "".join(line.rstrip("\n") + "\n" + USUAL * rng.randrange(3) for line in lines).encode())


def test_most_lines_of_a_usual_log_are_taken_in_many_at_a_time(tmp_path: Path) -> None:
    write_log(tmp_path / "usual.log", 1)
    text = (tmp_path / "usual.log").read_bytes()[:150_000].rpartition(b"\n")[0] + b"\n"
    found = columns_of(text, 1, Delivery("example-app"))
    assert found
    assert len(found.others) < found.lines / 20
    check(tmp_path, text)


@pytest.mark.parametrize("name", real_logs(".log", ".txt"))
def test_a_real_log_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    need_shared_data()
    check(tmp_path, (REAL_LOGS / name).read_bytes())
