"""A diagnosis becomes plain values and comes back whole, or an error says why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.report.record import record_of, value_of, with_texts
from tests.render.diagnoses import ALL
from tests.render.report.incident import incident


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_diagnosis_comes_back_as_it_was(name: str) -> None:
    assert value_of(Diagnosis, json.loads(json.dumps(record_of(ALL[name])))) == ALL[name]


def test_a_field_that_is_new_may_be_missing_and_one_that_is_gone_is_left_out() -> None:
    record = record_of(incident())
    del record["clock"]
    assert value_of(Diagnosis, record | {"of another version": 1}).clock is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("generated_at", "yesterday", "isoformat"),
        ("generated_at", "0001-01-01T00:00:00Z", "no usable time"),
        ("incarnations", "none", "'none' is no"),
        ("verdict", None, "'None' is no Verdict"),
        ("shared", [["path"]], "is no"),
        ("app", {"name": 7, "id": "", "generation": ""}, "'7' is no str"),
        ("method", {}, "'alpha' is missing"),
        ("requests", {"n": 10**400, "errors": 0, "without_dyno": 0, "rate": None, "rate_ci95": None}, "is no int"),
        ("requests", {"n": True, "errors": 0, "without_dyno": 0, "rate": None, "rate_ci95": None}, "is no int"),
    ],
)
def test_a_value_of_another_kind_is_an_error(field: str, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        value_of(Diagnosis, record_of(incident()) | {field: value})


def test_a_word_outside_its_closed_set_is_an_error() -> None:
    record = record_of(incident())
    record["verdict"]["severity"] = "dreadful"
    with pytest.raises(ValueError, match="dreadful"):
        value_of(Diagnosis, record)


def test_every_text_can_be_changed_and_nothing_else_is() -> None:
    shouted = with_texts(incident(), lambda text: text.upper() if " " in text else text)
    assert shouted.verdict.summary == incident().verdict.summary.upper()
    assert (shouted.generated_at, shouted.clock) == (incident().generated_at, incident().clock)
    assert [row.series for row in shouted.incarnations] == [row.series for row in incident().incarnations]
