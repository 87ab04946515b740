"""Crashes: which dynos exited by themselves, with what status, how often, and whether anything runs now."""

from __future__ import annotations

from herodyno.diagnosis.analysis import LifeStudy, Study, TypeStudy
from herodyno.diagnosis.claims.claim import Claim, confirm_note, confirmed, look, on_app
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.counting.facts import Line
from herodyno.diagnosis.report.phrases import clock, listed, named
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.timeline.incarnations import Life
from herodyno.logs.codes.exits import exit_meaning
from herodyno.logs.codes.table import CODES
from herodyno.units import count, spoken_duration

# What a Ruby process raises when it is told to stop: no fault.
STOPPED = "SignalException"
# R codes that say how a dyno came down by itself.
TELLING = tuple(code.code for code in CODES.values() if code.ends_life and code.speaks_of != "old")


def claims(study: Study) -> list[Claim]:
    """At most one claim a process type: all its dynos are down, some crash, or one crashed and came back."""
    found = []
    for kind in study.types.values():
        crashed = [life for life in kind.lives if life.life.crashed and life.in_focus]
        down = [name for name in _down_now(kind, study) if study.case.scope.shows_name(name)]
        if crashed or down:
            found.append(_claim(kind, crashed, down, study))
    return found


def all_down(claim: Claim) -> bool:
    """Whether a claim says that every dyno of a type is down."""
    return claim.label == "ALL DOWN"


def _down_now(kind: TypeStudy, study: Study) -> list[str]:
    """Names that run no more: by the API's word when it was asked, else by the last life in the log."""
    if study.case.dynos is not None:
        return sorted(d.name for d in study.case.dynos if d.type == kind.name and d.state == "crashed")
    last: dict[str, LifeStudy] = {life.life.dyno: life for life in kind.lives}
    return [name for name, life in last.items() if life.life.crashed]


def _claim(kind: TypeStudy, crashed: list[LifeStudy], down: list[str], study: Study) -> Claim:
    listed_now = {d.name for d in study.case.dynos or () if d.type == kind.name} or {
        life.life.dyno for life in kind.lives if not life.over or life.life.crashed
    }
    everything = bool(down) and listed_now <= set(down)
    names = sorted({life.life.dyno for life in crashed} | set(down))
    crashed = sorted(crashed, key=lambda life: life.life.end or 0.0)
    last = crashed[-1].life if crashed else None
    never_ran = bool(crashed) and all(life.life.never_ran for life in crashed)
    crash = f"could not be started: {_code(crashed)} ({CODES[_code(crashed)].title})" if never_ran else "crashed"
    h10 = study.case.facts.no_dyno.by_code.get("H10", 0)
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
        details=tuple(_details(kind, crashed, h10, study)),
        not_claimed=(
            "why Heroku could not start it" if never_ran else "why the process exits, beyond what it printed",
        ),
        actions=_actions(kind, crashed, down, study, everything=everything),
        dyno=last.dyno if last else names[0],
        dyno_id=last.id if last else None,
        evidence=tuple(_evidence(crashed)),
        runbook=_code(crashed) or ("H10" if h10 else ""),
    )


def _status(life: Life | None) -> str:
    if life is None or life.exit_status is None:
        return ""
    meaning = exit_meaning(life.exit_status)
    return f", exit status {life.exit_status}" + (f" ({meaning})" if meaning else "")


def _code(crashed: list[LifeStudy]) -> str:
    codes = [code for life in crashed for code in life.life.codes if code in TELLING]
    return codes[-1] if codes else ""


def _details(kind: TypeStudy, crashed: list[LifeStudy], h10: int, study: Study) -> list[str]:
    told = []
    zone, near = study.case.zone, study.case.at.timestamp()
    ends = [life.life.end for life in crashed if life.life.end is not None and not life.life.never_ran]
    if len(ends) > 1:
        statuses = sorted({str(life.life.exit_status) for life in crashed if life.life.exit_status is not None})
        between = f"{clock(ends[0], zone, near=near)} and {clock(ends[-1], zone, near=near)}"
        lasted = spoken_duration(ends[-1] - ends[0])
        status = f"; status {listed(statuses)}" if statuses else ""
        told.append(f"{count(len(ends), 'exit')} between {between} ({lasted}){status}.")
    code = _code(crashed)
    if code in ("R17", "R99"):
        told.append(CODES[code].meaning)
    elif code:
        told.append(f"{code} ({CODES[code].title}) was logged with it.")
    if any("R14" in life.facts.codes and code == "R10" for life in crashed):
        told.append("R14 came before the R10: it ran out of memory while booting.")
    foretold = sum(study.case.facts.symptoms.get(life.life.key, 0) for life in crashed)
    if foretold:
        told.append(f"{count(foretold, 'H13/H18 line')} came just before an exit: a sign of it, not another fault.")
    if h10:
        told.append(f"{count(h10, 'H10 line')} only say that no {kind.name} dyno ran; they name none.")
    kinds = [name for life in crashed for name, _ in life.facts.exceptions.top(2) if name != STOPPED]
    if kinds:
        told.append(f"The last exception it printed: {kinds[-1]}.")
    if crashed:
        told.append(
            "Heroku restarts a crashed dyno at once, then after growing waits; a manual restart skips the wait."
        )
    return told


def _actions(
    kind: TypeStudy, crashed: list[LifeStudy], down: list[str], study: Study, *, everything: bool
) -> tuple[Action, ...]:
    app = on_app(study)
    newest = max((life.life.release for life in crashed if life.life.release is not None), default=None)
    if _code(crashed) == "R17":
        again = look("deploy again: the slug is damaged, and a restart takes the same one")
        return (again, *(rollback(newest, study) if newest is not None else ()))
    first = look(
        "read what it printed before it exited", "heroku", "logs", "-n", "1500", "-p", kind.name, *app
    )  # fmt: skip
    if not down:
        return (first,)
    not_the_app = _code(crashed) == "R99"
    targets = [kind.name] if everything else down  # dynos that run are left alone
    return (
        look("look at status.heroku.com: it is Heroku that cannot start it") if not_the_app else first,
        Action(
            rank=0,
            argv=("herodyno", "restart", *targets, *(confirmed(study) if everything else app)),
            text="try again now" if not_the_app else f"start {listed(targets)} again after the fix",
            effect="skips the wait between crash restarts; "
            + (f"all {kind.name} dynos start anew" if everything else "no other dyno is touched"),
            risk="none" if not_the_app else "without a fix it crashes again",
            undo="none needed",
            notes=confirm_note(study) if everything else (),
            mutates=True,
        ),
    )


def _evidence(crashed: list[LifeStudy]) -> list[Line]:
    lines = [line for life in crashed for line in life.facts.evidence.of("exit", *TELLING, "exception", "H13")]
    return sorted(lines, reverse=True)[:4]
