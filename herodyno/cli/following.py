"""An app's live log, through breaks and renewed sessions: what `logs --tail` and `diagnose --listen` read."""

from __future__ import annotations

from herodyno.cli.session import Session
from herodyno.dynos import Generation
from herodyno.heroku.log.tail import Tail


def tail_of(session: Session, app: str, *, generation: Generation = "cedar") -> Tail:
    """The app's log from the lines Heroku keeps onwards. What happens to the connection is noted on stderr."""
    platform = session.platform
    return Tail(
        lambda: platform.log_session(app, lines=1500, tail=True, generation=generation),
        year=session.now().year,
        note=session.output.note,
        httpx_transport=session.httpx_transport,
    )
