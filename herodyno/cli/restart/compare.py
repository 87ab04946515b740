"""`restart --verify`: look at the log for a while after the restart, and compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from herodyno.cli.restart.look import look_if_possible
from herodyno.cli.restart.snapshot import Scene
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno
from herodyno.operations.restart.comparison_report import ComparisonReport, comparison_report
from herodyno.operations.restart.gates import OLD_LIVES_WITH_PREBOOT
from herodyno.operations.restart.measurements import Measurements
from herodyno.units import spoken_duration


def verify(
    writing: Writing, scene: Scene, old: Sequence[Dyno], restarted_at: datetime, seconds: float
) -> ComparisonReport:
    """The rates of the old dynos before `restarted_at` and of their successors, for `seconds` of serving alone."""
    session, after = writing.session, Measurements()
    end, alone_at = session.now() + timedelta(seconds=seconds), restarted_at
    if any(dyno.type == "web" for dyno in old) and session.platform.feature(writing.app, "preboot"):
        session.output.note(
            "preboot is on: the old dyno serves for up to 6 minutes yet; the comparison begins after them"
        )
        end, alone_at = end + OLD_LIVES_WITH_PREBOOT, restarted_at + OLD_LIVES_WITH_PREBOOT
    while (left := (end - session.now()).total_seconds()) > 0:
        session.output.progress(f"looking whether it helped - {spoken_duration(left)} left")
        # A log session holds 1,500 lines, which may be less than a minute: look several times.
        session.sleep(min(60.0, left))
        after.update(look_if_possible(session, writing.app))
    types = {dyno.type for dyno in old}
    peers = [dyno.name for dyno in scene.dynos if dyno.type in types and dyno not in old]
    new = session.platform.dynos(writing.app)
    before = scene.seen or Measurements()
    return comparison_report(
        old, new, peers, before, after, restarted_at=restarted_at, alone_at=alone_at, sizes=scene.sizes
    )
