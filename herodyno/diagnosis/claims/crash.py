"""Crashes: which dynos exited by themselves, with what status, how often, and whether anything runs now."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, confirm_note, confirmed, on_app, suggestion
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import clock, count, duration, listed, named
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.logs.codes.exits import exit_meaning
from herodyno.logs.codes.table import CODES

# What a Ruby process raises when it is told to stop: no fault.
STOPPED = "SignalException"
# R codes that say how a dyno came down.
TELLING = ("R10", "R13", "R15", "R17", "R99")


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type: all its dynos are down, some crash, or one crashed and came back."""
    found = []
    for kind in analysis.types.values():
        crashed = [dyno for dyno in kind.dynos if dyno.incarnation.crashed and dyno.in_focus]
        down = [name for name in _down_now(kind, analysis) if analysis.observations.scope.shows_name(name)]
        if crashed or down:
            found.append(_claim(kind, crashed, down, analysis))
    return found


def all_down(claim: Claim) -> bool:
    """Whether a claim says that every dyno of a type is down."""
    return claim.label == "ALL DOWN"


def _down_now(kind: TypeAnalysis, analysis: Analysis) -> list[str]:
    """Names that run no more: by the API's word when it was asked, else by the last life in the log."""
    if analysis.observations.dynos is not None:
        return sorted(d.name for d in analysis.observations.dynos if d.type == kind.name and d.state == "crashed")
    last: dict[str, IncarnationAnalysis] = {dyno.incarnation.dyno: dyno for dyno in kind.dynos}
    return [name for name, dyno in last.items() if dyno.incarnation.crashed]


def _claim(kind: TypeAnalysis, crashed: list[IncarnationAnalysis], down: list[str], analysis: Analysis) -> Claim:
    listed_now = {d.name for d in analysis.observations.dynos or () if d.type == kind.name} or {
        dyno.incarnation.dyno for dyno in kind.dynos if not dyno.over or dyno.incarnation.crashed
    }
    everything = bool(down) and listed_now <= set(down)
    names = sorted({dyno.incarnation.dyno for dyno in crashed} | set(down))
    crashed = sorted(crashed, key=lambda dyno: dyno.incarnation.end or 0.0)
    last = crashed[-1].incarnation if crashed else None
    never_ran = bool(crashed) and all(dyno.incarnation.never_ran for dyno in crashed)
    crash = f"could not be started: {_code(crashed)} ({CODES[_code(crashed)].title})" if never_ran else "crashed"
    h10 = analysis.observations.facts.no_dyno.by_code.get("H10", 0)
    if everything:
        label, severity = "ALL DOWN", "critical"
        which = f"all {len(down)} {kind.name} dynos" if len(down) > 1 else f"{down[0]}, the only {kind.name} dyno,"
        summary = f"{which} {crash}{_status(last)}"
    elif len(crashed) > 1 or down:
        label, severity = "CRASHES", "critical" if h10 else "warning"
        times = f"{crash}, {count(len(crashed), 'time')}" if never_ran else f"crashed {count(len(crashed), 'time')}"
        summary = f"{listed(names)} {times}{_status(last)}" if crashed else f"{listed(names)} crashed"
    else:
        label, severity = "CRASH", "warning"
        assert last is not None
        once = f"once {crash}" if never_ran else "crashed once and was started again"
        summary = f"{named(last)} {once}{_status(last)}"
    return Claim(
        kind="crash",
        severity="critical" if severity == "critical" else "warning",
        confidence="high" if never_ran or (last is not None and last.exit_status is not None) else "medium",
        label=label,
        summary=summary,
        details=tuple(_details(kind, crashed, h10, analysis)),
        not_claimed=(
            "why Heroku could not start it" if never_ran else "why the process exits, beyond what it printed",
        ),
        actions=_actions(kind, crashed, down, analysis, everything=everything),
        dyno=last.dyno if last else names[0],
        dyno_id=last.id if last else None,
        evidence=tuple(_evidence(crashed)),
        runbook=_code(crashed) or ("H10" if h10 else ""),
    )


