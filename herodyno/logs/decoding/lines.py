"""Makes a LogLine of one record, by the shape of the record: when, from whom, what.

Shapes, in the order they are tried::

    2026-06-09T16:13:38.140819+00:00 heroku[web.1]: …           log session, `heroku logs`
    <190>1 2026-06-09T16:13:38.140819+00:00 host app web.1 - …  drain frame (a count before it is skipped)
    Nov 21 14:14:54 example-app heroku/web.2: …                 Papertrail, as shown on its page
    Nov 21 14:14:54 example-app heroku[web.2]: …                rsyslog, fed by a drain; perhaps with `<158>` before it
    2026-06-09T16:13:38+00:00 host heroku[web.1]: …             rsyslog with today's times
    7000001⇥2026-06-09 16:13:38 +0000⇥…⇥heroku/web.2⇥…          Papertrail, archive (ten columns)

The shape of a framing of its own (JSON, CSV …) comes next, then what people put around a line (wrappings.py).
A record with none of these heads, or with a date that does not exist, becomes a line with `at` None and empty `source`
and `proc`, later counted as Unread. So no line of a multi-line release command or a wrapped paste is lost. A traceback
takes in such a line (tracebacks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from herodyno.logs.decoding.heads import from_archive, from_frame, from_text
from herodyno.logs.events import LogLine
from herodyno.units import USABLE_YEARS, log_time

if TYPE_CHECKING:
    from herodyno.logs.decoding.shapes import Read, Shape

_PAPERTRAIL = re.compile(
    r"(?:<\d{1,3}>)?([A-Z][a-z]{2}) ([ \d]?\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? \S{1,255} "
    r"(?:([\w.-]{1,64})/([^\s:]{1,128})(?::  ?| |:?$)|(app|heroku)\[([^\]\s]{1,128})\]: ?)",
    re.ASCII,
)
# Fir's sources by Dev Center's "Logging": the part of Heroku that speaks. No line of Fir was at hand.
FIR_SPEAKERS = {"heroku-router": "router", "heroku-api": "api", "heroku-runtime": ""}
# What every head has behind its wrapping: a bracket that closes, the priority or the tabs of a record, the brace of an
# object, a speaker as relays write it; or what goes when a wrapping goes, and may leave a speaker whole.
_SIGNS = ("]", "<", "\t", "{", "app/", "heroku/", "app ", "heroku ", "\x1b", "\xa0")
_CLOCK = re.compile(r" \d\d:\d\d:\d\d[ .]")  # of Papertrail's pages
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip


# The year of times that have none: that of the first such line, or now, before which such a line lies.
Year: TypeAlias = int | datetime
# A page shows times in its reader's zone, and no zone is more than 14 hours ahead of UTC.
AHEAD = timedelta(hours=14)
_LEAP = 8  # in so many years there is a 29 February, also around 2100


class LineReader:
    """Numbers the lines and knows the year that Papertrail's pages leave out.

    `year` now: the first such line has the newest year that does not put it into the future. The year advances when
    December turns into January.
    """

    def __init__(self, *, year: Year) -> None:
        self._now = year if isinstance(year, datetime) else None
        self._year = year if isinstance(year, int) else year.year + 1
        self._month = 0
        self._number = 0

    def line(self, record: bytes, shape: Shape | None = None) -> LogLine:
        """The record as a line. Bytes that are no UTF-8 become U+FFFD. Leading NULs are heartbeats and dropped.

        `shape` reads the records of a framing of its own. Such a line's `raw` is what Heroku's log would show.
        """
        raw = record.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r").lstrip("\0")
        self._number += 1
        app = ""
        if not (read := from_text(raw) or self._from_others(raw)):
            if read := shape(raw) if shape else None:
                app, raw = _app_of(raw), _as_shown(*read)
            elif ("app" in raw or "heroku" in raw) and _may_hold_head(raw):  # a head has either
                for inner in _inside(raw):
                    if read := from_text(inner) or self._from_others(inner):
                        raw = inner
                        break
                    if inner.startswith('{"') and (read := _object(inner)):
                        app, raw = _app_of(inner), _as_shown(*read)
                        break
        at, source, proc, text = read or (None, "", "", raw)
        if source in FIR_SPEAKERS:
            source, proc = "heroku", FIR_SPEAKERS[source] or proc
        return LogLine(at, source, proc, text, raw, self._number, app)

    @property
    def has_undated(self) -> bool:
        """Whether a line had a time without a year."""
        return self._month > 0

    def numbered(self, record: bytes, number: int) -> LogLine:
        """The record as the line with this number. Later lines are numbered from here."""
        self._number = number - 1
        return self.line(record)

    def _from_others(self, raw: str) -> Read | None:
        if raw[:1] in "<0123456789" and (read := from_frame(raw) or from_archive(raw)):
            return read
        found = None if raw[:1].isdigit() else _PAPERTRAIL.match(raw)
        if not found or found[1] not in _MONTHS:
            return None
        at = self._time(_MONTHS[found[1]], *(int(found[group]) for group in (2, 3, 4, 5)))
        source, proc = found[6] or found[8], found[7] or found[9]
        return (at, source, proc, raw[found.end() :]) if at else None

    def _time(self, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
        if self._month - month > 6:
            self._year += 1
        elif self._month and month - self._month > 6:
            self._year -= 1  # A late line of December among those of January.
        is_first, self._month = not self._month, month
        at = _moment(self._year, month, day, hour, minute, second)
        if is_first and self._now:
            while (at is None or at > self._now + AHEAD) and self._year > self._now.year - _LEAP:
                self._year -= 1
                at = _moment(self._year, month, day, hour, minute, second)
        return at


def _may_hold_head(raw: str) -> bool:
    """Whether a head may stand behind a wrapping. Most lines without a head of their own have none of its signs."""
    for sign in _SIGNS:
        if sign in raw:
            return True
    return "/" in raw and _CLOCK.search(raw) is not None


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC) if year in USABLE_YEARS else None
    except ValueError:
        return None


def _app_of(raw: str) -> str:
    from herodyno.logs.decoding.apps import app_of  # few logs are of such shapes, and start-up counts
    from herodyno.logs.decoding.named import name_in_front

    return app_of(raw) or name_in_front(raw)


def _object(raw: str) -> Read | None:
    from herodyno.logs.decoding.objects import read_object

    return read_object(raw)


def _inside(raw: str) -> Iterator[str]:
    from herodyno.logs.decoding.wrappings import unwrapped  # few logs have wrapped lines, and start-up counts

    return unwrapped(raw)


def _as_shown(at: datetime | None, source: str, proc: str, text: str) -> str:
    stamp = f"{log_time(at)} " if at else ""
    if not source:
        return text
    return f"{stamp}{source}[{proc}]: {text}"
