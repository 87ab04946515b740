"""What was typed after `herodyno logs`, checked before anything is sent: words, times, patterns, format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from herodyno.cli.moments import parse_moment
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.logs.filters import Condition, condition, pattern
from herodyno.logs.selecting import Selection, Span
from herodyno.logs.statistics import Question, question
from herodyno.operations.durations import parse_duration
from herodyno.render.log_formats import FORMATS, Format, JsonDocument, Template
from herodyno.render.log_terminal import Terminal, TimeStyle

USUAL = 100  # lines shown when nothing narrows the log, as the Heroku CLI does
LAST_WORDS = 20  # lines shown of a dyno that is gone
TIMES: tuple[TimeStyle, ...] = ("local", "utc", "relative", "delta", "none")

_ID = re.compile(r"(?=[a-f-]*\d)[0-9a-f]{4}[0-9a-f-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The same, understood. `ids` are words that can only be the beginning of a dyno id."""

    selection: Selection
    ids: tuple[str, ...]
    typed: Typed
    highlights: tuple[re.Pattern[str], ...]
    silence: float
    bursts: float
    question: Question | None

    def within(self, spans: Sequence[Span]) -> Wishes:
        """The wishes with dynos narrowed to incarnations."""
        return replace(self, selection=replace(self.selection, spans=tuple(spans)), ids=())

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
    conditions, targets = _told_apart(typed.words)
    ids = tuple(word for word in targets if _ID.fullmatch(word))
    now, zone = session.now(), UTC if session.output.utc else None
    since, until = (
        parse_moment(text, now=now, zone=zone, flag=flag) if text else None
        for text, flag in ((typed.since, "--since"), (typed.until, "--until"))
    )
    if since and until and since > until:
        raise UsageError("--since is later than --until", next_step="nothing lies between them")
    return Wishes(
        selection=Selection(
            targets=tuple(word for word in targets if word not in ids),
            without=tuple(typed.without),
            grep=tuple(pattern(text, flag="--grep") for text in typed.grep),
            without_text=tuple(pattern(text, flag="--exclude") for text in typed.exclude),
            conditions=conditions,
            since=since,
            until=until,
            request_id=typed.request_id,
        ),
        ids=ids,
        typed=typed,
        highlights=tuple(pattern(text, flag="--highlight") for text in typed.highlight),
        silence=parse_duration(typed.gaps, flag="--gaps") if typed.gaps else 0.0,
        bursts=parse_duration(typed.fuse, flag="--fuse") if typed.fuse else 0.0,
        question=question(typed.stats) if typed.stats else None,
    )


def format_of(session: Session, wishes: Wishes) -> Format:
    """How lines are written: as asked for, else for a person on a terminal, plain in a pipe."""
    output, typed = session.output, wishes.typed
    asked = typed.output or ("json" if output.wants_json else "")
    if typed.template:
        if asked:
            raise UsageError("--template and --output are two formats", next_step="leave one out")
        return Template(typed.template)
    if asked == "json":
        return FORMATS["jsonl"]() if typed.tail else JsonDocument()
    if asked == "raw" and output.is_terminal and session.environ.get("HERODYNO_RAW") != "1":
        raise UsageError(
            "raw log lines can move and rewrite what a terminal shows",
            next_step="send them to a file or a pipe, or set HERODYNO_RAW=1",
        )
    if asked and asked != "text":
        if asked not in FORMATS:
            raise UsageError(f"--output {asked!r} is no format", next_step=f"one of text, json, {', '.join(FORMATS)}")
        return FORMATS[asked]()
    if not (asked or typed.time or output.is_terminal or output.uses_color):
        return FORMATS["plain"]()
    return Terminal(
        color=output.uses_color,
        times=_times(typed.time, utc=output.utc),
        now=session.now(),
        highlights=wishes.highlights,
        unicode=output.unicode,
    )


def _told_apart(words: Sequence[str]) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    conditions: list[Condition] = []
    targets: list[str] = []
    for word in words:
        found = condition(word)
        if found:
            conditions.append(found)
        else:
            targets.append(word)
    return tuple(conditions), tuple(targets)


def _times(asked: str, *, utc: bool) -> TimeStyle:
    for known in TIMES:
        if asked == known:
            return known
    if asked:
        raise UsageError(f"--time {asked!r} is no way to show times", next_step=f"one of {', '.join(TIMES)}")
    return "utc" if utc else "local"
