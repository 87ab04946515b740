"""What only the accused dynos print stands in the page and in the draft, and stays text in both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from herodyno.render.report.columns import data_of
from herodyno.render.report.kept import Report, report_from
from herodyno.render.report.markdown import post_mortem
from herodyno.render.report.page import page
from herodyno.render.report.parts import only_here
from tests.render.diagnoses import CRASHED, ONE_DYNO, ONLY_HERE

EVIL = replace(ONLY_HERE.lines[1], template="<script>alert(1)</script> [x](javascript:1) | \x1b[2J", example="<b>")
FOUND = replace(ONE_DYNO, only_here=replace(ONLY_HERE, lines=(*ONLY_HERE.lines, EVIL)))


def test_nothing_stands_there_where_no_line_is_named() -> None:
    assert only_here(FOUND, UTC).entries
    assert not only_here(CRASHED, UTC).entries


def test_no_word_of_the_app_is_markup_in_the_page_or_in_the_draft() -> None:
    report = Report.of(FOUND, UTC)
    shown = page(report, data_of(FOUND, UTC), "")
    assert "scheduler: &lt;n&gt; carts cleaned" in shown
    assert "<script>alert" not in shown
    draft = post_mortem(report)
    assert r"scheduler: \<n\> carts cleaned" in draft
    assert "<script>" not in draft
    assert "[x]" not in draft


def test_the_page_keeps_the_lines_for_the_report_that_is_made_from_it() -> None:
    shown = page(Report.of(FOUND, UTC), data_of(FOUND, UTC), "")
    assert report_from(shown).diagnosis.only_here == FOUND.only_here
