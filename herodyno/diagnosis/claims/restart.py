"""Advice to restart one dyno: what the restart does, what it risks, and for which dyno id it holds."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import at_clocks, on_app
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.median import median
from herodyno.dynos import short_id
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS
from herodyno.units import count, share, spoken_duration


def restart_one(dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis) -> Action:
    """`herodyno restart web.2 --if-id 6f1c02ab --verify 5m -a app`. With --if-id a successor is left alone."""
    own = dyno.incarnation
    running = len({other.name for other in process_type.running})
    held = ("--if-id", short_id(own.id)) if own.id else ()
    notes = []
    if dyno.cycle is not None and dyno.cycle[1] > analysis.observations.now:
        earliest, latest = at_clocks(max(dyno.cycle[0], analysis.observations.now), dyno.cycle[1], analysis)
        notes.append(("wait?", f"Heroku would recycle it anyway between {earliest} and {latest} (daily cycle)"))
    notes.append(("first?", "what it knows dies with it; if you need a heap dump, take it now:"))
    notes.append(("", shlex.join(("heroku", "ps:exec", "-d", own.dyno, *on_app(analysis)))))
    if not own.id:
        notes.append(("id?", "its id is not known, so this restarts whatever runs under that name by then"))
    return Action(
        rank=0,
        argv=("herodyno", "restart", own.dyno, *held, "--verify", "5m", *on_app(analysis)),
        text=f"restart {own.dyno}",
        effect=f"replaces that one dyno; {_keep_serving(running, process_type, analysis.observations.this_log)}; "
        + (f"open requests on {own.dyno} get" if process_type.requests else f"what {own.dyno} works on gets")
        + f" up to {EXIT_TIMEOUT_SECONDS} s to finish",
        risk=_risk(running, process_type),
        undo=f"none needed; Heroku starts a new {own.dyno} by itself",
        notes=tuple(notes),
        mutates=True,
        dyno_id=own.id,
        expires_at=datetime.fromtimestamp(dyno.cycle[1], UTC) if dyno.cycle else None,
    )


def _keep_serving(running: int, process_type: TypeAnalysis, this_log: str) -> str:
    """What goes on meanwhile. A log alone does not show that no other dyno runs."""
    verb, is_known = "serving" if process_type.requests else "running", process_type.quantity.wanted is not None
    if running > 1:
        return (
            f"{running - 1} of {running} {process_type.name} dynos{'' if is_known else f' in {this_log}'} "
            f"keep{'s' if running == 2 else ''} {verb}"
        )
    if is_known:
        return f"no other {process_type.name} dyno runs meanwhile"
    others = process_type.quantity.least - 1
    wanted = f"{count(others, f'other {process_type.name} dyno')} or more are wanted; " if others else ""
    return f"{wanted}whether other {process_type.name} dynos run meanwhile is not known from {this_log}"


def _risk(running: int, process_type: TypeAnalysis) -> str:
    incarnations = [dyno.incarnation for dyno in process_type.dynos]
    boots = [each.up - each.start for each in incarnations if each.up and each.start]
    boot = f"boots took {spoken_duration(median(boots))} here" if boots else "boot time not seen in this window"
    if process_type.quantity.wanted is not None:
        lost = "all capacity is" if running <= 1 else f"{share(1, running)} of capacity is"
    else:
        lost = "its part of the capacity is"
    return f"{lost} gone until it boots ({boot})"
