"""`logs --patterns` as JSON and CSV: `herodyno.log-patterns/1`, `herodyno.log-pattern/1`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from herodyno.diagnosis.pattern_changes import Changes, Judged
from herodyno.logs.patterns.log_patterns import Pattern
from herodyno.logs.patterns.pattern_counts import CellClock
from herodyno.render.logs.formats import csv_cell
from herodyno.render.logs.patterns import Counted, example_of
from herodyno.units import json_time

CSV_COLUMNS = (
    "source", "type", "kind", "template", "entries", "lines", "bytes", "share", "first", "last", "dynos", "change",
    "before", "after", "times", "per", "p_adjusted", "example",
)  # fmt: skip


class Split(NamedTuple):
    """The moment that a log was split at: `what` names it, "" for a time that was given.

    `why_not` says why nothing was compared, "" if it was.
    """

    at: datetime
    what: str
    changes: Changes | None
    why_not: str = ""


def patterns_document(counted: Counted, split: Split | None, most: int | None) -> dict[str, Any]:
    """`herodyno.log-patterns/1`."""
    document: dict[str, Any] = {
        "schema": "herodyno.log-patterns/1",
        "by": counted.by,
        "lines": counted.lines,
        "bytes": counted.bytes,
        "first": json_time(counted.first),
        "last": json_time(counted.last),
        "patterns_found": len(counted.patterns),
        "patterns": list(_records(counted, split, most)),
    }
    if split:
        document["split"] = {"at": json_time(split.at), "what": split.what, "why_not_compared": split.why_not}
        if split.changes:
            for name, entries, side in zip(
                ("before", "after"), split.changes.entries, split.changes.sides, strict=True
            ):
                document["split"][name] = {"entries": entries, **side._asdict()}
            document["split"] |= {"judged": split.changes.judged, "changed": len(split.changes.changed)}
    return document


def pattern_records(counted: Counted, split: Split | None, most: int | None) -> Iterator[dict[str, Any]]:
    """`herodyno.log-pattern/1`, one for each pattern."""
    return ({"schema": "herodyno.log-pattern/1", **record} for record in _records(counted, split, most))


def patterns_csv(counted: Counted, split: Split | None, most: int | None) -> str:
    """One row for each pattern, with a heading. Dynos are in one cell: "web.1=12;web.2=3", in lines."""
    into = io.StringIO()
    rows = csv.writer(into, lineterminator="\n")
    rows.writerow(CSV_COLUMNS)
    for record in _records(counted, split, most):
        cells = {**record, **(record.get("comparison") or {})}
        cells["dynos"] = ";".join(f"{each['dyno']}={each['lines']}" for each in record["dynos"])
        rows.writerow([csv_cell(cells.get(name)) for name in CSV_COLUMNS])
    return into.getvalue()


def _records(counted: Counted, split: Split | None, most: int | None) -> Iterator[dict[str, Any]]:
    """The patterns with their numbers: those that changed first where the log was split, else the greatest first."""
    changes = split.changes if split else None
    judged: Mapping[int, Judged] = {id(each.pattern): each for each in changes.patterns} if changes else {}
    rows = [each.pattern for each in changes.patterns] if changes else counted.patterns
    for row in rows[:most]:
        record = _record(row, counted)
        if split:
            record["comparison"] = _comparison(judged[id(row)]) if judged else None
        yield record


def _record(row: Pattern, counted: Counted) -> dict[str, Any]:
    counts = row.counts
    dynos = sorted(counts.dynos.items(), key=lambda each: (-each[1][0], each[0]))
    return {
        "source": row.source,
        "type": row.type,
        "kind": row.kind,
        "template": row.template,
        "example": example_of(row),
        "entries": counts.entries,
        "lines": counts.lines,
        "bytes": counts.bytes,
        "share": round(counted.part(row) / counted.whole, 6) if counted.whole else 0.0,
        "first": json_time(counts.first.at if counts.first else None),
        "last": json_time(counts.last),
        "dynos": [{"dyno": dyno, "lines": lines, "bytes": size} for dyno, (lines, size) in dynos],
        "cells": _cells(row, counted.clock),
    }


def _cells(row: Pattern, clock: CellClock) -> dict[str, Any] | None:
    """Entries over time, in cells of `seconds`; None where no line has a time."""
    if clock.is_empty:
        return None
    first = clock.earliest >> clock.level
    entries = [0] * ((clock.latest >> clock.level) - first + 1)
    for place, n in row.counts.entries_by_cell(clock.level):
        entries[place - first] += n
    start = datetime.fromtimestamp(first * clock.seconds, UTC)
    return {"start": json_time(start), "seconds": clock.seconds, "entries": entries}


def _comparison(it: Judged) -> dict[str, Any]:
    return {
        "change": it.change,
        "judged": it.is_judged,
        "before": it.entries[0],
        "after": it.entries[1],
        "bursts_before": it.bursts[0],
        "bursts_after": it.bursts[1],
        "per": it.unit,
        "rate_before": round(it.rates[0], 6),
        "rate_after": round(it.rates[1], 6),
        "times": None if it.times is None else round(it.times, 3),
        "p_adjusted": it.p_adjusted,
    }
