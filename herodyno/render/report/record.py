"""A diagnosis as plain JSON values and back: what a report keeps, so that it can be told again.

The dataclasses say what is what. So a report that was damaged, or made by someone else, gives a whole diagnosis or an
error. A field that is new in this version may be missing in an older report if it has a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from herodyno.units import USABLE_YEARS, json_time

Kind = TypeVar("Kind")
_LARGEST = 2**53


def record_of(value: Any) -> Any:
    """The value with mappings for dataclasses, lists for tuples, and text for times."""
    if isinstance(value, datetime):
        return json_time(value)
    if isinstance(value, tuple | list):
        return [record_of(item) for item in value]
    if is_dataclass(value):
        return {field.name: record_of(getattr(value, field.name)) for field in fields(value)}
    return value


def value_of(kind: type[Kind], record: Any) -> Kind:
    """The value of such a kind. Raises ValueError for a record that is none."""
    return cast("Kind", _value(kind, record))


def with_texts(value: Kind, change: Callable[[str], str]) -> Kind:
    """The value with every text in it changed. Times are no texts."""
    if isinstance(value, str):
        return cast("Kind", change(value))
    if isinstance(value, tuple):
        return cast("Kind", tuple(with_texts(item, change) for item in value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: with_texts(getattr(value, field.name), change) for field in fields(value)}
        return cast("Kind", type(value)(**changed))
    return value


def _value(kind: Any, record: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if record is None and NoneType in parts:
            return None
        return _value(next(part for part in parts if part is not NoneType), record)
    if origin is Literal and record in parts:
        return record
    if origin is tuple and isinstance(record, list):
        kinds = parts[:1] * len(record) if parts[-1] is Ellipsis else parts
        if len(kinds) == len(record):
            return tuple(_value(part, item) for part, item in zip(kinds, record, strict=True))
    if kind is datetime and isinstance(record, str):
        return _time(record)
    if is_dataclass(kind) and isinstance(record, Mapping):
        return _dataclass(kind, record)
    if kind is bool or kind is str:
        fits = type(record) is kind
    else:  # whole numbers stand for floats too; above this one they are no longer exact
        fits = kind in (int, float) and type(record) in (int, kind) and abs(record) <= _LARGEST
    if fits:
        return record
    raise ValueError(f"{str(record)[:40]!r} is no {getattr(kind, '__name__', kind)}")


def _dataclass(kind: Any, record: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    given = {}
    for field in fields(kind):
        if field.name in record:
            given[field.name] = _value(hints[field.name], record[field.name])
        elif field.default is MISSING:
            raise ValueError(f"{field.name!r} is missing")
    return kind(**given)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.year not in USABLE_YEARS:
        raise ValueError(f"{text!r} is no usable time")
    return at.astimezone(UTC)
