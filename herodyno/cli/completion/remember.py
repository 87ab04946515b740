"""What a run keeps for TAB: the names that Heroku answered and, once a day, the names of all apps."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress

from herodyno.cli.session import Session
from herodyno.completion.seen import Group, read_seen, remember, seen_path

DAY = 86_400  # seconds


def remember_for_completion(session: Session, *, person: bool) -> None:
    """Keep the names of this run. For a `person` at a terminal, ask for the apps in the background, once a day."""
    if not session.seen:
        return
    host = session.environ.get("HEROKU_HOST") or "-"
    news = {Group(kind, host, app): names for (kind, app), names in session.seen.items()}
    if person and _is_due(host, now=time.time()):
        # Noted before the call: a call that fails is not repeated today.
        news[Group("asked", host, "-")] = [f"{time.time():.0f}"]
        _ask_for_apps()
    remember(seen_path(), news)


def _is_due(host: str, *, now: float) -> bool:
    asked = read_seen(seen_path()).get(Group("asked", host, "-"), ["0"])[0]
    return not (asked.isdecimal() and 0 <= now - int(asked) < DAY)


def _ask_for_apps() -> None:
    """Start `herodyno completion refresh` in a process of its own. Nobody waits for it."""
    with suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "herodyno", "completion", "refresh", "--quiet", "--no-input"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ).returncode = 0  # otherwise Python warns that the process still runs
