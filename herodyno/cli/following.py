"""Follow an app's live log: what `logs --tail` and `diagnose --listen` read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from herodyno.cli.session import Session
from herodyno.dynos import Generation
from herodyno.heroku.tail import Pace, Tail, pace_of
from herodyno.logs.events import LogLine


def tail_of(session: Session, app: str, *, generation: Generation = "cedar", pace: Pace | None = None) -> Tail:
    """The app's log from the lines Heroku keeps onwards. What happens to the connection is noted on stderr."""
    platform = session.platform
    return Tail(
        lambda: platform.log_session(app, lines=1500, tail=True, generation=generation),
        year=session.now().year,
        pace=pace or pace_of(generation),
        note=session.output.note,
        httpx_transport=session.httpx_transport,
    )


def follow(session: Session, app: str, seconds: float, *, generation: Generation = "cedar") -> Iterator[bytes]:
    """The bytes of the log for so many seconds, whole lines, none twice, whatever happens to the connection.

    Raises Unreachable when the log cannot be had, at the start or for ten minutes.
    """
    end = session.now() + timedelta(seconds=seconds)
    with tail_of(session, app, generation=generation) as tail:
        for batch in tail:
            text = "".join(item.raw + "\n" for item in batch if isinstance(item, LogLine))
            if text:
                yield text.encode("utf-8", "replace")
            if session.now() >= end:
                return
