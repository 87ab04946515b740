"""A JSON object or list is read field by field: as the type wanted, as nothing, or not at all with its path."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")

_SANE = 10**15


class Unusable(Exception):
    """A reply that is not what was asked for; its text is the path inside it ("dynos[2]: not an object")."""


def list_from(json: object, path: str, item_from: Callable[[object, str], T]) -> list[T]:
    if not isinstance(json, list):
        raise Unusable(f"{path}: {_kind(json)}, not a list")
    return [item_from(item, f"{path}[{index}]") for index, item in enumerate(json)]


class Fields:
    """A JSON object whose fields are read as the type wanted, or as nothing."""

    def __init__(self, json: object, path: str) -> None:
        if not isinstance(json, dict):
            raise Unusable(f"{path}: {_kind(json)}, not an object")
        self._fields: dict[str, object] = json

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        if not isinstance(value, str):
            return ""
        # JSON can escape half a surrogate pair, which no output can encode.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def number(self, name: str) -> float | None:
        value = self._fields.get(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if -_SANE <= value <= _SANE else None  # infinity and NaN fall out too

    def whole(self, name: str) -> int | None:
        value = self.number(name)
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        return self._fields.get(name) is True

    def time(self, name: str) -> datetime | None:
        try:
            at = datetime.fromisoformat(self.text(name))
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            return None

    def inner(self, name: str) -> Fields:
        value = self._fields.get(name)
        return Fields(value if isinstance(value, dict) else {}, name)


def _kind(json: object) -> str:
    if json is None:
        return "null"
    return {dict: "an object", list: "a list", str: "a string", bool: "true or false"}.get(type(json), "a number")
