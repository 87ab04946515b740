"""What a run leaves behind for TAB: the names it saw and, once a day, a look for apps in the background."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from herodyno.cli.session import Session
from herodyno.completion.seen import Group, read_seen, remember, seen_path

DAY = 86_400  # seconds


def leave_for_completion(session: Session, *, person: bool) -> None:
    """Keep what this run saw. `person`: somebody sits at a terminal, for whom the apps are worth a call a day."""
    if not session.seen:
        return
    environ, host = session.environ, session.environ.get("HEROKU_HOST") or "-"
    news = {Group(kind, host, app): names for (kind, app), names in session.seen.items()}
    if person and _is_due(environ, host, now=time.time()):
        # Before the call is made: if it fails, it is not made again today.
        news[Group("asked", host, "-")] = [f"{time.time():.0f}"]
        _ask_for_apps()
    remember(seen_path(environ), news)


def _is_due(environ: Mapping[str, str], host: str, *, now: float) -> bool:
    asked = read_seen(seen_path(environ)).get(Group("asked", host, "-"), ["0"])[0]
    return not (asked.isdecimal() and 0 <= now - int(asked) < DAY)


def _ask_for_apps() -> None:
    """`herodyno completion refresh` in a process of its own, which nobody waits for."""
    with suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "herodyno", "completion", "refresh", "--quiet", "--no-input"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ).returncode = 0  # so that Python does not complain that it still runs
