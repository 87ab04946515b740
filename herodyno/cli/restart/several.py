"""`restart` of several apps: the same words and selectors for each, all planned before the first is restarted."""

from __future__ import annotations

from herodyno.cli.fleet.writes import AppPlan, change_several
from herodyno.cli.restart.options import RestartRequest
from herodyno.cli.restart.snapshot import fetch_snapshot
from herodyno.cli.restart.work import planned, require_limits
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing
from herodyno.dynos import names_with_ids


def restart_several(session: Session, request: RestartRequest) -> None:
    """Restart the dynos that are meant, or raise why not."""

    def plan_of(writing: Writing) -> AppPlan:
        outcome, _ = planned(writing, request, fetch_snapshot(writing, request.selectors, needs_log=False))
        require_limits(writing, request, len(outcome.dynos))
        return AppPlan(outcome.writes, ", ".join(names_with_ids(outcome.dynos)))

    change_several(session, request.options, plan_of, verb="restart")
