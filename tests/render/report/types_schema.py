"""The JSON schema of what a report keeps, made of the types that it is read back by."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

TIME = {
    "type": "string",
    "format": "date-time",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$",
}
PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}


def schema_of(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; those of dataclasses go to `defs`."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (other,) = (part for part in parts if part is not NoneType)
        return {"anyOf": [schema_of(other, defs), {"type": "null"}]}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is tuple and parts[-1] is Ellipsis:
        return {"type": "array", "items": schema_of(parts[0], defs)}
    if origin is tuple:
        items = [schema_of(part, defs) for part in parts]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    if kind is datetime:
        return TIME
    if is_dataclass(kind):
        _define(kind, defs)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return {"type": PLAIN[kind]}


def _define(kind: Any, defs: dict[str, Any]) -> None:
    if kind.__name__ in defs:
        return
    defs[kind.__name__] = {}
    hints = get_type_hints(kind)
    defs[kind.__name__] = {
        "type": "object",
        "required": [field.name for field in fields(kind) if field.default is MISSING],
        "additionalProperties": False,
        "properties": {field.name: schema_of(hints[field.name], defs) for field in fields(kind)},
    }
