"""The loop of `--watch`: look, show what is new, wait; until Ctrl-C, or until the login or the app is gone.

On a terminal each look redraws the frame. In a pipe each change is a line.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Protocol, TypeVar

from herodyno.cli.live.contact import Contact
from herodyno.cli.live.interval import Interval
from herodyno.cli.session import Session
from herodyno.operations.wait import poll_seconds
from herodyno.render.text import Line, line

Look = TypeVar("Look")
# A window that was resized is drawn anew after a second, not at the next look.
_STEP_SECONDS = 1.0


class Change(Protocol):
    """One change between two looks, as a line and as a record of NDJSON."""

    def line(self) -> Line: ...
    def record(self) -> dict[str, Any]: ...


class Watched(Protocol[Look]):
    """What is looked at. `look` gives None while the API does not answer. `before` is None at the first look."""

    def look(self, contact: Contact) -> Look | None: ...
    def lines(self, look: Look) -> list[Line]: ...
    def changes(self, before: Look | None, after: Look) -> Sequence[Change]: ...


def watch(
    session: Session,
    interval: Interval,
    watched: Watched[Look],
    shown: Callable[[Look, Contact], None] = lambda look, contact: None,
) -> NoReturn:
    """Look until Ctrl-C. `shown` is called with each look once it is shown. Raises what does not pass by itself."""
    output, contact = session.output, Contact(session)
    output.note(str(interval))
    last: Look | None = None
    while True:
        began = time.monotonic()
        found = watched.look(contact)
        if found is not None:
            if not output.draws_frames:
                _tell(session, watched.changes(last, found))
            last = found
        if output.draws_frames:
            _draw(session, watched, last, contact.trouble)
        if found is not None:
            shown(found, contact)
        spent = time.monotonic() - began
        _wait(session, pause(session, interval, contact) - spent, watched, last, contact.trouble)


def _tell(session: Session, changes: Sequence[Change]) -> None:
    output = session.output
    if output.wants_json:
        output.write("".join(json.dumps(change.record(), separators=(",", ":")) + "\n" for change in changes))
    else:
        output.lines([change.line() for change in changes])


def _draw(session: Session, watched: Watched[Look], last: Look | None, trouble: str) -> None:
    lines = watched.lines(last) if last is not None else []
    session.output.frame([*([line(trouble, "warning")] if trouble else []), *lines])


def pause(session: Session, interval: Interval, contact: Contact) -> float:
    """Seconds until the next look: longer where few calls are left, and as long as Heroku asks."""
    left = session.platform.rate_limit_remaining
    return max(interval.seconds, contact.wait_seconds, poll_seconds(0, left) if left is not None else 0.0)


def _wait(session: Session, seconds: float, watched: Watched[Look], last: Look | None, trouble: str) -> None:
    output = session.output
    if not output.draws_frames:
        session.sleep(max(0.0, seconds))
        return
    size = output.width, output.height
    while seconds > 0:
        session.sleep(min(seconds, _STEP_SECONDS))
        seconds -= _STEP_SECONDS
        if (output.width, output.height) != size:
            size = output.width, output.height
            _draw(session, watched, last, trouble)
