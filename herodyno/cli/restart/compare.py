"""`restart --verify`: read the log for a while after the restart, and compare with the log before.

The log before is judged as `diagnose` judges it, for the lines that only the restarted dynos printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from herodyno.cli.restart.log_readings import measured, read_log_if_possible
from herodyno.cli.restart.snapshot import AppSnapshot
from herodyno.cli.writing import Writing
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.dynos import Dyno
from herodyno.heroku_facts import LOG_BUFFER_LINES, PREBOOT_OVERLAP_SECONDS
from herodyno.operations.restart.comparison_report import ComparisonReport, comparison_report
from herodyno.operations.restart.gates import OLD_LIVES_WITH_PREBOOT
from herodyno.operations.restart.line_change import NamedLine
from herodyno.operations.restart.measurements import Measurements
from herodyno.units import spoken_duration


def verify(
    writing: Writing, snapshot: AppSnapshot, old: Sequence[Dyno], restarted_at: datetime, seconds: float
) -> ComparisonReport:
    """Compare the old dynos' rates before `restarted_at` with those of the new dynos in `seconds` of serving alone."""
    session, after = writing.session, Measurements()
    end, alone_at = session.now() + timedelta(seconds=seconds), restarted_at
    if any(dyno.type == "web" for dyno in old) and session.platform.feature(writing.app, "preboot"):
        session.output.note(
            f"preboot is on: the old dyno serves for up to {max(PREBOOT_OVERLAP_SECONDS) // 60} minutes yet; "
            "the comparison begins after them"
        )
        end, alone_at = end + OLD_LIVES_WITH_PREBOOT, restarted_at + OLD_LIVES_WITH_PREBOOT
    while (left := (end - session.now()).total_seconds()) > 0:
        session.output.progress(f"looking whether it helped - {spoken_duration(left)} left")
        # The lines of a log session may be less than a minute, so the log is read several times.
        session.sleep(min(60.0, left))
        after.update(measured(read_log_if_possible(session, writing.app)))
    types = {dyno.type for dyno in old}
    peers = [dyno.name for dyno in snapshot.dynos if dyno.type in types and dyno not in old]
    new = session.platform.dynos(writing.app)
    before = snapshot.readings or Measurements()
    return comparison_report(
        old, new, peers, before, after, restarted_at=restarted_at, alone_at=alone_at, sizes=snapshot.sizes,
        only_here=_only_here(snapshot, restarted_at),
    )  # fmt: skip


def _only_here(snapshot: AppSnapshot, at: datetime) -> Sequence[NamedLine]:
    """The lines that some dynos printed before `at` and their peers did not."""
    found = diagnose(
        log_of(snapshot.log, year=at),
        app=snapshot.app,
        at=at,
        source=Source(kind="log-session", cap=LOG_BUFFER_LINES),
        dynos=snapshot.dynos,
        formation=snapshot.formation,
        releases=snapshot.releases,
    )
    lines = found.only_here.lines if found.only_here else ()
    return [NamedLine(each.template, each.kind, each.dynos) for each in lines]
