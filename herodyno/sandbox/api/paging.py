"""Paging of lists by the Range header: which part of a list is shown, and where the next part begins.

Source: Dev Center, "Platform API Reference", list ranges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from herodyno.sandbox.heroku_facts import DEFAULT_PAGE, LARGEST_PAGE
from herodyno.sandbox.world.resources import Refused

# "id ]aaa..bbb; order=desc, max=10". The name may be left out. "]" leaves out the first value itself, "[" does not.
RANGE = re.compile(
    r"^\s*(?:(?P<by>[a-z_]+)\s+)?(?P<open>[\]\[]?)(?P<first>[^;\s\]\[]*?)\.\.(?P<last>[^;\s\]\[]*)[\]\[]?\s*(?:;(?P<rest>.*))?$"
)


def page(items: Sequence[Mapping[str, Any]], ranges: tuple[str, ...], asked: str) -> tuple[list[Any], dict[str, str]]:
    """The items of one page in order, and the headers. `Next-Range` is among them when there are more items.

    `asked` is the Range header, `ranges` what the list can be sorted by. Refused (416) for a range that does not fit.
    """
    found = RANGE.match(asked.rstrip("; ") or "..")  # the Heroku CLI ends some ranges with ";"
    if found is None:
        raise _unsatisfiable(asked)
    by = found["by"] or ranges[0]
    options = _options(found["rest"] or "", asked)
    if by not in ranges:
        raise _unsatisfiable(asked)
    descending = options.get("order") == "desc"
    limit = int(options.get("max", DEFAULT_PAGE))
    if not 1 <= limit <= LARGEST_PAGE:
        raise _unsatisfiable(asked)

    ordered = sorted(items, key=lambda item: _key(item[by]), reverse=descending)
    kept = [item for item in ordered if _inside(item[by], found, descending)]
    shown, more = kept[:limit], len(kept) > limit
    headers = {"Accept-Ranges": ", ".join(ranges)}
    if shown:
        order = "order=desc, " if descending else ""
        headers["Content-Range"] = f"{by} {shown[0][by]}..{shown[-1][by]}; {order}max={limit}"
        if more:
            headers["Next-Range"] = f"{by} ]{shown[-1][by]}..{found['last']}; {order}max={limit}"
    return shown, headers


def _options(text: str, asked: str) -> dict[str, str]:
    options = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, value = part.partition("=")
        fits = value in ("asc", "desc") if name == "order" else name == "max" and value.isdecimal()
        if not fits:
            raise _unsatisfiable(asked)
        options[name] = value
    return options


def _inside(value: Any, found: re.Match[str], descending: bool) -> bool:
    mine, first, last = _key(value), found["first"], found["last"]
    after = not first or _in_order(_key(first), mine, descending) or (found["open"] != "]" and _key(first) == mine)
    return after and (not last or _in_order(mine, _key(last), descending) or _key(last) == mine)


def _in_order(left: tuple[int, str], right: tuple[int, str], descending: bool) -> bool:
    return left > right if descending else left < right


def _key(value: Any) -> tuple[int, str]:
    """Numbers by size, everything else as text."""
    text = str(value)
    return (int(text), "") if text.isdecimal() else (0, text)


def _unsatisfiable(asked: str) -> Refused:
    return Refused(416, "requested_range_not_satisfiable", f"Range is not satisfiable: {asked}")
