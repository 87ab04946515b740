"""Log sessions: the lines of an app as text or as server-sent events, first the history, then the tail.

As on Heroku, the filters work on the last n lines: a session for 100 lines of one dyno may get few or none.
Source: open Logplex. The Heroku CLI reads server-sent events, older clients read lines of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from herodyno.sandbox.api.state import LogSession, State
from herodyno.sandbox.heroku_facts import DEFAULT_LOG_LINES, LOG_BUFFER_LINES
from herodyno.sandbox.world.log_buffer import LogEntry
from herodyno.sandbox.world.log_formats import line
from herodyno.sandbox.world.resources import App
from herodyno.sandbox.world.world import World

TAIL_CAPACITY = 5000  # lines that wait for a reader; with more, some are lost (L11)
KEEPALIVE_AFTER = 150  # calls of `wait` without a line, after which a keep-alive is sent


def open_session(world: World, state: State, secret: str) -> LogSession | None:
    """Open the session of a URL. None when there is none, when it is opened too late, or when it has ended."""
    session = state.sessions.get(secret)
    if session is None:
        return None
    limit = state.options.session_lasts if session.opened else state.options.session_opens
    if world.now - session.created_at > timedelta(seconds=limit):
        return None
    session.opened = True
    return session


def stream(world: World, state: State, session: LogSession, *, sse: bool, after: str = "") -> Iterator[bytes]:
    """The bytes that the client reads. `after` is the Last-Event-ID of a client that reconnects, else ""."""
    with state.lock:
        app = world.app(session.app)
        numbered = _numbered(app, session, after)
        tail = app.log.follow(room=TAIL_CAPACITY) if session.tail else None
    try:
        yield _rendered(numbered, session, sse=sse)
        sent, quiet = 0, 0
        while tail is not None:
            with state.lock:
                entries = tail.take()
                first = app.log.total - len(entries)
                over = world.now - session.created_at > timedelta(seconds=state.options.session_lasts)
            text = _rendered(list(enumerate(entries, first)), session, sse=sse)
            sent += len(entries)
            quiet = 0 if text else quiet + 1
            if text:
                yield text
            if over or 0 < state.options.cut_after <= sent:
                return
            if not text and not state.wait():
                return
            if quiet >= KEEPALIVE_AFTER:
                quiet = 0
                yield b": still here\n\n" if sse else b"\x00"
    finally:
        if tail is not None:
            with state.lock:
                app.log.unfollow(tail)


def _numbered(app: App, session: LogSession, after: str) -> list[tuple[int, LogEntry]]:
    """(number in the log of the app, entry) of the history, or of what a client that reconnects has not read."""
    reconnects = after.isdecimal()
    asked = LOG_BUFFER_LINES if reconnects else DEFAULT_LOG_LINES if session.lines is None else session.lines
    entries = app.log.history(asked)
    numbered = enumerate(entries, app.log.total - len(entries))
    return [(number, entry) for number, entry in numbered if not reconnects or number > int(after)]


def _rendered(numbered: list[tuple[int, LogEntry]], session: LogSession, *, sse: bool) -> bytes:
    wanted = [(number, line(entry)) for number, entry in numbered if _fits(entry, session)]
    if sse:
        return "".join(f"id: {number}\ndata: {text}\n\n\n" for number, text in wanted).encode()
    return "".join(f"{text}\n" for _, text in wanted).encode()


def _fits(entry: LogEntry, session: LogSession) -> bool:
    """Whether an entry passes the filters. A dyno filter "web" passes web.1 too, and on Fir web-848cd4f64d-pvpr2."""
    if session.source and session.source != entry.source:
        return False
    return all(
        entry.proc == wanted or entry.proc.startswith((f"{wanted}.", f"{wanted}-"))
        for wanted in (session.dyno, session.type)
        if wanted
    )
