"""Advice to restart one dyno: what it does, what it risks, and the id it holds for."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from statistics import median

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import on_app
from herodyno.diagnosis.report.phrases import clock, duration
from herodyno.diagnosis.report.report import Action
from herodyno.dynos import short_id


def restart_one(dyno: IncarnationAnalysis, kind: TypeAnalysis, analysis: Analysis) -> Action:
    """`herodyno restart web.2 --if-id 6f1c02ab --verify 5m -a app`: nothing happens if that incarnation is gone."""
    own = dyno.incarnation
    running = len({other.incarnation.dyno for other in kind.running})
    held = ("--if-id", short_id(own.id)) if own.id else ()
    notes = []
    if dyno.cycle is not None and dyno.cycle[1] > analysis.observations.at.timestamp():
        near = analysis.observations.at.timestamp()
        earliest = clock(max(dyno.cycle[0], near), analysis.observations.zone, near=near)
        latest = clock(dyno.cycle[1], analysis.observations.zone, near=near)
        notes.append(("wait?", f"Heroku would recycle it anyway between {earliest} and {latest} (daily cycle)"))
    notes.append(("first?", "what it knows dies with it; if you need a heap dump, take it now:"))
    notes.append(("", shlex.join(("heroku", "ps:exec", "-d", own.dyno, *on_app(analysis)))))
    if not own.id:
        notes.append(("id?", "its id is not known, so this restarts whatever runs under that name by then"))
    return Action(
        rank=0,
        argv=("herodyno", "restart", own.dyno, *held, "--verify", "5m", *on_app(analysis)),
        text=f"restart {own.dyno}",
        effect=f"replaces that one dyno; {_keep_serving(running, kind)}; "
        + (f"open requests on {own.dyno} get" if kind.requests else f"what {own.dyno} works on gets")
        + " up to 30 s to finish",
        risk=_risk(running, kind),
        undo=f"none needed; Heroku starts a new {own.dyno} by itself",
        notes=tuple(notes),
        mutates=True,
        dyno_id=own.id,
        expires_at=datetime.fromtimestamp(dyno.cycle[1], UTC) if dyno.cycle else None,
    )


def _keep_serving(running: int, kind: TypeAnalysis) -> str:
    if running <= 1:
        return f"no other {kind.name} dyno runs meanwhile"
    return f"{running - 1} of {running} {kind.name} dynos keep {'serving' if kind.requests else 'running'}"


def _risk(running: int, kind: TypeAnalysis) -> str:
    boots = [
        analysis.incarnation.up - analysis.incarnation.start
        for analysis in kind.dynos
        if analysis.incarnation.up and analysis.incarnation.start
    ]
    boot = f"boots took {duration(median(boots))} here" if boots else "boot time not seen in this window"
    lost = "all capacity is" if running <= 1 else f"{1 / running:.0%} of capacity is".replace("%", " %")
    return f"{lost} gone until it boots ({boot})"
