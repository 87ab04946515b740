"""A section of sentences is its module and its place in the table: text and JSON show it without a word more."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from herodyno.diagnosis import judge
from herodyno.diagnosis.report.report import Section
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.report import diagnosis_lines
from herodyno.render.text import plain
from tests.diagnosis.reading import judged, log


def test_a_module_and_a_place_in_the_table_are_all_that_a_new_section_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    def section(analysis: object) -> Section:
        return Section(name="weather", heading="WEATHER", sentences=("It rained.", "It is over."))

    monkeypatch.setattr(judge, "SECTIONS", (*judge.SECTIONS, SimpleNamespace(section=section)))
    found = judged(log("daily-cycle"))

    assert diagnosis_document(found)["weather"] == ["It rained.", "It is over."]
    lines = [plain(line) for line in diagnosis_lines(found, width=80)]
    at = next(i for i, line in enumerate(lines) if line.startswith("WEATHER"))
    assert lines[at].endswith("It rained.")
    assert lines[at + 1].strip() == "It is over."
