"""A log as it goes by: lines are selected, marked, fused and counted; a list in, a list out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import (
    LOSS_REPORTERS,
    IncarnationMarks,
    Mark,
    RepeatedLines,
    SilenceMarks,
    loss_in,
    loss_mark,
)
from herodyno.logs.query.selecting import Selector

Items: TypeAlias = Iterable[LogLine | Mark]  # what is read, and what is shown


@dataclass(slots=True)
class LogSummary:
    """What was read, whether it was shown or not.

    `lines` were read, `selected` of them were wanted. `first` and `last` are the earliest and the latest time.
    `lost` counts the lines that Heroku reports as dropped, by L code; `gaps` counts breaks of the connection.
    `unread` lines have no head that can be read, the first of them is `first_unread`. The year of `without_year` lines
    is a guess, `without_offset` lines were taken for UTC.
    """

    lines: int = 0
    selected: int = 0
    first: datetime | None = None
    last: datetime | None = None
    lost: Counter[str] = field(default_factory=Counter)
    gaps: int = 0
    unread: int = 0
    first_unread: str = ""
    without_year: int = 0
    without_offset: int = 0


def total(summaries: Sequence[LogSummary]) -> LogSummary:
    """What was read of several logs."""
    firsts = [each.first for each in summaries if each.first]
    lasts = [each.last for each in summaries if each.last]
    return LogSummary(
        lines=sum(each.lines for each in summaries),
        selected=sum(each.selected for each in summaries),
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        lost=sum((each.lost for each in summaries), Counter()),
        gaps=sum(each.gaps for each in summaries),
        unread=sum(each.unread for each in summaries),
        first_unread=next((each.first_unread for each in summaries if each.first_unread), ""),
        without_year=sum(each.without_year for each in summaries),
        without_offset=sum(each.without_offset for each in summaries),
    )


class Reading:
    """One walk through a log; `summary` grows with it.

    `marks`: whether marks are shown, of new incarnations and of lost lines. The summary does not depend on it.
    `silence`: seconds without a selected line from which a mark is shown, 0 for never.
    `bursts`: seconds that may lie between two fused lines, 0 to fuse none.
    `needle`: a text that every counted line holds.
    """

    def __init__(
        self, selector: Selector, *, marks: bool, silence: float = 0.0, bursts: float = 0.0, needle: str = ""
    ) -> None:
        self.summary = LogSummary()
        self._selector = selector
        self._needle = needle
        self._incarnations = IncarnationMarks() if marks else None
        self._silence = SilenceMarks(silence) if silence else None
        self._repeated = RepeatedLines(bursts) if bursts else None

    def take(self, items: Items) -> list[LogLine | Mark]:
        """The selected lines, with marks between them."""
        shown: list[LogLine | Mark] = []
        summary, wants = self.summary, self._selector.wants
        is_plain = not (self._incarnations or self._silence or self._repeated)
        for item in items:
            if isinstance(item, Mark):
                summary.gaps += item.kind == "gap"
                shown.append(item)
                continue
            summary.lines += 1
            at = item.at
            is_wanted = wants(item)
            if not item.source or item.raw[26:27] != "+":  # as nearly all lines have it
                self._note_oddity(item, is_wanted=is_wanted)
            if at is not None:
                if summary.first is None or at < summary.first:
                    summary.first = at
                if summary.last is None or at > summary.last:
                    summary.last = at
            loss = loss_in(item) if item.proc in LOSS_REPORTERS else None
            if loss:
                summary.lost[loss.code] += loss.lost
            if self._incarnations:
                self._incarnations.learn(item)
            if is_wanted:
                summary.selected += 1
                if is_plain:
                    shown.append(item)
                else:
                    self._show(item, shown)
            if loss and self._incarnations:
                shown.append(loss_mark(loss))
        return shown

    def rest(self) -> Sequence[LogLine | Mark]:
        """The marks of fused lines that were still held back when the log ended."""
        return self._repeated.rest() if self._repeated else []

    def _note_oddity(self, line: LogLine, *, is_wanted: bool) -> None:
        """Count what the head of a line lacks. Where lines alone tell, others may not even be read."""
        if (self._selector.judges_lines_alone and not is_wanted) or self._needle not in line.raw:
            return
        summary = self.summary
        if not line.source:
            summary.unread += 1
            summary.first_unread = summary.first_unread or line.raw
            return
        from herodyno.logs.decoding.guesses import lacks  # few logs have such lines, and start-up counts

        lacking = lacks(line)
        summary.without_year += lacking == "year"
        summary.without_offset += lacking == "offset"

    def _show(self, line: LogLine, shown: list[LogLine | Mark]) -> None:
        for marks in (self._silence, self._incarnations):
            if marks and (mark := marks.before(line)):
                shown.append(mark)
        if self._repeated is None:
            shown.append(line)
            return
        ended, is_shown = self._repeated.take(line)
        shown += ended
        if is_shown:
            shown.append(line)
