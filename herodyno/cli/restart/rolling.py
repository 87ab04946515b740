"""A rolling restart on the command line: the gates that ask the network, the progress, the last line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from herodyno.cli.restart.log_readings import measured, read_log_if_possible
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing, question_asker
from herodyno.errors import HerodynoError, Refused
from herodyno.operations.restart.gates import codes_problem
from herodyno.operations.restart.measurements import Measurements
from herodyno.operations.restart.roll import Item, Roll, left_behind
from herodyno.operations.restart.roll_file import RollFile
from herodyno.operations.restart.roll_runner import RollCallbacks, run_roll


def roll_on(
    writing: Writing, roll: Roll, *, before: Measurements | None, probe_url: str
) -> tuple[Roll, HerodynoError | None]:
    """Run the roll to its end. Returns the roll, and the error to raise when it ended early or a dyno failed.

    The state file stays while there is something to resume. The gates compare the log with `before`; None leaves the
    log out (Fir has no history).
    """
    with roll_file(writing).held():
        return _run(writing, roll, before=before, probe_url=probe_url)


def roll_file(writing: Writing) -> RollFile:
    """The file that keeps an interrupted roll of the app."""
    return RollFile(writing.folder, writing.app, note=writing.session.output.note)


def _run(
    writing: Writing, roll: Roll, *, before: Measurements | None, probe_url: str
) -> tuple[Roll, HerodynoError | None]:
    session, file, latest = writing.session, roll_file(writing), roll

    def save(now: Roll) -> None:
        nonlocal latest
        latest = now
        file.save(now)

    around = RollCallbacks(
        now=session.now,
        sleep=session.sleep,
        save=save,
        progress=session.output.progress,
        check=gate(session, writing.app, before, probe_url),
        go_on=lambda reason: go_on(session, reason),
    )
    try:
        latest, reason = run_roll(roll, writing.executor, around)
    except BaseException:
        session.output.note(f"interrupted: {left_behind(latest)} Go on with: {resume_line(writing.app)}")
        raise
    summary = left_behind(latest)
    if latest.of("waiting"):
        return latest, Refused(f"stopped ({reason}): {summary}", next_step=f"Go on with: {resume_line(writing.app)}")
    file.remove()
    if reason:
        return latest, Refused(summary, next_step=f"Look: herodyno diagnose --app {writing.app}")
    session.output.note(summary)
    return latest, None


def gate(session: Session, app: str, before: Measurements | None, probe_url: str) -> Callable[[Sequence[Item]], str]:
    """A check after each batch, beyond "up and steady": the probe, then the log. Gives the problem or ""."""

    def check(items: Sequence[Item]) -> str:
        if probe_url:
            from herodyno.heroku.probe import probe

            if problem := probe(probe_url, httpx_transport=session.httpx_transport):
                return problem
        if before is None:
            return ""
        preboot = any(item.type == "web" for item in items) and session.platform.feature(app, "preboot")
        return codes_problem(items, before, measured(read_log_if_possible(session, app)), preboot=preboot)

    return check


def go_on(session: Session, reason: str) -> bool:
    """Ask a person whether to go on after a failure. False when nobody can be asked."""
    ask = question_asker(session)
    return ask is not None and ask(f"{reason}. Go on with the rest? [y/N]").strip().casefold() in ("y", "yes")


def resume_line(app: str) -> str:
    """The command that resumes the roll."""
    return f"herodyno restart --resume --app {app}"
