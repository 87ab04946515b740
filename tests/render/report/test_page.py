"""The page is one file with three blocks of JSON and two scripts that its policy names by their hash."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from herodyno.diagnosis.report.only_here import OnlyHere, OnlyHereLine
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.report.columns import data_of
from herodyno.render.report.kept import Report
from herodyno.render.report.page import page
from herodyno.render.report.pictures import drawn
from tests.diagnosis.reading import NOON, judged
from tests.render.report.incident import ATTACK, hostile, incident

VEGA = "window.vegaEmbed = () => 0;"


class Elements(HTMLParser):
    """The elements of a page: their names, ids, attributes that act, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.acting: list[str] = []
        self.policy = ""
        self.scripts: list[tuple[str, str]] = []
        self._script: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.acting += [name for name in given if name.startswith("on") or name in ("href", "src", "action")]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self._script = given.get("type", "") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.scripts.append((self._script, data))
            self._script = None


def made(found: Diagnosis) -> str:
    return page(Report.of(found, UTC), data_of(found, UTC), VEGA)


def test_attacks_in_the_log_add_no_element_and_no_attribute_that_acts() -> None:
    seen = Elements(made(hostile()))
    assert set(seen.names) - set(Elements(made(incident())).names) == set()
    assert (seen.acting, seen.names.count("script")) == ([], 5)
    assert len(set(seen.ids)) == len(seen.ids)


def test_the_policy_allows_two_scripts_by_their_hash_and_no_request() -> None:
    seen = Elements(made(hostile()))
    run = [text for kind, text in seen.scripts if not kind]
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in run]
    assert seen.policy == (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert run[0] == VEGA


@pytest.mark.parametrize("found", [incident(), hostile()], ids=["incident", "hostile"])
def test_the_page_holds_the_document_that_json_prints(found: Diagnosis) -> None:
    (_, document), *_ = [script for script in Elements(made(found)).scripts if script[0]]
    assert json.loads(document) == json.loads(json.dumps(diagnosis_document(found)))


def test_a_picture_has_a_title_a_place_and_its_numbers_and_the_slider_a_label() -> None:
    text = made(incident())
    for picture in drawn(data_of(incident(), UTC)):
        figure = re.search(rf'<figure id="picture-{picture.name}">.*?</figure>', text, re.DOTALL)
        assert figure is not None
        assert 'role="img" aria-label="' in figure[0]
        assert "<details><summary>" in figure[0]
    assert '<label for="at">' in text


def test_lines_that_only_the_accused_print_stand_with_their_counts() -> None:
    line = OnlyHereLine(
        template=ATTACK, example=ATTACK, kind="line", n=11, peers_n=0, requests=9, peers_requests=9, p_adjusted=0.001,
        first=NOON, every=None, dynos=("web.2",),
    )  # fmt: skip
    text = made(replace(incident(), only_here=OnlyHere(heading="against 3 peers", against="peers", lines=(line,))))
    assert "<b>11 : 0</b> app[web.2]: &lt;/script&gt;" in text


def test_dynos_that_are_not_drawn_are_counted_and_said_to_have_no_more_errors() -> None:
    for left_out, told in ((("web.9",), "1 more dyno,"), (("web.9", "web.10"), "2 more dynos,")):
        text = page(Report.of(incident(), UTC), data_of(incident(), UTC)._replace(left_out=left_out), VEGA)
        assert f"Not drawn: {told} with no more errors than those drawn." in text


def test_a_log_without_a_time_gives_a_page_without_pictures_and_without_slider() -> None:
    seen = Elements(made(judged("no time here\n")))
    assert "figure" not in seen.names
    assert "input" not in seen.names
    assert "verdict" in seen.ids
