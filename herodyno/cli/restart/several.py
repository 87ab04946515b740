"""`restart` of several apps: the same words and selectors for each, all planned before the first is restarted."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock

from herodyno.cli.fleet.writes import AppPlan, change_several
from herodyno.cli.restart.limits import counting_alone, require_limits
from herodyno.cli.restart.options import RestartRequest
from herodyno.cli.restart.snapshot import fetch_snapshot
from herodyno.cli.restart.work import planned
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing
from herodyno.dynos import names_with_ids


def restart_several(session: Session, request: RestartRequest) -> None:
    """Restart the dynos that are meant, or raise why not."""
    until_sent, held, taking = ExitStack(), set[str](), Lock()

    def plan_of(writing: Writing) -> AppPlan:
        with taking:  # an app may stand there twice, by its name and by its id
            if writing.app not in held:
                until_sent.enter_context(counting_alone(writing, request))
                held.add(writing.app)
        outcome, _ = planned(writing, request, fetch_snapshot(writing, request.selectors, needs_log=False))
        require_limits(writing, request, len(outcome.dynos))
        return AppPlan(outcome.writes, ", ".join(names_with_ids(outcome.dynos)))

    with until_sent:
        change_several(session, request.options, plan_of, verb="restart")
