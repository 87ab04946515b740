"""JSON that a command printed, held against the schema that is shipped with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

import herodyno.render

SCHEMAS = Path(herodyno.render.__file__).parent / "schemas"


def valid(text: str) -> Any:
    """The document in the text, after checking it against the schema it names."""
    document = json.loads(text)
    name, version = document["schema"].removeprefix("herodyno.").split("/")
    schema = json.loads((SCHEMAS / f"{name}-{version}.json").read_text())
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)
    return document
