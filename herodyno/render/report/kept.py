"""What a report keeps of itself: the whole diagnosis, its zone and the commands run, to be told again later.

The series are not kept twice. They are read from the document that stands in the page as --json prints it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from herodyno import __version__
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.series import EMPTY, Series
from herodyno.render.report.parts import Command, Entry, Part
from herodyno.render.report.record import record_of, value_of
from herodyno.units import clock, zone_name

SCHEMA = "herodyno.report/1"
MOST_BYTES = 64 << 20
_BLOCK = r'<script type="application/json" id="%s">([^<]*)</script>'
_MOST_OFFSET = 26 * 3600
_LONGEST_CELL, _MOST_CELLS = 86_400, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A diagnosis to be shown, the zone that its sentences are in, and what was done to the app meanwhile."""

    diagnosis: Diagnosis
    zone_name: str
    offset_s: int
    commands: tuple[Command, ...] = ()

    @classmethod
    def of(cls, diagnosis: Diagnosis, zone: tzinfo, commands: tuple[Command, ...] = ()) -> Report:
        """The report with the zone's offset at the time of the diagnosis."""
        at = diagnosis.generated_at
        offset = at.astimezone(zone).utcoffset() or timedelta(0)
        seconds = int(offset.total_seconds())
        return cls(diagnosis=diagnosis, zone_name=zone_name(at, zone), offset_s=seconds, commands=commands)

    @property
    def zone(self) -> tzinfo:
        """The zone with this name and offset."""
        return timezone(timedelta(seconds=self.offset_s), self.zone_name)

    def clock(self, at: datetime) -> str:
        """A time as the report tells it."""
        return clock(at, self.zone, today=self.diagnosis.generated_at)

    def commands_part(self) -> Part:
        """What the journal of the machine that made the report has of this app and time."""
        entries = (
            Entry(f"{command.text}: {command.outcome or 'outcome not known'}", self.clock(command.at))
            for command in self.commands
        )
        return Part("Commands run", tuple(entries))


def kept_record(report: Report) -> dict[str, Any]:
    """`herodyno.report/1`: the report without its series."""
    found = report.diagnosis
    rows = tuple(replace(row, series=EMPTY) for row in found.incarnations)
    bare = replace(report, diagnosis=replace(found, incarnations=rows, without_dyno=EMPTY))
    return {"schema": SCHEMA, "herodyno": __version__, "report": record_of(bare)}


def report_from(text: str) -> Report:
    """The report of a page. Raises ValueError for a page that is no report of herodyno, or a damaged one."""
    try:
        kept, document = (json.loads(_block(text, name), parse_constant=_no_number) for name in ("report", "diagnosis"))
        if kept["schema"] != SCHEMA:
            raise ValueError(f"its schema is {str(kept['schema'])[:40]!r}, this herodyno reads {SCHEMA}")
        report = value_of(Report, kept["report"])
        if abs(report.offset_s) > _MOST_OFFSET:
            raise ValueError("its zone has no such offset")
        clock = report.diagnosis.clock
        if clock and not (0 < clock.seconds <= _LONGEST_CELL and 0 < clock.cells <= _MOST_CELLS):
            raise ValueError("its clock has no such cells")
        return replace(report, diagnosis=_with_series(report.diagnosis, document))
    except (KeyError, TypeError, IndexError, OverflowError, RecursionError, AttributeError) as error:
        raise ValueError(str(error)) from None


def _block(text: str, name: str) -> str:
    found = re.search(_BLOCK % name, text)
    if found is None:
        raise ValueError(f"it has no block {name!r}")
    return found[1]


def _with_series(diagnosis: Diagnosis, document: dict[str, Any]) -> Diagnosis:
    """The diagnosis with the series of the document beside it."""
    rows = tuple(
        replace(row, series=_series(record["series"]))
        for row, record in zip(diagnosis.incarnations, document["incarnations"], strict=True)
    )
    errors = document["unattributed"]["errors_by_cell"]
    return replace(diagnosis, incarnations=rows, without_dyno=value_of(Series, {"errors": errors}))


def _series(record: dict[str, Any]) -> Series:
    series = value_of(Series, {**record, "r14": record["r14_cells"]})
    columns = (series.requests, series.p50_ms, series.mb, series.low_mb, series.swap_mb, series.load)
    if any(column and len(column) != len(series.errors) for column in columns):
        raise ValueError("a series has columns of different lengths")
    return series


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
