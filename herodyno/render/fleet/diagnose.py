"""`diagnose` of several apps: a line each with verdict and since when, and `herodyno.diagnose-apps/1`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.series import EMPTY
from herodyno.errors import HerodynoError
from herodyno.render.output import error_document
from herodyno.render.text import Block, Column, Role, Span, Table, line
from herodyno.units import clock, count, json_time, zone_name

_ROLES: dict[str, Role] = {"critical": "critical", "warning": "warning"}
_QUIET = ("nothing_found", "not_enough_data")


class AppVerdict(NamedTuple):
    """An app's diagnosis, or the error for which there is none. `kept_since` is the `since` of a row made `light`."""

    name: str
    found: Diagnosis | None
    error: HerodynoError | None = None
    kept_since: datetime | None = None

    @property
    def light(self) -> AppVerdict:
        """The row with what its line and its place in the document need, without the parts that a report shows."""
        if self.found is None:
            return self
        found = replace(
            self.found, actions=(), incarnations=(), changes=(), findings=(), sections=(), shared=(), only_here=None,
            clock=None, without_dyno=EMPTY, recurrence=None, by_age=(),
        )  # fmt: skip
        return self._replace(found=found, kept_since=self.since)

    @property
    def since(self) -> datetime | None:
        """When the first server error was logged, to the cell of the clock, or else the first line of the evidence.

        None for a verdict without trouble. The trouble may be older than the lines that were read.
        """
        found = self.found
        if self.kept_since is not None:
            return self.kept_since
        if found is None or found.verdict.kind in _QUIET:
            return None
        cells = [
            series.first + place
            for series in (*(row.series for row in found.incarnations), found.without_dyno)
            for place, errors in enumerate(series.errors)
            if errors
        ]
        if cells and found.clock:
            at = found.clock.start + timedelta(seconds=min(cells) * found.clock.seconds)
            return max(at, found.coverage.start) if found.coverage.start else at
        times = [each.at for each in (found.findings[0].evidence if found.findings else ()) if each.at]
        return min(times, default=None)

    @property
    def is_since_the_first_line(self) -> bool:
        """Whether the trouble is as old as the lines that were read, so that it may be older."""
        return self.since is not None and self.found is not None and self.since == self.found.coverage.start


def verdicts_blocks(rows: Sequence[AppVerdict], *, now: datetime, zone: tzinfo) -> list[Block]:
    """The table, and a line that counts the verdicts."""
    return [verdicts_table(rows, now=now, zone=zone), [line(verdicts_total(rows))]]


def verdicts_table(rows: Sequence[AppVerdict], *, now: datetime, zone: tzinfo) -> Table:
    """A line for each app, in the order of the rows."""
    columns = (
        Column("APP"),
        Column("VERDICT"),
        Column(f"SINCE ({zone_name(now, zone)})"),
        Column("WHAT", shrinks=True),
    )
    return Table(columns, tuple(_row(row, now, zone) for row in rows))


def verdicts_total(rows: Sequence[AppVerdict]) -> str:
    """ "3 apps: 1 critical, 2 info"."""
    words = [f"{number:,} {word.replace('_', ' ')}" for word, number in _counts(rows).items() if number]
    return f"{count(len(rows), 'app')}: {', '.join(words)}"


def verdicts_document(
    rows: Sequence[AppVerdict], *, now: datetime, calls_left: int | None, fail_on: str = "", not_enough: str = ""
) -> dict[str, Any]:
    """`herodyno.diagnose-apps/1`, in the order of the rows. The flags do what they do to an app's exit code."""
    rules = {"fail_on": fail_on, "not_enough": not_enough}
    return {
        "schema": "herodyno.diagnose-apps/1",
        "generated_at": json_time(now),
        "rate_limit_remaining": calls_left,
        "totals": {"apps": len(rows), **_counts(rows)},
        "apps": [
            {
                "app": row.name,
                "exit_code": exit_code(row.found, **rules) if row.found else None,
                "verdict": _verdict(row.found) if row.found else None,
                "since": json_time(row.since),
                "since_first_line": row.is_since_the_first_line,
                "requests": row.found.requests.n if row.found else None,
                "errors": row.found.requests.errors if row.found else None,
                "error": error_document(row.error) if row.error else None,
            }
            for row in rows
        ],
    }


def _row(row: AppVerdict, now: datetime, zone: tzinfo) -> tuple[Span, ...]:
    if row.found is None:
        why = row.error.message if row.error else ""
        return (Span(row.name), Span("NO ANSWER", "warning"), Span("-"), Span(why))
    verdict, since = row.found.verdict, row.since
    when = "-" if since is None else clock(since, zone, today=now)
    return (
        Span(row.name),
        Span(verdict.label, _ROLES.get(verdict.severity, "")),
        Span(f"{when} or before" if row.is_since_the_first_line else when),
        Span(verdict.summary),
    )


def _counts(rows: Sequence[AppVerdict]) -> dict[str, int]:
    counted = Counter(_word(row) for row in rows)
    return {word: counted[word] for word in ("critical", "warning", "info", "not_enough_data", "no_answer")}


def _word(row: AppVerdict) -> str:
    if row.found is None:
        return "no_answer"
    verdict = row.found.verdict
    return verdict.kind if verdict.kind == "not_enough_data" else verdict.severity


def _verdict(found: Diagnosis) -> dict[str, Any]:
    verdict = found.verdict
    return {
        "class": verdict.kind,
        "severity": verdict.severity,
        "confidence": verdict.confidence,
        "summary": verdict.summary,
        "ongoing": verdict.ongoing,
        "ended_at": json_time(verdict.ended_at),
        "ended_with": verdict.ended_with,
    }
