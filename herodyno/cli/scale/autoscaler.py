"""Before a scale: whether the log, or what was sent from here, shows that a program scales too.

One warning, never a refusal. Nothing is shown where the log cannot be had.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from threading import Thread

from herodyno.cli.session import Session
from herodyno.diagnosis.autoscaling import Autoscaling, autoscaling
from herodyno.folders import state_folder
from herodyno.logs.events import ApiAction
from herodyno.operations.journal import Journal
from herodyno.operations.scale.plan import ScalePlan
from herodyno.units import clock, zone_of

# Ours. A scale waits no longer for a warning.
MOST_SECONDS = 2.0
_NOTHING_CHANGED = ("refused", "not sent")


class LookingBeside:
    """The look at the newest lines that Heroku keeps, in a thread beside other calls."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self._app = session, app
        self._found: tuple[Autoscaling, ...] = ()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def seen(self) -> tuple[Autoscaling, ...]:
        """What the lines of the API show; nothing where they have not come in time."""
        self._thread.join(MOST_SECONDS)
        return self._found

    def _look(self) -> None:
        from herodyno.logs.parsing.read import read_events

        session = self._session
        with suppress(Exception):  # Fir keeps no log, and whatever fails here is no reason not to scale
            url = session.platform.log_session(self._app, source="app", dyno="api")
            events = read_events(session.log_bytes(url, seconds=MOST_SECONDS), year=session.now())
            actions = [each for each in events if isinstance(each, ApiAction)]
            self._found = autoscaling(actions, own=_sent_from_here(self._app))


def with_autoscaling(session: Session, plan: ScalePlan, seen: tuple[Autoscaling, ...]) -> ScalePlan:
    """The plan with a note for each of its types that a program scales too."""
    now = session.now()
    zone = zone_of(now, utc=session.output.utc or session.output.wants_json)
    types = {each.type for each in plan.changes if each.quantity_before != each.quantity_after}
    notes = (
        f"{each.sentence}, last at {clock(each.last, zone, today=now)}: it may change this quantity again."
        for each in seen
        if each.type in types
    )
    return replace(plan, notes=(*plan.notes, *notes))


def _sent_from_here(app: str) -> list[datetime]:
    with suppress(OSError):
        entries = Journal(state_folder()).entries(app=app)
        return [each.at for each in entries if each.verb == "scale" and each.outcome not in _NOTHING_CHANGED]
    return []
