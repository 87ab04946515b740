"""A page is told again as it was made: the same diagnosis, zone and commands; a damaged one is an error."""

from __future__ import annotations

import json
import re
from datetime import UTC, timedelta, timezone

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.report.columns import data_of
from herodyno.render.report.kept import Report, report_from
from herodyno.render.report.page import page
from herodyno.render.report.parts import Command
from tests.diagnosis.reading import NOON, judged
from tests.render.report.incident import ATTACK, hostile, incident

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