def _status(dyno: Incarnation | None) -> str:
    if dyno is None or dyno.exit_status is None:
        return ""
    meaning = exit_meaning(dyno.exit_status)
    return f", exit status {dyno.exit_status}" + (f" ({meaning})" if meaning else "")


def _code(crashed: list[IncarnationAnalysis]) -> str:
    codes = [code for dyno in crashed for code in dyno.incarnation.codes if code in TELLING]
    return codes[-1] if codes else ""


def _details(kind: TypeAnalysis, crashed: list[IncarnationAnalysis], h10: int, analysis: Analysis) -> list[str]:
    told = []
    zone, near = analysis.observations.zone, analysis.observations.at.timestamp()
    ends = [
        dyno.incarnation.end for dyno in crashed if dyno.incarnation.end is not None and not dyno.incarnation.never_ran
    ]
    if len(ends) > 1:
        statuses = sorted(
            {str(dyno.incarnation.exit_status) for dyno in crashed if dyno.incarnation.exit_status is not None}
        )
        between = f"{clock(ends[0], zone, near=near)} and {clock(ends[-1], zone, near=near)}"
        lasted = duration(ends[-1] - ends[0])
        status = f"; status {listed(statuses)}" if statuses else ""
        told.append(f"{count(len(ends), 'exit')} between {between} ({lasted}){status}.")
    code = _code(crashed)
    if code in ("R17", "R99"):
        told.append(CODES[code].meaning)
    elif code:
        told.append(f"{code} ({CODES[code].title}) was logged with it.")
    if any("R14" in dyno.facts.codes and code == "R10" for dyno in crashed):
        told.append("R14 came before the R10: it ran out of memory while booting.")
    foretold = sum(analysis.observations.facts.symptoms.get(dyno.incarnation.key, 0) for dyno in crashed)
    if foretold:
        told.append(f"{count(foretold, 'H13/H18 line')} came just before an exit: a sign of it, not another fault.")
    if h10:
        told.append(f"{count(h10, 'H10 line')} only say that no {kind.name} dyno ran; they name none.")
    kinds = [name for dyno in crashed for name, _ in dyno.facts.exceptions.top(2) if name != STOPPED]
    if kinds:
        told.append(f"The last exception it printed: {kinds[-1]}.")
    if crashed:
        told.append(
            "Heroku restarts a crashed dyno at once, then after growing waits; a manual restart skips the wait."
        )
    return told


def _actions(
    kind: TypeAnalysis, crashed: list[IncarnationAnalysis], down: list[str], analysis: Analysis, *, everything: bool
) -> tuple[Action, ...]:
    app = on_app(analysis)
    newest = max((dyno.incarnation.release for dyno in crashed if dyno.incarnation.release is not None), default=None)
    if _code(crashed) == "R17":
        again = suggestion("deploy again: the slug is damaged, and a restart takes the same one")
        return (again, *(rollback(newest, analysis) if newest is not None else ()))
    first = suggestion(
        "read what it printed before it exited", "heroku", "logs", "-n", "1500", "-p", kind.name, *app
    )  # fmt: skip
    if not down:
        return (first,)
    not_the_app = _code(crashed) == "R99"
    targets = [kind.name] if everything else down  # dynos that run are left alone
    return (
        suggestion("look at status.heroku.com: it is Heroku that cannot start it") if not_the_app else first,
        Action(
            rank=0,
            argv=("herodyno", "restart", *targets, *(confirmed(analysis) if everything else app)),
            text="try again now" if not_the_app else f"start {listed(targets)} again after the fix",
            effect="skips the wait between crash restarts; "
            + (f"all {kind.name} dynos start anew" if everything else "no other dyno is touched"),
            risk="none" if not_the_app else "without a fix it crashes again",
            undo="none needed",
            notes=confirm_note(analysis) if everything else (),
            mutates=True,
        ),
    )


def _evidence(crashed: list[IncarnationAnalysis]) -> list[EvidenceLine]:
    lines = [line for dyno in crashed for line in dyno.facts.evidence.of("exit", *TELLING, "exception", "H13")]
    return sorted(lines, reverse=True)[:4]
