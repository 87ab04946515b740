"""What an engine can judge of a selection of lines, so that other rows are not read: never too narrow, often too wide.

The lines of these rows are judged again by the code that judges the lines of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from herodyno.logs.query.filters import Condition
from herodyno.logs.query.marks import LOSS_REPORTERS
from herodyno.logs.query.quantities import Quantity, quantity
from herodyno.logs.query.selecting import SOURCES, Selection

# The line behind its time, where a field may stand.
_LINE = "concat(source, '[', proc, ']: ', message)"
# Fields of the router that are numbers: column and unit.
_NUMBERS = {
    "status": ("status", ""),
    "bytes": ("bytes", ""),
    "service": ("service_ms", "ms"),
    "connect": ("connect_ms", "ms"),
}
# Of these lines marks are made: a new incarnation, lines that were lost. They are few beside those of apps and router.
_OF_MARKS = "source = 'heroku' AND kind IN ('state', 'metrics', 'exit')"
_IN_TIME_ONLY = re.compile(r"[\dT:.+-]*", re.ASCII)


class RowFilter(NamedTuple):
    """A condition on rows of `events`, in the portable part of SQL, and its values by name. "" lets all rows pass."""

    text: str = ""
    values: dict[str, str | float] = {}  # noqa: RUF012 - never changed


ALL = RowFilter()
RELEASES = RowFilter("proc = 'api'")


def rows_for(selection: Selection, *, with_marks: bool) -> RowFilter:
    """The rows that can fit, whatever their time, and those that tell of lost lines; the lines of marks on demand."""
    values = _Values()
    parts = [*_who(selection, values), *_what(selection, values)]
    if not parts:
        return ALL
    others = [f"proc IN ({values.all(LOSS_REPORTERS)})", *([_OF_MARKS] if with_marks else [])]
    return RowFilter(_either([" AND ".join(parts), *others]), values)


class _Values(dict[str, str | float]):
    """The values of a query. A text of a person never stands in the query itself."""

    def one(self, value: str | float) -> str:
        name = f"w{len(self)}"
        self[name] = value
        return f"${name}"

    def all(self, values: Iterable[str | float]) -> str:
        return ", ".join(map(self.one, values))


def _who(selection: Selection, values: _Values) -> list[str]:
    parts = []
    if sources := [word for word in selection.targets if word in SOURCES]:
        parts.append(f"source IN ({values.all(sources)})")
    names = [word for word in selection.targets if word not in SOURCES]
    if names := [*names, *(each.dyno for each in selection.lifetimes)]:
        parts.append(_either([_named(_process(name), values) for name in names]))
    if selection.without:
        without = values.all(selection.without)
        parts.append(f"source NOT IN ({without}) AND proc NOT IN ({without})")
    return parts


def _named(name: str, values: _Values) -> str:
    """A dyno, a process or a process type. The type of a process begins its name."""
    value = values.one(name)
    return f"dyno = {value} OR process_type = {value} OR substr(proc, 1, {len(name)}) = {value}"


def _process(word: str) -> str:
    return word.rpartition("[")[2].removesuffix("]")


def _what(selection: Selection, values: _Values) -> list[str]:
    parts = [part for each in selection.conditions if (part := _condition(each, values))]
    if selection.request_id and not _IN_TIME_ONLY.fullmatch(selection.request_id):
        parts.append(f"position({values.one(selection.request_id)} IN {_LINE}) > 0")
    if (needle := Selection(grep=selection.grep).needle) != "":
        parts.append(f"position({values.one(needle)} IN message) > 0")
    return parts


def _condition(condition: Condition, values: _Values) -> str:
    """The rows that can pass a filter on a field, "" for all."""
    if condition.negative:
        return ""
    in_text = f"position({values.one(condition.needle)} IN {_LINE}) > 0" if condition.needle else ""
    if condition.name == "code":
        of_column = _code(condition, values)
        kinds = "'router', 'error'"
    elif condition.name in _NUMBERS:
        of_column = _number(condition, values)
        kinds = "'router'"
    else:
        return in_text
    if not of_column:
        return in_text
    # What an app prints under the router's names is not the router's. An add-on may well print them.
    others = [f"kind NOT IN ({kinds})", "source <> 'app'", *([in_text] if in_text else [])]
    return _either([f"kind IN ({kinds}) AND {of_column}", " AND ".join(others)])


def _code(condition: Condition, values: _Values) -> str:
    if condition.operator != "=":
        return ""
    plain = [re.split(r"[*?\[]", value)[0] for value in condition.wanted.split(",")]
    if not all(plain):
        return ""
    return _either([f"substr(code, 1, {len(start)}) = {values.one(start)}" for start in plain])


def _number(condition: Condition, values: _Values) -> str:
    """The same comparison, of the column with the number of the filter in the column's unit."""
    column, unit = _NUMBERS[condition.name]
    bound = quantity(condition.wanted)
    both = Quantity(1.0, unit).against(bound) if bound else None
    if both is None or condition.operator not in ("<", "<=", ">", ">=", "="):
        return ""
    return f"({column} {condition.operator} {values.one(both[1] / both[0])} OR {column} IS NULL)"


def _either(parts: Sequence[str]) -> str:
    return f"({' OR '.join(f'({part})' for part in parts)})"
