"""Ask Heroku until a goal is reached: the loop of `wait`, `scale --wait` and `restart --wait`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, NotFound, Refused, WaitTimedOut
from herodyno.units import spoken_duration

if TYPE_CHECKING:
    from herodyno.operations.wait import Done, Failed, WaitGoal


def wait_for(session: Session, app: str, goal: WaitGoal, seconds: float) -> Done:
    """Return when the goal is reached. Raises as soon as it cannot be reached, WaitTimedOut after `seconds`."""
    # `scale` and `restart` import this module, and seldom wait.
    from herodyno.operations.wait import Done, Failed, Waiting, poll_seconds, wait_state

    platform, begun = session.platform, session.now()
    needs_release = goal.version is None
    while True:
        dynos, formation, releases = platform.gather(
            lambda: platform.dynos(app),
            lambda: platform.formation(app),
            lambda: platform.releases(app, limit=10) if needs_release else [],
        )
        verdict = wait_state(goal, dynos, formation, releases)
        waited = (session.now() - begun).total_seconds()
        match verdict:
            case Done(text=text):
                session.output.note(f"{text}, after {spoken_duration(waited)}")
                return verdict
            case Failed():
                raise failure(verdict, app)
            case Waiting(text=text):
                session.output.progress(f"waiting: {text} - {spoken_duration(seconds - waited)} left")
        if waited >= seconds:
            raise failure(Failed(reason="timed_out", text=f"{text}, after {spoken_duration(waited)}"), app)
        session.sleep(min(poll_seconds(waited, platform.rate_limit_remaining), max(0.1, seconds - waited)))


def failure(failed: Failed, app: str) -> HerodynoError:
    """The error of a wait that failed. Its class decides the exit code."""
    if failed.reason == "timed_out":
        return WaitTimedOut(f"timed out: {failed.text}", next_step=f"Look: herodyno ps --app {app}")
    if failed.reason == "no_type":
        return NotFound(f"{app} has {failed.text}", next_step=f"See what there is: herodyno ps --app {app}")
    if failed.reason == "no_dynos":
        return NotFound(failed.text, next_step=f"Start some: herodyno scale web=1 --app {app}")
    return Refused(failed.text, next_step=f"Find out why: herodyno diagnose --app {app}")
