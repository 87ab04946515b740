"""Formats: one golden file each, read back by the reader of its kind, and nothing harmful in any but raw."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from herodyno.errors import UsageError
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.render.logs.formats import FORMATS, Combined, JsonDocument, Template
from herodyno.render.logs.plain import Format, visible
from tests.logs.log_lines import line, request
from tests.render.attacks import HOSTILE
from tests.render.log_sample import SAMPLE

GOLDEN = Path(__file__).parents[1] / "golden"
LINES = [item for item in SAMPLE if isinstance(item, LogLine)]


def written(form: Format, items: list[LogLine | Mark]) -> str:
    body = "".join(form.line(item) if isinstance(item, LogLine) else form.mark(item) for item in items)
    return form.head + body + form.foot(LogSummary(lines=len(LINES)))


@pytest.mark.parametrize("name", [*FORMATS, "json"])
def test_a_format_is_what_its_golden_file_shows(name: str, golden: Callable[[Path, str], None]) -> None:
    if name == "raw":
        assert written(FORMATS["raw"](), SAMPLE) == "".join(it.raw + "\n" for it in LINES)
        return
    suffix = {"plain": "log", "combined": "combined.log"}.get(name, name)
    form = JsonDocument() if name == "json" else FORMATS[name]()
    golden(GOLDEN / f"logs.{suffix}", written(form, SAMPLE).replace("\r\n", "\n"))


def test_plain_keeps_indentation_tabs_and_empty_messages() -> None:
    text = written(FORMATS["plain"](), SAMPLE)
    assert '[web.2]:   File "/app/shop.py", line 7, in buy\tx\n' in text
    assert "app[web.2]: \n" in text


def test_json_lines_are_read_back_whole() -> None:
    records = [json.loads(text) for text in written(FORMATS["jsonl"](), SAMPLE).splitlines()]
    assert len(records) == len(SAMPLE)
    assert [record["text"] for record in records] == [item.text for item in SAMPLE]
    assert [record["type"] for record in records if record["type"] != "line"] == ["gap", "incarnation"]
    assert records[1]["request"]["service_ms"] == 30000
    assert records[1]["code"] == "H12"
    assert records[10]["metrics"]["memory_total"] == {"value": 906.01, "unit": "MB"}


def test_the_json_document_holds_the_same_records_and_the_window() -> None:
    document = json.loads(written(JsonDocument(), SAMPLE))
    assert document["schema"] == "herodyno.logs/1"
    assert len(document["lines"]) == len(SAMPLE)
    assert document["window"]["lines"] == len(LINES)
    assert json.loads(written(JsonDocument(), []))["lines"] == []


def test_csv_is_read_back_whole_and_no_cell_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(written(FORMATS["csv"](), SAMPLE), newline="")))
    assert len(rows) == len(LINES)
    assert rows[1]["status"] == "503"
    assert rows[1]["dyno"] == "web.2"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]


COMBINED = re.compile(
    r"^[0-9a-f.:]+ - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "
    r'"[A-Z]+ \S+ HTTP/\d\.\d" \d{3} (\d+|-) "-" "-"$'
)


def test_combined_has_one_line_for_each_request_that_has_a_status() -> None:
    form = Combined()
    lines = written(form, SAMPLE).splitlines()
    assert len(lines) == 3
    assert form.note == "1 request without a status is left out"
    assert all(COMBINED.match(text) for text in lines)
    assert lines[0].endswith('"GET /items?q=a%20b HTTP/1.1" 200 120 "-" "-"')
    assert lines[2].startswith("2001:db8::1 ")


@pytest.mark.parametrize("fwd", ["", "unknown", "a b", '\\"x', "999.1.1.1"])
def test_a_client_without_an_address_has_the_address_of_nobody(fwd: str) -> None:
    text = Combined().line(line(request().replace('fwd="192.0.2.7"', f'fwd="{fwd}"')))
    assert text.startswith("0.0.0.0 ")


def test_a_template_has_fields_and_escapes() -> None:
    form = Template(r"{time}\t{dyno} {load} {nothing}|{text}")
    text = form.line(line("app[web.1]: measure#load=5ms"))
    assert text == "2026-11-23T02:00:00.000000Z\tweb.1 5ms |measure#load=5ms\n"


@pytest.mark.parametrize("text", ["", "{", "{a b}", "{}", "{time} {", "a}b{c"])
def test_a_template_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--template"):
        Template(text)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "raw"])
def test_no_format_but_raw_lets_harm_through(name: str) -> None:
    for text in HOSTILE.values():
        if "\n" not in text:
            for hostile in (line(f"app[web.1]: {text}"), line(request(path=f"/{text}"))):
                shown = FORMATS[name]().line(hostile).removesuffix("\r\n").removesuffix("\n")
                assert visible(shown) == shown, text


def test_tabs_stay_tabs() -> None:
    assert visible("\ta\tb\x1b") == "\ta\tb^["
