"""A page is told again as it was made: the same diagnosis, zone and commands; a damaged one is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.report.columns import data_of
from herodyno.render.report.kept import SCHEMA, Report, kept_record, report_from
from herodyno.render.report.page import page
from herodyno.render.report.parts import Command
from tests.cli.schemas import SCHEMAS
from tests.diagnosis.reading import NOON, judged
from tests.render.report.incident import ATTACK, hostile, incident
from tests.render.report.types_schema import schema_of

COMMANDS = (Command(NOON, f"restart web.2 {ATTACK}", "done"),)


def made(found: Diagnosis) -> tuple[Report, str]:
    report = Report.of(found, timezone(timedelta(hours=-3, minutes=-30), "NST"), COMMANDS)
    return report, page(report, data_of(found, report.zone), "0")


@pytest.mark.parametrize("found", [incident(), hostile(), judged("no time here\n")], ids=["some", "hostile", "none"])
def test_the_report_of_a_page_is_the_one_it_was_made_of(found: Diagnosis) -> None:
    report, text = made(found)
    assert report_from(text) == report


def test_the_zone_keeps_its_name_and_offset() -> None:
    report, _ = made(incident())
    assert report.clock(NOON) == "08:30:00"
    assert str(Report.of(incident(), UTC).zone) == "UTC"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "<html></html>", "it has no block 'report'"),
        (lambda text: text.replace("herodyno.report/1", "herodyno.report/9"), "this herodyno reads herodyno.report/1"),
        (lambda text: text.replace('"offset_s":-12600', '"offset_s":999999'), "no such offset"),
        (lambda text: text.replace('"offset_s":-12600', '"offset_s":NaN'), "NaN is no number"),
        (lambda text: re.sub(r'"seconds":30,"cells":\d+', '"seconds":30,"cells":999999999999', text), "no such cells"),
        (lambda text: re.sub(r'"mb":\[null,', '"mb":[', text), "different lengths"),
        (lambda text: text.replace('"errors_by_cell"', '"x"'), "errors_by_cell"),
        (lambda text: text[: text.index('id="report"') + 4000] + "</script>", "Unterminated|Expecting"),
        (lambda text: re.sub(r'"requests":\[\d+,', '"requests":["x",', text), "'x' is no int"),
    ],
)
def test_a_page_that_is_damaged_or_foreign_is_an_error(change: object, words: str) -> None:
    _, text = made(incident())
    with pytest.raises(ValueError, match=words):
        report_from(change(text))  # type: ignore[operator] # a function of the table above


def test_the_data_stands_in_the_page_once() -> None:
    _, text = made(incident())
    kept = json.loads(re.findall(r'id="report">([^<]*)<', text)[0])
    assert all(row["series"]["errors"] == [] for row in kept["report"]["diagnosis"]["incarnations"])


def test_what_a_page_keeps_has_a_schema_that_is_made_of_its_types(golden: Callable[[Path, str], None]) -> None:
    defs: dict[str, Any] = {}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "What a page of `herodyno diagnose --html FILE` keeps of its report, in the block `report`;"
        " `--from-report` reads it. The series stand in the block `diagnosis`.",
        "type": "object",
        "required": ["schema", "herodyno", "report"],
        "additionalProperties": False,
        "properties": {"schema": {"const": SCHEMA}, "herodyno": {"type": "string"}, "report": schema_of(Report, defs)},
        "$defs": dict(sorted(defs.items())),
    }
    golden(SCHEMAS / "report-1.json", json.dumps(schema, indent=2) + "\n")


@pytest.mark.parametrize("found", [incident(), hostile(), judged("no time here\n")], ids=["some", "hostile", "none"])
def test_what_a_page_keeps_is_valid_under_its_schema(found: Diagnosis) -> None:
    report, _ = made(found)
    kept = json.loads(json.dumps(kept_record(report)))
    schema = json.loads((SCHEMAS / "report-1.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(kept)
    kept["report"]["diagnosis"]["verdict"]["guess"] = 1
    with pytest.raises(jsonschema.ValidationError, match="guess"):
        jsonschema.Draft202012Validator(schema).validate(kept)
