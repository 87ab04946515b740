"""The committed structure of Heroku's schema is what the published files say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from herodyno.sandbox.api import dispatch
from tests.real_parts import SHARED_DATA, need_shared_data
from tests.schema.extract import VARIANTS, extract, text_of
from tests.schema.strict import SCHEMA, check

HERE = Path(__file__).parent


def test_the_extract_is_fresh() -> None:
    need_shared_data()
    assert (HERE / "schema.json").read_text(encoding="utf-8") == text_of(extract(SHARED_DATA))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_definition_is_a_usable_schema(variant: str) -> None:
    for definition in SCHEMA[variant]["definitions"].values():
        jsonschema.Draft4Validator.check_schema(definition)


def test_a_missing_field_and_an_unknown_one_are_refused() -> None:
    limit: dict[str, Any] = {"remaining": 4500}
    check("3", "rate-limit", limit)
    for wrong in ({}, limit | {"extra": 1}, {"remaining": "many"}):
        with pytest.raises(jsonschema.ValidationError):
            check("3", "rate-limit", wrong)


def test_the_sandbox_names_the_schema_it_was_checked_against() -> None:
    assert f"schema={SCHEMA['3.sdk']['sha256']}" in dispatch.MARK


def test_no_text_or_example_of_the_published_files_is_carried_along() -> None:
    text = json.dumps(SCHEMA)
    assert '"description": "' not in text
    assert '"example"' not in text


@pytest.mark.parametrize("wrong", [{"id": "no-uuid"}, {"created_at": "yesterday"}])
def test_ids_and_times_are_held_to_their_format(wrong: dict[str, str]) -> None:
    at, id = "2026-11-23T02:00:00Z", "0f7dd3b6-1a2a-4d56-9e3d-0c6cb9a2a001"
    session = {"id": id, "logplex_url": "https://example.com/", "created_at": at, "updated_at": at}
    check("3", "log-session", session)
    with pytest.raises(jsonschema.ValidationError):
        check("3", "log-session", session | wrong)
