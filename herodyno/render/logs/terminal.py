"""Log lines for a person: local time, the process in a column and a colour of its own, then the text.

Escape codes are written directly: rich takes eight times as long for a line of log (measured).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias
from zlib import crc32

from herodyno.dynos import natural_order, process_type_of
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.render.clean import clean
from herodyno.render.logs.plain import Format
from herodyno.render.logs.short_request import short_request
from herodyno.render.text import cell_width
from herodyno.units import day, duration, exact_clock

TimeStyle: TypeAlias = Literal["local", "utc", "relative", "delta", "none"]

# Of the 16 standard colours all but red, which means an error here, and those hard to read on black or white.
_WHEEL = (36, 32, 35, 34, 33, 96, 92, 95, 94, 93)
_NARROWEST, _WIDEST = 8, 24

# Colours and weights of an app's own; conceal, blink, reverse and every other escape are made visible.
_SGR = re.compile(
    r"\x1b\[((?:(?:0|1|2|3|4|22|23|24|39|49|3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;5;\d{1,3}|[34]8;2(?:;\d{1,3}){3})"
    r"(?:;(?=\d)|(?=m)))*)m"
)
_FAILED = re.compile(r"\b(?:code=H\d\d|status=5\d\d)\b|^Error [RL]\d\d\b")


class Terminal(Format):
    """The format. `now` is for relative times. Where the day changes, a line names the day and the zone.

    `highlights` are shown reversed in the text, >>so<< where there is no colour. Lines of the router are short
    unless `whole`. A line whose highlighted text the short form lacks is whole. With `apps` each line begins with its
    app's name, in a colour of the app's own.
    """

    shows_marks = True

    def __init__(
        self,
        *,
        color: bool,
        times: TimeStyle,
        now: datetime,
        highlights: Sequence[re.Pattern[str]] = (),
        draws: bool = True,
        whole: bool = True,
        apps: Sequence[str] = (),
    ) -> None:
        width = max((cell_width(clean(name)) for name in apps), default=0)
        self._apps = {name: self._painted_app(name, place, width, color) for place, name in enumerate(apps)}
        self._color = color
        self._times = times
        self._now = now
        self._highlights = highlights
        self._whole = whole
        self._rule = "──" if draws else "--"
        self._width = _NARROWEST
        self._day: date | None = None
        self._last: datetime | None = None

    def line(self, line: LogLine) -> str:
        text = self._text(line.text if self._whole or line.proc != "router" else self._short(line))
        if line.at is None and not line.source:
            return f"{self._app(line)}{text}\n"
        who = clean(line.proc)
        self._width = min(_WIDEST, max(self._width, cell_width(who)))
        gap = " " * (self._width - cell_width(who))
        who = self._in(str(color_of(line.proc)), who) if self._color else who
        heading, time = self._time(line.at)
        return f"{heading}{self._app(line)}{time}{who}{gap}  {text}\n"

    def mark(self, mark: Mark) -> str:
        heading, time = self._time(mark.at) if self._times in ("local", "utc") else ("", "")
        return f"{heading}{self._app(mark)}{time}{self._in('2', f'{self._rule} {clean(mark.text)} {self._rule}')}\n"

    @staticmethod
    def _painted_app(name: str, place: int, width: int, color: bool) -> str:
        shown = clean(name)
        gap = " " * (width - cell_width(shown) + 2)
        return f"\x1b[{_WHEEL[place % len(_WHEEL)]}m{shown}\x1b[0m{gap}" if color else shown + gap

    def _app(self, item: LogLine | Mark) -> str:
        return self._apps.get(item.app, "") if self._apps else ""

    def _time(self, at: datetime | None) -> tuple[str, str]:
        """A line that names the day where it changes, and the time column."""
        if self._times == "none" or at is None:
            return "", "" if self._times == "none" else " " * 14
        if self._times == "relative":
            return "", f"{duration((self._now - at).total_seconds()):>7} ago  "
        if self._times == "delta":
            seconds = 0.0 if self._last is None else (at - self._last).total_seconds()
            self._last = at
            return "", f"{seconds:>+11.3f}  "
        local = at.astimezone(UTC if self._times == "utc" else None)
        heading = ""
        if local.date() != self._day:
            self._day = local.date()
            heading = self._in("2", f"{self._rule} {day(local)} {self._rule}") + "\n"
        return heading, self._in("2", exact_clock(local)) + "  "

    def _short(self, line: LogLine) -> str:
        short = short_request(line.text) if line.source == "heroku" else line.text
        lacks = any(each.search(line.text) and not each.search(short) for each in self._highlights)
        return line.text if lacks else short

    def _text(self, text: str) -> str:
        if self._highlights:
            return self._highlighted(clean(_SGR.sub("", text)))
        if not self._color:
            return clean(_SGR.sub("", text))
        if "\x1b[" not in text:
            shown = clean(text)
            return self._in("31", shown) if _FAILED.search(text) else shown
        parts = _SGR.split(text)  # text, SGR parameters, text, …
        shown = "".join(clean(part) if at % 2 == 0 else f"\x1b[{part}m" for at, part in enumerate(parts))
        return shown + "\x1b[0m" if len(parts) > 1 else shown

    def _highlighted(self, text: str) -> str:
        marked = [False] * len(text)
        for each in self._highlights:
            for found in each.finditer(text):
                marked[found.start() : found.end()] = [True] * (found.end() - found.start())
        shown, start = [], 0
        for at in range(1, len(text) + 1):
            if at == len(text) or marked[at] != marked[start]:
                piece = text[start:at]
                shown.append(self._marked(piece) if marked[start] else piece)
                start = at
        return "".join(shown)

    def _marked(self, piece: str) -> str:
        return self._in("1;7", piece) if self._color else f">>{piece}<<"

    def _in(self, sgr: str, text: str) -> str:
        return f"\x1b[{sgr}m{text}\x1b[0m" if self._color else text


def color_of(proc: str) -> int:
    """The colour of a process, the same in every run; dynos of one type that follow each other differ."""
    kind, number, pod = natural_order(proc)
    place = crc32(process_type_of(kind).encode()) + (number if number >= 0 else crc32(pod.encode()))
    return _WHEEL[place % len(_WHEEL)]
