"""What an archive gives to others comes back as the same rows: OpenTelemetry's JSON, and Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from herodyno.archive.journal import Journal
from herodyno.logs.decoding.splitters import RECORD_LIMIT
from tests.archive.archived import put, rows
from tests.archive.otlp.fir import JSON, ONE, attributes, encoded, joined, logs, memory, record, resource
from tests.archive.receive.drain import Drained, logplex
from tests.conftest import Invoke
from tests.diagnosis.reading import failed, request, sample, stamp

LATER = 600.0
ID = "8c1d7a55-0000-4000-8000-000000000009"


@pytest.fixture
def mixed(invoke: Invoke, tmp_path: Path) -> Path:
    """An archive with lines of an import, of Logplex and of telemetry, one without a time, one with two text lines."""
    root = tmp_path / "mixed"
    journal = Journal(root / "journal")
    drained = Drained(journal.append)
    said = [record(LATER + 1, "two\nlines", attributes=attributes(user="ann")), record(LATER + 2, "password=hunter22")]
    assert drained.ask(JSON, encoded(logs((resource(), said)), as_json=True), path="/v1/logs").status == 200
    samples = joined(*(memory(ONE, LATER + at, 300.0 + at) for at in range(0, 120, 20)))
    assert drained.ask(JSON, encoded(samples, as_json=True), path="/v1/metrics").status == 200
    text = f"<190>1 {stamp(LATER + 9)} host app web.1 - tick\n"
    assert drained.ask(logplex(), 2 * f"{len(text)} {text}".encode()).status == 204
    journal.close()
    assert invoke(f"archive compact --archive {root}").code == 0
    put(root, sample(1, "web.1", ID, 280) + request(5, "web.1") + failed(9, "web.1") + "no time at all\n")
    return root


def comparable(root: Path) -> list[dict[str, Any]]:
    """The rows. `arrival` orders lines of one time, and counts from the first line of a source."""
    return [{name: value for name, value in row.items() if name != "arrival"} for row in rows(root)]


@pytest.mark.parametrize("form", ["otlp", "parquet"])
def test_an_exported_archive_comes_back_as_the_same_rows_and_adds_nothing_where_it_came_from(
    invoke: Invoke, mixed: Path, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"lines.{form}"
    if form == "otlp":
        file.write_text(invoke(f"archive export --archive {mixed} -o otlp").stdout, encoding="utf-8")
    else:
        assert invoke(f"archive export --archive {mixed} -o parquet --to {file}").code == 0
    for archive in ("new", "mixed"):
        done = invoke(f"archive import {file} --archive {tmp_path / archive}")
        assert done.code == 0, done.stderr
        assert comparable(tmp_path / archive) == comparable(mixed)
    assert len(comparable(mixed)) == 14


def test_a_request_of_many_lines_comes_back_whole(invoke: Invoke, tmp_path: Path) -> None:
    put(tmp_path / "many", "".join(request(n / 9, f"web.{n % 3}") for n in range(900)))
    file = tmp_path / "lines.otlp"
    file.write_text(invoke(f"archive export --archive {tmp_path}/many -o otlp").stdout, encoding="utf-8")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert len(line) > 2 * RECORD_LIMIT
    done = invoke(f"archive import {file} --archive {tmp_path}/new")
    assert done.code == 0, done.stderr
    assert comparable(tmp_path / "new") == comparable(tmp_path / "many")


@pytest.mark.parametrize("line", ['{"resourceLogs": 7}', '{"resourceLogs": [', '{"resourceLogs": []}\nplain'])
def test_a_file_that_breaks_off_is_refused_and_changes_nothing(invoke: Invoke, tmp_path: Path, line: str) -> None:
    (tmp_path / "broken.json").write_text(line)
    done = invoke(f"archive import {tmp_path / 'broken.json'} --archive {tmp_path / 'archive'} -a example-app")
    assert done.code == 1
    assert "is no request of OpenTelemetry's logs or metrics" in done.stderr
    assert not (tmp_path / "archive" / "events").exists()
