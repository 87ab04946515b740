"""The work of `ps --wide` and `ps --mem`: the API's dynos, and what the last 1,500 lines of the log show of each."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.cli.diagnose.fetch import FIR_SECONDS, live_inputs
from herodyno.cli.diagnose.inputs import Inputs, judged
from herodyno.cli.ps import DynosSnapshot, SortBy, document, sort_dynos
from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import newest_succeeded
from herodyno.render.diagnosis.coverage import window
from herodyno.render.diagnosis.document import clock_record
from herodyno.render.dynos import in_order
from herodyno.render.ps_measured import measured, measured_record, memory_table, wide_table
from herodyno.units import json_time, zone_of


def show_measured(session: Session, app: str, targets: Sequence[str], sort: SortBy, *, of_memory: bool) -> None:
    """Show the dynos with their numbers. Raises the log's error, after the dynos, where there is no log."""
    inputs = live_inputs(session, app, fir_seconds=FIR_SECONDS)
    found = judged(session, inputs)
    snapshot = _snapshot(inputs).only(targets, app)
    snapshot = snapshot._replace(dynos=sort_dynos(snapshot.dynos, sort))
    output, now = session.output, session.api_now()
    zone = zone_of(now, utc=output.utc)
    if output.wants_json:
        output.json(_document(snapshot, found, session, app))
    elif of_memory:
        output.show(memory_table(snapshot.dynos, found, now=now, zone=zone, signs=output.signs, width=output.width))
    else:
        output.show(wide_table(snapshot.dynos, found, newest=snapshot.newest, now=now, zone=zone))
    if inputs.log_error is not None:
        raise inputs.log_error
    output.note(f"seen: {window(found)}; what it means: herodyno diagnose --app {app}")


def _snapshot(inputs: Inputs) -> DynosSnapshot:
    newest = newest_succeeded(inputs.releases)
    return DynosSnapshot(in_order(inputs.dynos or ()), inputs.formation or (), newest, inputs.app.maintenance)


def _document(snapshot: DynosSnapshot, found: Diagnosis, session: Session, app: str) -> dict[str, object]:
    """`herodyno.ps/1` with the window, and `measured` of each dyno."""
    told = document(snapshot, app=app, now=session.api_now())
    rows, coverage = measured(found), found.coverage
    told["window"] = {
        "from": json_time(coverage.start), "to": json_time(coverage.end), "lines": coverage.lines,
        "clock": clock_record(found.clock),
    }  # fmt: skip
    for record in told["dynos"]:
        record["measured"] = measured_record(rows.get(record["id"]))
    return told
