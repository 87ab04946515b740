"""What was typed after `herodyno logs`, checked before anything is sent: words, times, patterns, format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.logs.query.selecting import Lifetime, Selection
from herodyno.render.logs.plain import Format, Plain

if TYPE_CHECKING:
    from herodyno.logs.query.statistics import StatsQuery
    from herodyno.render.logs.terminal import TimeStyle

USUAL = 100  # lines shown when nothing narrows the log, as the Heroku CLI does
LAST_WORDS = 20  # lines shown of a dyno that is gone
TIMES: tuple[TimeStyle, ...] = ("local", "utc", "relative", "delta", "none")


class Typed(NamedTuple):
    """The options as they came."""

    words: Sequence[str] = ()
    without: Sequence[str] = ()
    grep: Sequence[str] = ()
    exclude: Sequence[str] = ()
    highlight: Sequence[str] = ()
    since: str = ""
    until: str = ""
    request_id: str = ""
    num: int | None = None
    tail: bool = False
    previous: bool = False
    output: str = ""
    template: str = ""
    time: str = ""
    stats: str = ""
    gaps: str = ""
    fuse: str = ""
    redact: bool = False
    offline: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether the log is wanted as it is: nothing chosen, marked or counted."""
        return not (
            self.words or self.without or self.grep or self.exclude or self.highlight or self.since or self.until
            or self.request_id or self.stats or self.gaps or self.fuse
        )  # fmt: skip


class Wishes(NamedTuple):
    """The same, understood. `ids` are words that can only be the beginning of a dyno id."""

    selection: Selection
    typed: Typed
    ids: tuple[str, ...] = ()
    highlights: tuple[re.Pattern[str], ...] = ()
    silence: float = 0.0
    bursts: float = 0.0
    question: StatsQuery | None = None

    def within(self, spans: Sequence[Lifetime]) -> Wishes:
        """The wishes with dynos narrowed to incarnations."""
        return self._replace(selection=self.selection._replace(lifetimes=tuple(spans)), ids=())

    @property
    def most(self) -> int | None:
        """How many lines are shown at most, None for all."""
        if self.typed.num is not None or self.question:
            return self.typed.num
        if self.typed.previous:
            return LAST_WORDS
        is_narrowed = self.typed.offline or self.ids or not self.selection.is_everything
        return None if is_narrowed else USUAL


def understood(session: Session, typed: Typed) -> Wishes:
    """The wishes; UsageError names what cannot mean anything."""
    if typed.num is not None and typed.num < 0:
        raise UsageError(f"--num {typed.num} is less than no line", next_step="0 shows new lines only, with --tail")
    if typed.tail and typed.previous:
        raise UsageError("--tail follows what lives, --previous shows what is gone", next_step="leave one out")
    if typed.is_bare:
        return Wishes(selection=Selection(), typed=typed)
    from herodyno.cli.logs.narrowing import narrowed  # patterns, times, statistics: most runs have none

    return narrowed(session, typed)


def format_of(session: Session, wishes: Wishes) -> Format:
    """How lines are written: as asked for, else for a person on a terminal, plain in a pipe."""
    output, typed = session.output, wishes.typed
    asked = typed.output or ("json" if output.wants_json else "")
    if typed.template or asked not in ("", "text"):
        return _asked_for(session, asked, typed)
    if not (asked or typed.time or output.is_terminal or output.uses_color):
        return Plain()
    from herodyno.render.logs.terminal import Terminal

    return Terminal(
        color=output.uses_color,
        times=_times(typed.time, utc=output.utc),
        now=session.now(),
        highlights=wishes.highlights,
        draws=output.draws,
    )


def _asked_for(session: Session, asked: str, typed: Typed) -> Format:
    from herodyno.render.logs.formats import FORMATS, JsonDocument, Template

    if typed.template:
        if asked:
            raise UsageError("--template and --output are two formats", next_step="leave one out")
        return Template(typed.template)
    if asked == "json":
        return FORMATS["jsonl"]() if typed.tail else JsonDocument()
    if asked == "raw" and session.output.is_terminal and session.environ.get("HERODYNO_RAW") != "1":
        raise UsageError(
            "raw log lines can move and rewrite what a terminal shows",
            next_step="send them to a file or a pipe, or set HERODYNO_RAW=1",
        )
    if asked not in FORMATS:
        raise UsageError(f"--output {asked!r} is no format", next_step=f"one of text, json, {', '.join(FORMATS)}")
    return FORMATS[asked]()


def _times(asked: str, *, utc: bool) -> TimeStyle:
    for known in TIMES:
        if asked == known:
            return known
    if asked:
        raise UsageError(f"--time {asked!r} is no way to show times", next_step=f"one of {', '.join(TIMES)}")
    return "utc" if utc else "local"
