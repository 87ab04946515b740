"""Log sessions: the lines of an app as text or as server-sent events, history first, then the tail.

Filters work on the last n lines, as on Heroku: asking for 100 lines of one dyno may give few or none.
Source: the open Logplex; what the CLI reads (eventsource) and what its predecessors read (lines of text).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from herodyno.sandbox.api.state import Desk, LogSession
from herodyno.sandbox.world.log_buffer import CAPACITY, LogEntry
from herodyno.sandbox.world.nouns import App
from herodyno.sandbox.world.renderings import line
from herodyno.sandbox.world.world import World

USUAL_LINES = 100
ROOM = 5000  # lines that wait for a reader; beyond, some are lost and an L11 line says so
SILENCE = 150  # turns of `wait` without a line before a sign of life is sent


def open_session(world: World, desk: Desk, secret: str) -> LogSession | None:
    """The session of a URL; None when there is none, or it was opened too late, or it has ended."""
    session = desk.sessions.get(secret)
    if session is None:
        return None
    limit = desk.options.session_lasts if session.opened else desk.options.session_opens
    if world.now - session.created_at > timedelta(seconds=limit):
        return None
    session.opened = True
    return session


def stream(world: World, desk: Desk, session: LogSession, *, sse: bool, after: str = "") -> Iterator[bytes]:
    """What the client reads. `after` is the Last-Event-ID of a client that comes again."""
    with desk.lock:
        app = world.app(session.app)
        numbered = _numbered(app, session, after)
        tail = app.log.follow(room=ROOM) if session.tail else None
    try:
        yield _rendered(numbered, session, sse=sse)
        sent, quiet = 0, 0
        while tail is not None:
            with desk.lock:
                entries = tail.take()
                first = app.log.total - len(entries)
                over = world.now - session.created_at > timedelta(seconds=desk.options.session_lasts)
            text = _rendered(list(enumerate(entries, first)), session, sse=sse)
            sent += len(entries)
            quiet = 0 if text else quiet + 1
            if text:
                yield text
            if over or 0 < desk.options.cut_after <= sent:
                return
            if not text and not desk.wait():
                return
            if quiet >= SILENCE:
                quiet = 0
                yield b": still here\n\n" if sse else b"\x00"
    finally:
        if tail is not None:
            with desk.lock:
                app.log.unfollow(tail)


def _numbered(app: App, session: LogSession, after: str) -> list[tuple[int, LogEntry]]:
    """The last lines the session asks for, or those a returning client has not seen, numbered through the app's log."""
    returns = after.isdecimal()
    asked = CAPACITY if returns else USUAL_LINES if session.lines is None else session.lines
    entries = app.log.history(asked)
    numbered = enumerate(entries, app.log.total - len(entries))
    return [(number, entry) for number, entry in numbered if not returns or number > int(after)]


def _rendered(numbered: list[tuple[int, LogEntry]], session: LogSession, *, sse: bool) -> bytes:
    wanted = [(number, line(entry)) for number, entry in numbered if _fits(entry, session)]
    if sse:
        return "".join(f"id: {number}\ndata: {text}\n\n\n" for number, text in wanted).encode()
    return "".join(f"{text}\n" for _, text in wanted).encode()


def _fits(entry: LogEntry, session: LogSession) -> bool:
    """A dyno filter takes a process type too: "web" is web.1, web.2 …, and on Fir web-848cd4f64d-pvpr2."""
    if session.source and session.source != entry.source:
        return False
    return all(
        entry.proc == wanted or entry.proc.startswith((f"{wanted}.", f"{wanted}-"))
        for wanted in (session.dyno, session.type)
        if wanted
    )
