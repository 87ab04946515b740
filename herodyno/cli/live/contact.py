"""Whether Heroku answers a watch: an outage is said once, the last answer stays, and its age is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from herodyno.cli.session import Session
from herodyno.errors import PlatformFailed, RateLimited, Unreachable
from herodyno.units import clock, spoken_duration, zone_of

Answer = TypeVar("Answer")

# What passes by itself. A lost login, an app that is gone or a refusal ends a watch.
PASSING = (Unreachable, PlatformFailed, RateLimited)


class Contact:
    """The contact with the API over many looks. `trouble` is the sentence for an outage, "" while the API answers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answered_at: datetime | None = None
        self._lost_at: datetime | None = None
        self._why = ""
        self.wait_seconds = 0.0

    def answered(self) -> None:
        """Note that the API has answered just now."""
        self._answered_at = self._session.now()

    def look(self, read: Callable[[], Answer]) -> Answer | None:
        """What `read` returns, None when the API does not answer. Raises what is no passing trouble."""
        output = self._session.output
        try:
            answer = read()
        except PASSING as error:
            self.wait_seconds = float(getattr(error, "seconds", None) or 0.0)
            self._why = error.message
            if self._lost_at is None:
                self._lost_at = self._session.now()
                output.note(f"{self.trouble}; looking on")
            return None
        self.wait_seconds = 0.0
        self.answered()
        if self._lost_at is not None:
            away = spoken_duration((self._session.now() - self._lost_at).total_seconds())
            self._lost_at, self._why = None, ""
            output.note(f"the API answers again, after {away}")
        return answer

    @property
    def trouble(self) -> str:
        """ "no answer since 02:12:40 (why)"; with no answer at all: "no answer yet (why)"."""
        if self._lost_at is None:
            return ""
        if self._answered_at is None:
            return f"no answer yet ({self._why})"
        now = self._session.now()
        zone = zone_of(now, utc=self._session.output.utc)
        return f"no answer since {clock(self._answered_at, zone, today=now)} ({self._why})"
