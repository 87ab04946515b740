"""Replies held against the strict structure of Heroku's published schema."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))


def shape_of(variant: str, method: str, template: str) -> str | None:
    """What the schema says a call answers ("dyno", "[dyno]", "{}"); None for a call it does not know."""
    return SCHEMA[variant]["calls"].get(f"{method} {template}")


def check(variant: str, shape: str, body: Any) -> None:
    """Raise jsonschema.ValidationError when `body` is not exactly a `shape`."""
    if shape == "{}":
        assert body == {}
    elif shape.startswith("["):
        assert isinstance(body, list)
        for item in body:
            _validator(variant, shape.strip("[]")).validate(item)
    else:
        _validator(variant, shape).validate(body)


@functools.cache
def _validator(variant: str, name: str) -> jsonschema.Draft4Validator:
    definition = SCHEMA[variant]["definitions"][name]
    return jsonschema.Draft4Validator(definition, format_checker=jsonschema.FormatChecker())
