"""The work of `ps --wide` and `ps --mem`: the API's dynos, and what the log or an archive shows of each."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from herodyno.cli.diagnose.fetch import FIR_SECONDS, live_inputs
from herodyno.cli.diagnose.inputs import Inputs, judged
from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import Dyno
from herodyno.render.diagnosis.coverage import window
from herodyno.render.diagnosis.document import clock_record
from herodyno.render.ps.measured import measured, measured_record, memory_table, wide_table
from herodyno.units import json_time, zone_of


def look(session: Session, app: str) -> tuple[Inputs, Diagnosis]:
    """What the API answers, and what the log shows of it. Where there is no log, the inputs hold its error."""
    inputs = live_inputs(session, app, fir_seconds=FIR_SECONDS)
    return inputs, judged(session, inputs)


def look_in_archive(session: Session, folder: str, app: str) -> Diagnosis:
    """What the last day of an archive shows of the dynos of an app. Raises NotFound where it has no line of it."""
    from herodyno.archive.folder import ArchiveFolder
    from herodyno.cli.archive.engine import waiting_for
    from herodyno.cli.diagnose.archived import archive_inputs

    last_day = Filter(since=lambda now: now - timedelta(days=1))
    archive = ArchiveFolder(Path(folder), waiting_for(session, folder))
    return judged(session, archive_inputs(session, archive, app, last_day), last_day)


def show_measured(
    session: Session, found: Diagnosis, dynos: Sequence[Dyno], *, newest: int | None, of_memory: bool
) -> None:
    """Show the dynos with their numbers."""
    output, now = session.output, session.api_now()
    zone = zone_of(now, utc=output.utc)
    if of_memory:
        output.show(memory_table(dynos, found, now=now, zone=zone, signs=output.signs, width=output.width))
    else:
        output.show(wide_table(dynos, found, newest=newest, now=now, zone=zone))


def seen(found: Diagnosis, app: str, *, archive: str = "") -> str:
    """How much log the numbers are of."""
    where = f"--archive {shlex.quote(archive)} --since 24h --app {app}" if archive else f"--app {app}"
    return f"seen: {window(found)}; what it means: herodyno diagnose {where}"


def add_measured(document: dict[str, Any], found: Diagnosis) -> None:
    """Put the window into `herodyno.ps/1`, and `measured` into each dyno."""
    rows, coverage = measured(found), found.coverage
    document["window"] = {
        "from": json_time(coverage.start),
        "to": json_time(coverage.end),
        "lines": coverage.lines,
        "clock": clock_record(found.clock),
    }
    for record in document["dynos"]:
        record["measured"] = measured_record(rows.get(record["id"]))
