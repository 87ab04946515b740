"""Reads a JSON object or list field by field: a field of another type counts as absent, another shape is an error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from herodyno.units import USABLE_YEARS

T = TypeVar("T")

_LARGEST_NUMBER = 10**15


class Unusable(Exception):
    """A reply of another shape than expected. Its text is the path inside: "dynos[2]: null, not an object"."""


def list_from(json: object, path: str, item_from: Callable[[object, str], T]) -> list[T]:
    """The items of a JSON list, each read by `item_from(item, path)`. Raises Unusable."""
    if not isinstance(json, list):
        raise Unusable(f"{path}: {_json_type(json)}, not a list")
    return [item_from(item, f"{path}[{index}]") for index, item in enumerate(json)]


class Fields:
    """The fields of a JSON object. Raises Unusable for any other JSON; `path` is its place in the reply."""

    def __init__(self, json: object, path: str) -> None:
        if not isinstance(json, dict):
            raise Unusable(f"{path}: {_json_type(json)}, not an object")
        self._fields: dict[str, object] = json

    def text(self, name: str) -> str:
        """The string, or "" for anything else."""
        value = self._fields.get(name)
        if not isinstance(value, str):
            return ""
        # JSON may escape half a surrogate pair, which no output can encode.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def number(self, name: str) -> float | None:
        """The number (a string of digits counts), or None for anything else and beyond 10**15."""
        value = self._fields.get(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER else None  # not infinity nor NaN either

    def whole(self, name: str) -> int | None:
        """The number without its fraction, or None."""
        value = self.number(name)
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        """Whether the field is true."""
        return self._fields.get(name) is True

    def optional_flag(self, name: str) -> bool | None:
        """True or false, or None for anything else."""
        value = self._fields.get(name)
        return value if isinstance(value, bool) else None

    def time(self, name: str) -> datetime | None:
        """The ISO 8601 time in UTC (one without a zone is UTC), or None. So is a time in no usable year."""
        try:
            at = datetime.fromisoformat(self.text(name))
        except ValueError:
            return None
        if at.year not in USABLE_YEARS:
            return None
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)

    def inner(self, name: str) -> Fields:
        """The object in this field; without fields when there is none."""
        value = self._fields.get(name)
        return Fields(value if isinstance(value, dict) else {}, name)


def _json_type(json: object) -> str:
    if json is None:
        return "null"
    return {dict: "an object", list: "a list", str: "a string", bool: "true or false"}.get(type(json), "a number")
