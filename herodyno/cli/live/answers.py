"""The API's answers about one app, read again and again: its dynos each time, what seldom changes now and then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from herodyno.cli.live.interval import SELDOM_SECONDS
from herodyno.cli.session import Session
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release

# Calls for what seldom changes: app, formation, releases; and sizes, where they are wanted.
SELDOM_CALLS = 3


class Answers(NamedTuple):
    """What the API said of an app. `at` is when it said which dynos there are."""

    app: App
    dynos: Sequence[Dyno]
    formation: Sequence[Formation]
    releases: Sequence[Release]
    sizes: Sequence[DynoSize]
    at: datetime


class AnswersReader:
    """Reads the answers of one app. The rest is read anew after SELDOM_SECONDS, and at once for a new dyno."""

    def __init__(self, session: Session, app: str, *, with_sizes: bool = False) -> None:
        self._session = session
        self._app = app
        self._with_sizes = with_sizes
        self._last: Answers | None = None
        self._seldom_at = session.now()

    def read(self) -> Answers:
        """The answers now. Raises the API's errors."""
        last = self._last
        age = abs(self._session.now() - self._seldom_at)
        if last is not None and age < timedelta(seconds=SELDOM_SECONDS):
            dynos = self._session.platform.dynos(self._app)
            if {dyno.id for dyno in dynos} <= {dyno.id for dyno in last.dynos}:
                self._last = last._replace(dynos=dynos, at=self._session.now())
                return self._last
        self._last = self._all()
        self._seldom_at = self._session.now()
        return self._last

    def _all(self) -> Answers:
        platform, app = self._session.platform, self._app
        found, dynos, formation, releases = platform.gather(
            lambda: platform.app(app),
            lambda: platform.dynos(app),
            lambda: platform.formation(app),
            lambda: platform.releases(app),
        )
        sizes: Sequence[DynoSize] = self._last.sizes if self._last else ()
        if self._with_sizes and not sizes:  # prices do not change during a watch
            sizes = platform.sizes(app)
        return Answers(found, dynos, formation, releases, sizes, self._session.now())
