"""What to do about a dyno that crashed: mend what it printed, go back, give it more memory, start it again."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import confirm_note, confirmed, on_app, suggestion
from herodyno.diagnosis.claims.memory.advice import more_room
from herodyno.diagnosis.claims.printed import before_exit
from herodyno.diagnosis.claims.rollback import release_soon_before, rollback
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Action
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.codes.table import CODES

# R codes that say why a dyno ended.
TELLING = tuple(code.code for code in CODES.values() if code.ends_life and code.speaks_of != "old")


def code_of(crashed: list[IncarnationAnalysis]) -> str:
    """The R code that says why a dyno ended, the last one, or ""."""
    codes = [code for dyno in crashed for code in dyno.incarnation.codes if code in TELLING]
    return codes[-1] if codes else ""


def began_at(crashed: list[IncarnationAnalysis]) -> float | None:
    """The first exit. None when the dyno had crashed before already, which the log no longer holds."""
    return crashed[0].incarnation.end if crashed and not crashed[0].incarnation.after_crash else None


def actions_for(
    process_type: TypeAnalysis,
    crashed: list[IncarnationAnalysis],
    down: list[str],
    analysis: Analysis,
    *,
    everything: bool,
) -> tuple[Action, ...]:
    """What to do first, and how to start what is down. `everything`: no dyno of the type runs."""
    app = on_app(analysis)
    newest = max((dyno.incarnation.release for dyno in crashed if dyno.incarnation.release is not None), default=None)
    if code_of(crashed) == "R17":
        again = suggestion("deploy again: the slug is damaged, and a restart takes the same one")
        return (again, *(rollback(newest, analysis) if newest is not None else ()))
    first = _first_step(process_type, crashed, analysis)
    not_the_app = code_of(crashed) == "R99"
    began = began_at(crashed)
    release = release_soon_before(began, analysis) if began is not None and not not_the_app else None
    back = rollback(release.version, analysis) if release is not None else ()
    if not down:
        return (first, *back)
    targets = [process_type.name] if everything else down  # dynos that run are left alone
    return (
        suggestion("look at status.heroku.com: it is Heroku that cannot start it") if not_the_app else first,
        *back,
        Action(
            rank=0,
            argv=("herodyno", "restart", *targets, *(confirmed(analysis) if everything else app)),
            text="try again now" if not_the_app else f"start {listed(targets)} again after the fix",
            effect="skips the wait between crash restarts; "
            + (f"all {process_type.name} dynos start anew" if everything else "no other dyno is touched"),
            risk="none" if not_the_app else "without a fix it crashes again",
            undo="none needed",
            notes=confirm_note(analysis) if everything else (),
            mutates=True,
        ),
    )


def _first_step(process_type: TypeAnalysis, crashed: list[IncarnationAnalysis], analysis: Analysis) -> Action:
    """Where to look first. A log that holds the last words has them above: nobody is sent to read it."""
    printed, code = before_exit(crashed), code_of(crashed)
    if code == "R15":
        return more_room(process_type, analysis)
    last = before_exit(crashed[-1:])
    # The code of the last exit says more than the exception of an earlier one, which may be mended.
    is_of_last = code != "R10" or code not in crashed[-1].incarnation.codes or (last is not None and last.exception)
    if printed and printed.exception and is_of_last:
        return suggestion(f"mend this first: {printed.exception}")
    if code == "R10":
        return suggestion(f"{'; '.join(CODES[code].to_try[1:])}")
    if printed:
        return suggestion("the lines above are the last before the exit; no exception stands among them")
    return suggestion(
        "read what it printed before it exited",
        "heroku", "logs", "-n", str(LOG_BUFFER_LINES), "-p", process_type.name, *on_app(analysis),
    )  # fmt: skip
