"""`ps --watch`: the tables of `ps`, redrawn; in a pipe a line for each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from herodyno.cli.live.answers import SELDOM_CALLS, AnswersReader
from herodyno.cli.live.interval import parse_interval
from herodyno.cli.live.watch import watch
from herodyno.cli.ps import DynosSnapshot
from herodyno.cli.session import Session
from herodyno.dynos import newest_succeeded
from herodyno.heroku_facts import IN_MAINTENANCE
from herodyno.render.dynos import in_order
from herodyno.render.ps import crashed_words
from herodyno.render.ps_changes import PsChange, State, ps_changes
from herodyno.render.text import Block, Line, lay_out, line
from herodyno.units import clock, zone_name, zone_of

Show = Callable[[DynosSnapshot], Sequence[Block]]


class PsWatch:
    """The dynos that the targets name. `blocks` are the tables that `ps` would show."""

    def __init__(self, session: Session, app: str, targets: Sequence[str], blocks: Show) -> None:
        self._session, self._app, self._targets, self._blocks = session, app, targets, blocks
        self._reader = AnswersReader(session, app)
        self._is_first = True

    def look(self) -> DynosSnapshot:
        """The dynos now. Raises NotFound for a target that is unknown at the first look; later it may end."""
        seen = self._reader.read()
        newest = newest_succeeded(seen.releases)
        snapshot = DynosSnapshot(in_order(seen.dynos), seen.formation, newest, seen.app.maintenance)
        if self._is_first:
            snapshot.only(self._targets, self._app)
            self._is_first = False
        return snapshot.of(self._targets)

    def lines(self, look: DynosSnapshot) -> list[Line]:
        """The tables under a line with the app and the time."""
        output, now = self._session.output, self._session.api_now()
        zone = zone_of(now, utc=output.utc)
        head = [line(f"{self._app}  {clock(now, zone, today=now)} {zone_name(now, zone)}", "heading"), line()]
        if look.maintenance:
            head.insert(1, line(IN_MAINTENANCE, "warning"))
        if crashed := crashed_words(look.dynos):
            head.insert(1, line(f"crashed: {crashed}; next: herodyno diagnose --app {self._app}", "critical"))
        return [*head, *lay_out(self._blocks(look), output.width)]

    def changes(self, before: DynosSnapshot | None, after: DynosSnapshot) -> list[PsChange]:
        """What changed; at the first look all that is there."""
        now = self._session.api_now()
        zone = zone_of(now, utc=self._session.output.utc)
        return ps_changes(before and _state(before), _state(after), app=self._app, at=now, zone=zone)


def watch_ps(session: Session, app: str, targets: Sequence[str], blocks: Show, *, every: str) -> None:
    """Look at the dynos until Ctrl-C."""
    interval = parse_interval(every, flag="--watch", seldom_calls=SELDOM_CALLS)
    watch(session, interval, PsWatch(session, app, targets, blocks))


def _state(snapshot: DynosSnapshot) -> State:
    return State(snapshot.dynos, snapshot.formation, snapshot.newest, snapshot.maintenance)
