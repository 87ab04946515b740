"""JSON that a command printed, held against the schema that is shipped with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

import herodyno.render

SCHEMAS = Path(herodyno.render.__file__).parent / "schemas"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_LIKE_A_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")


def valid(text: str) -> Any:
    """The document in the text, after checking it against the schema it names and its times against their one form."""
    document = json.loads(text)
    name, version = document["schema"].removeprefix("herodyno.").split("/")
    schema = json.loads((SCHEMAS / f"{name}-{version}.json").read_text())
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)
    for value in _texts(document):
        assert TIME.fullmatch(value) or not _LIKE_A_TIME.fullmatch(value), value
    return document


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
