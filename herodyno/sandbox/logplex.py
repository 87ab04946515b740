"""Log sessions: the lines of an app as text or as server-sent events, history first, then the tail.

Filters work on the last n lines, as on Heroku: asking for 100 lines of one dyno may give few or none.
Source: the open Logplex; what the CLI reads (eventsource) and what its predecessors read (lines of text).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from herodyno.sandbox.desk import Desk, LogSession
from herodyno.sandbox.log_buffer import LogEntry
from herodyno.sandbox.nouns import App
from herodyno.sandbox.world import World

USUAL_LINES = 100
SILENCE = 30  # turns of `wait` without a line before a sign of life is sent


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
        numbered = _numbered(app, session)
        if after.isdecimal():
            numbered = [(number, entry) for number, entry in _numbered(app, None) if number > int(after)]
        tail = app.log.follow() if session.tail else None
        next_number = app.log.total
    try:
        yield _rendered(numbered, session, sse=sse)
        sent, quiet = 0, 0
        while tail is not None:
            with desk.lock:
                entries = tail.take()
                over = world.now - session.created_at > timedelta(seconds=desk.options.session_lasts)
            text = _rendered(list(enumerate(entries, next_number)), session, sse=sse)
            next_number += len(entries)
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


def line_of(entry: LogEntry) -> str:
    """ "2026-11-23T02:06:28.000001+00:00 app[web.1]: text"."""
    return f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}+00:00 {entry.source}[{entry.proc}]: {entry.text}"


def _numbered(app: App, session: LogSession | None) -> list[tuple[int, LogEntry]]:
    """The last lines the session asks for, or all there are, each with its number in the app's log."""
    usual = USUAL_LINES if session and session.lines is None else None
    asked = (session.lines if session else None) if usual is None else usual
    entries = app.log.history(len(app.log.entries) if asked is None else asked)
    return list(enumerate(entries, app.log.total - len(entries)))


def _rendered(numbered: list[tuple[int, LogEntry]], session: LogSession, *, sse: bool) -> bytes:
    wanted = [(number, line_of(entry)) for number, entry in numbered if _fits(entry, session)]
    if sse:
        return "".join(f"id: {number}\ndata: {line}\n\n\n" for number, line in wanted).encode()
    return "".join(f"{line}\n" for _, line in wanted).encode()


def _fits(entry: LogEntry, session: LogSession) -> bool:
    """A dyno filter takes a process type too: "web" is web.1, web.2 …, and on Fir web-848cd4f64d-pvpr2."""
    if session.source and session.source != entry.source:
        return False
    return all(
        entry.proc == wanted or entry.proc.startswith((f"{wanted}.", f"{wanted}-"))
        for wanted in (session.dyno, session.type)
        if wanted
    )
