"""`run --detach --wait`: the dyno's log on stdout until the dyno ends, then its exit status."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.cli.session import Session
from herodyno.dynos import App, Dyno
from herodyno.errors import HerodynoError, RemoteStatusUnknown
from herodyno.logs.events import LogLine
from herodyno.operations.executor import Executor
from herodyno.operations.one_off.detached import Follower, TimeUsedUp, alive
from herodyno.operations.writes import dyno_write
from herodyno.render.text import line

_FIR_SECONDS = 1.0  # Fir keeps no log, and a session there never ends: how long to wait for the last lines


def follow_to_end(session: Session, executor: Executor, dyno: Dyno, *, app: App, total_seconds: float | None) -> int:
    """Show the app's lines, note the platform's lines, and return the exit status that the log has.

    Raises RemoteStatusUnknown when the log has no exit status.
    """
    output, platform = session.output, session.platform

    keeps_log = app.generation != "fir"

    def tail(seconds: float) -> Iterable[bytes]:
        url = platform.log_session(app.name, tail=True, dyno=dyno.name, generation=app.generation)
        return session.log_bytes(url, tail=True, idle_seconds=seconds)

    def dump() -> Iterable[bytes]:
        url = platform.log_session(app.name, dyno=dyno.name, generation=app.generation)
        return session.log_bytes(url) if keeps_log else session.log_bytes(url, seconds=_FIR_SECONDS)

    def show(shown: LogLine) -> None:
        if shown.source == "app" and not output.wants_json:
            output.stream([line(shown.text)])
        else:
            output.note(f"{shown.source}[{shown.proc}]: {shown.text}")

    follower = Follower(
        dyno,
        tail=tail,
        dump=dump,
        is_alive=lambda: alive(lambda: platform.dyno(app.name, dyno.id or dyno.name)),
        show=show,
        year=session.now(),
        keeps_log=keeps_log,
        total_seconds=total_seconds,
        sleep=session.sleep,
    )
    how_to_stop = f"herodyno stop {dyno.name} --app {app.name}"
    try:
        status = follower.status()
    except TimeUsedUp:
        try:
            executor.send(dyno_write("stop", app.name, dyno))
        except HerodynoError as error:
            raise RemoteStatusUnknown(
                f"{dyno.name} was not done in the time allowed, and stopping it failed: {error.message}",
                next_step=how_to_stop,
            ) from error
        raise RemoteStatusUnknown(f"{dyno.name} was not done in the time allowed, and was stopped") from None
    except HerodynoError as error:
        raise RemoteStatusUnknown(
            f"the exit status of {dyno.name} is not known: {error.message}",
            next_step=f"if it still runs, stop it: {how_to_stop}",
        ) from error
    except (KeyboardInterrupt, SystemExit):
        output.note(f"{dyno.name} goes on; stop it: {how_to_stop}")
        raise
    if status is None:
        raise RemoteStatusUnknown(f"{dyno.name} has ended, and its log does not tell its exit status")
    return status
