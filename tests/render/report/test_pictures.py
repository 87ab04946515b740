"""The specification of each picture as a golden file: plain dictionaries, without data and without foreign text."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from herodyno.render.report.columns import data_of
from herodyno.render.report.pictures import NAMES, PICTURES, drawn, image_spec
from tests.diagnosis.reading import judged
from tests.render.report.incident import hostile, incident

GOLDEN = Path(__file__).parent / "golden"


def expressions(spec: Any) -> list[str]:
    """Every text of a specification that Vega evaluates."""
    if isinstance(spec, list):
        return [text for part in spec for text in expressions(part)]
    if not isinstance(spec, dict):
        return []
    own = [value for key, value in spec.items() if key in ("calculate", "filter", "expr", "labelExpr")]
    return own + [text for value in spec.values() for text in expressions(value)]


@pytest.mark.parametrize("name", ["overview", *NAMES])
def test_a_specification_is_as_it_was_reviewed(name: str, golden: Callable[[Path, str], None]) -> None:
    spec = image_spec(data_of(incident(), UTC), name)
    assert spec is not None, f"the incident draws no {name}"
    datasets = spec.pop("datasets")
    assert sorted(datasets) == ["cells", "compared", "dynos", "events", "gaps", "service"]
    golden(GOLDEN / f"{name}.vl.json", json.dumps(spec, indent=1) + "\n")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_numbers_of_a_picture_stand_in_a_table_too(picture: Any) -> None:
    data = data_of(incident(), UTC)
    assert picture in drawn(data)
    assert picture.numbers(data).rows


def test_no_text_of_the_log_is_a_part_of_an_expression() -> None:
    ours, theirs = (
        {text.replace("12:0", "") for picture in PICTURES for text in expressions(picture.spec(data_of(found, UTC)))}
        for found in (incident(), hostile())
    )
    assert not [text for text in theirs - ours if "1337" in text or "script" in text]
    assert len(ours) > 10


def test_nothing_to_draw_gives_no_picture() -> None:
    data = data_of(judged("no time here\n"), UTC)
    assert drawn(data) == []
    assert image_spec(data, "overview") is None
