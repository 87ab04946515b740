"""`ps --watch`: the tables of `ps`, redrawn; in a pipe a line for each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from herodyno.cli.live.answers import SELDOM_CALLS, AnswersReader
from herodyno.cli.live.contact import Contact
from herodyno.cli.live.interval import parse_interval
from herodyno.cli.live.watch import watch
from herodyno.cli.session import Session
from herodyno.dynos import newest_succeeded
from herodyno.heroku_facts import IN_MAINTENANCE
from herodyno.render.dynos import in_order
from herodyno.render.ps.changes import PsChange, PsState, ps_changes
from herodyno.render.ps.tables import crashed_words
from herodyno.render.text import Block, Line, lay_out, line
from herodyno.units import clock, zone_name, zone_of

Narrow = Callable[[PsState, bool], PsState]
Show = Callable[[PsState], Sequence[Block]]


class PsWatch:
    """The dynos that `narrow` leaves; it also gets whether this is the first look. `blocks` are the tables of `ps`."""

    def __init__(self, session: Session, app: str, narrow: Narrow, blocks: Show) -> None:
        self._session, self._app, self._narrow, self._blocks = session, app, narrow, blocks
        self._reader = AnswersReader(session, app)
        self._is_first = True

    def look(self, contact: Contact) -> PsState | None:
        """The dynos now. Raises NotFound where `narrow` does."""
        seen = contact.look(self._reader.read)
        if seen is None:
            return None
        newest = newest_succeeded(seen.releases)
        state = PsState(in_order(seen.dynos), seen.formation, newest, seen.app.maintenance)
        is_first, self._is_first = self._is_first, False
        return self._narrow(state, is_first)

    def lines(self, look: PsState) -> list[Line]:
        """The tables under a line with the app and the time."""
        output, now = self._session.output, self._session.api_now()
        zone = zone_of(now, utc=output.utc)
        head = [line(f"{self._app}  {clock(now, zone, today=now)} {zone_name(now, zone)}", "heading"), line()]
        if look.maintenance:
            head.insert(1, line(IN_MAINTENANCE, "warning"))
        if crashed := crashed_words(look.dynos):
            head.insert(1, line(f"crashed: {crashed}; next: herodyno diagnose --app {self._app}", "critical"))
        return [*head, *lay_out(self._blocks(look), output.width)]

    def changes(self, before: PsState | None, after: PsState) -> list[PsChange]:
        """What changed; at the first look all that is there."""
        now = self._session.api_now()
        zone = zone_of(now, utc=self._session.output.utc)
        return ps_changes(before, after, app=self._app, at=now, zone=zone)


def watch_ps(session: Session, app: str, narrow: Narrow, blocks: Show, *, every: str) -> None:
    """Look at the dynos until Ctrl-C."""
    interval = parse_interval(every, flag="--watch", seldom_calls=SELDOM_CALLS)
    watch(session, interval, PsWatch(session, app, narrow, blocks))
