"""What a filter will select, as far as that is known before the log is read: the first pass then counts only that.

Which part of a log counts is certain only with the timeline. A wrong guess costs a second pass, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.scope import Filter, Scope, When
from herodyno.dynos import SHORTEST_ID_PREFIX, Dyno, process_type_of
from herodyno.errors import UsageError
from herodyno.logs.parsing.event import is_dyno

_DAY = timedelta(days=1)


def expected_scope(
    log_filter: Filter, *, log: Log, at: datetime, at_log_end: bool, dynos: Sequence[Dyno] | None
) -> Scope | None:
    """The scope to expect. None for the whole log, or where the words of the filter may mean anything."""
    bounds = [bound for bound in (log_filter.since, log_filter.until) if bound]
    try:
        if at_log_end and any(_goes_by_now(bound, at) for bound in bounds):
            at = log.end() or at
        start = log_filter.since(at) if log_filter.since else None
        end = log_filter.until(at) if log_filter.until else None
    except UsageError:
        return None
    types = set(log_filter.types)
    for word in log_filter.dynos:
        name = word if is_dyno(word) else _name_of(word.casefold(), dynos or (), log)
        if not name:
            return None
        types.add(process_type_of(name))
    return Scope(start=start, end=end, types=frozenset(types)) if bounds or types else None


def _goes_by_now(bound: When, at: datetime) -> bool:
    return bound(at) != bound(at - _DAY)


def _name_of(word: str, dynos: Sequence[Dyno], log: Log) -> str:
    """The name of a dyno whose id begins so, by the API or by the first metric line of the id; "" for none."""
    if len(word) < SHORTEST_ID_PREFIX:
        return ""
    listed = (dyno.name for dyno in dynos if dyno.id.startswith(word))
    return next(listed, "") or next(_names_in(log, b"." + word.encode()), "")


def _names_in(log: Log, end_of_id: bytes) -> Iterator[str]:
    for blocks in log.parts or log.logs:
        for batch in blocks():
            if not isinstance(batch, bytes):
                return
            if (place := batch.find(end_of_id)) >= 0:
                line = batch[batch.rfind(b"\n", 0, place) + 1 : place]
                yield line.partition(b" heroku[")[2].partition(b"]")[0].decode("utf-8", "replace")
