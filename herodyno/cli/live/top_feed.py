"""What `top` shows, made in threads: one asks the API, one follows the log, one judges what is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.live.answers import Answers, AnswersReader
from herodyno.cli.live.contact import Contact
from herodyno.cli.live.held_log import Held, HeldLog
from herodyno.cli.live.interval import Interval
from herodyno.cli.live.live_inputs import live_inputs_of
from herodyno.cli.live.watch import pause
from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import newest_succeeded
from herodyno.logs.events import LogLine
from herodyno.render.logs.terminal import Terminal
from herodyno.top.view import View, rows_of
from herodyno.units import clock, zone_of

_NEVER = datetime.min.replace(tzinfo=UTC)  # lines with a time of day need no "now"
RECENT = timedelta(seconds=60)
# Ours, in seconds. Judging takes a fifth of the time at most, however many lines come.
_JUDGE_EVERY, _JUDGE_SHARE = 2.0, 0.2
# Without news: the last minute is another one after so long, and the verdict may be in another tense.
_RATES_EVERY, _VERDICT_EVERY = 5.0, 30.0
_MOST_SCANNED = 5000  # lines that are looked through for those of one dyno


class TopFeed:
    """The feed of one app. Use it as a context manager. Raises the API's errors where the first answer fails."""

    def __init__(self, session: Session, app: str, interval: Interval) -> None:
        self._session, self._app, self._interval = session, app, interval
        self._reader = AnswersReader(session, app, with_sizes=True)
        self._contact = Contact(session)
        self._answers: Answers = self._reader.read()
        self._contact.answered()
        self._log = HeldLog(session, app, self._answers.app.generation)
        self._held = self._log.held()
        self._error: Exception | None = None
        self._stopped = threading.Event()
        self._soon = threading.Event()
        self._asked: tuple[str, int, int] | None = None
        self._found: Sequence[str] = ()
        self._view = self._made(None, None, 0.0)

    def __enter__(self) -> TopFeed:
        self._log.__enter__()
        for work in (self._ask, self._judge):
            threading.Thread(target=self._watched, args=(work,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._soon.set()
        self._log.__exit__()

    def view(self) -> View:
        """The newest view. Raises what ended one of the threads."""
        if self._error is not None:
            raise self._error
        return self._view

    def look_soon(self) -> None:
        """Ask the API now."""
        self._soon.set()

    def lines(self, dyno: str, most: int) -> Sequence[str]:
        """The newest lines of a dyno and of the router about it, as `logs` shows them. Without news the same list."""
        number, lines = self._log.newest(_MOST_SCANNED)
        if (asked := (dyno, most, number)) != self._asked:
            self._asked, self._found = asked, lines_of(dyno, most, lines, utc=self._session.output.utc)
        return self._found

    def _watched(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # the screen must learn of every failure of its threads
            self._error = error

    def _ask(self) -> None:
        while not self._stopped.is_set():
            self._soon.wait(pause(self._session, self._interval, self._contact))
            self._soon.clear()
            if not self._stopped.is_set():
                self._answers = self._contact.look(self._reader.read) or self._answers

    def _judge(self) -> None:
        self._log.wait_for_history(5.0)
        found: Diagnosis | None = None
        seen: object = None
        judged_at = rated_at = -_VERDICT_EVERY
        while not self._stopped.is_set():
            began = time.monotonic()
            self._held = held = self._log.held()
            # When the API answered is no news, but that it does not answer is.
            news = held.number, held.lost_at, self._answers._replace(at=_NEVER), self._contact.trouble
            if found is None or news != seen or began - judged_at > _VERDICT_EVERY:
                found = judged(self._session, live_inputs_of(self._session, self._answers, held))
                seen, judged_at, rated_at = news, began, -_RATES_EVERY
            if began - rated_at > _RATES_EVERY:
                self._view, rated_at = self._rated(held, found), began
            self._stopped.wait(max(_JUDGE_EVERY, (time.monotonic() - began) / _JUDGE_SHARE))

    def _rated(self, held: Held, found: Diagnosis) -> View:
        """The view with this verdict and the rates of the last minute."""
        until = held.lost_at or self._session.now()
        since = until - RECENT
        recent = held._replace(lines=[line for line in held.lines if line.at is not None and line.at >= since])
        first = next((line.at for line in held.lines if line.at is not None), None)
        seconds = 0.0 if first is None else min(RECENT, until - first).total_seconds()
        return self._made(found, judged(self._session, live_inputs_of(self._session, self._answers, recent)), seconds)

    def _made(self, found: Diagnosis | None, recent: Diagnosis | None, seconds: float) -> View:
        session, answers = self._session, self._answers
        now = session.api_now()
        lost_at = self._held.lost_at if found else None
        troubles = [self._contact.trouble]
        if lost_at is not None:
            at = clock(lost_at, zone_of(now, utc=session.output.utc), today=now)
            troubles.append(f"no log since {at}: verdict and rates are of then")
        return View(
            app=self._app,
            at=now,
            rows=rows_of(answers.dynos, newest_succeeded(answers.releases), found, recent, seconds),
            found=found,
            seconds=seconds,
            troubles=tuple(filter(None, troubles)),
        )


def lines_of(dyno: str, most: int, lines: Sequence[LogLine], *, utc: bool) -> list[str]:
    """The newest lines that a dyno wrote or the router wrote about it, as `logs` shows them on a terminal."""
    found: list[LogLine] = []
    about = f"dyno={dyno} "
    for line in reversed(lines):
        if line.proc == dyno or (line.proc == "router" and line.source == "heroku" and about in line.text):
            found.append(line)
            if len(found) == most:
                break
    form = Terminal(color=False, times="utc" if utc else "local", now=_NEVER, whole=False)
    return [form.line(line).rstrip("\n").rpartition("\n")[2] for line in reversed(found)]
