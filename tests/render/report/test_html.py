"""No text of the log makes an element, an attribute, a script or the end of one."""

from __future__ import annotations

import json

import pytest

from herodyno.render.report.html import escaped, part_html, script_json, table_html
from herodyno.render.report.parts import Entry, Part
from herodyno.render.text import Column, Span, Table
from tests.render.report.incident import ATTACK, ATTACKS


@pytest.mark.parametrize("attack", ATTACKS)
def test_json_in_a_page_holds_no_sign_that_ends_its_element_and_is_the_same_value(attack: str) -> None:
    text = script_json({attack: [attack]})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {attack: [attack]}


@pytest.mark.parametrize("attack", [*ATTACKS, "\u202egpj.exe", "a\x00b", "\ud800"])
def test_a_text_stays_a_text(attack: str) -> None:
    shown = escaped(attack)
    assert not set("<>\"'\u2028\u202e\x00") & set(shown)
    shown.encode()


def test_a_number_that_json_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        script_json(float("nan"))


def test_a_table_has_heads_for_its_columns_and_rows() -> None:
    columns = (Column(heading="DYNO"), Column(heading="", right=True))
    shown = table_html(Table(columns=columns, rows=((Span("web.2"), Span(ATTACK, "critical")),)))
    assert '<th scope="row">web.2</th>' in shown
    assert '<td class="critical right">&lt;/script&gt;' in shown
    assert '<th scope="col" class="right"><span class="hidden">mark</span></th>' in shown


def test_a_section_is_named_by_its_heading_and_an_empty_one_is_left_out() -> None:
    part = Part("Do this", (Entry("herodyno ps", is_command=True), Entry("none", "undo")))
    shown = part_html(part, "actions")
    assert 'aria-labelledby="h-actions"><h2 id="h-actions">Do this</h2>' in shown
    assert "<pre><code>herodyno ps</code></pre><p><b>undo</b> none</p>" in shown
    assert part_html(Part("Empty"), "empty") == ""
