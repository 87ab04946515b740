"""From lines as they come to what is shown: selected, marked, fused, counted; a list in, a list out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import LOSS_TELLERS, Bursts, Incarnations, Mark, Silence, loss_in, loss_mark
from herodyno.logs.query.selecting import Selector


@dataclass(slots=True)
class Seen:
    """How much was read: lines, the earliest and latest time, lines Heroku says it dropped (by L code)."""

    lines: int = 0
    selected: int = 0
    first: datetime | None = None
    last: datetime | None = None
    lost: Counter[str] = field(default_factory=Counter)
    gaps: int = 0


class Reading:
    """One walk through a log. `marks` are only made where somebody can see them; counting goes on without."""

    def __init__(self, selector: Selector, *, marks: bool, silence: float = 0.0, bursts: float = 0.0) -> None:
        self.seen = Seen()
        self._selector = selector
        self._incarnations = Incarnations() if marks else None
        self._silence = Silence(silence) if silence else None
        self._bursts = Bursts(bursts) if bursts else None

    def take(self, items: Iterable[LogLine | Mark]) -> list[LogLine | Mark]:
        """What of these is shown, with marks between."""
        shown: list[LogLine | Mark] = []
        seen, wants = self.seen, self._selector.wants
        is_plain = not (self._incarnations or self._silence or self._bursts)
        for item in items:
            if isinstance(item, Mark):
                seen.gaps += item.kind == "gap"
                shown.append(item)
                continue
            seen.lines += 1
            at = item.at
            if at is not None:
                if seen.first is None or at < seen.first:
                    seen.first = at
                if seen.last is None or at > seen.last:
                    seen.last = at
            loss = loss_in(item) if item.proc in LOSS_TELLERS else None
            if loss:
                seen.lost[loss.code] += loss.lost
            if self._incarnations:
                self._incarnations.see(item)
            if wants(item):
                seen.selected += 1
                if is_plain:
                    shown.append(item)
                else:
                    self._show(item, shown)
            if loss and self._incarnations:
                shown.append(loss_mark(loss))
        return shown

    def rest(self) -> Sequence[LogLine | Mark]:
        """What was still held back when the log ended, or fell silent."""
        return self._bursts.rest() if self._bursts else []

    def _show(self, line: LogLine, shown: list[LogLine | Mark]) -> None:
        for watch in (self._silence, self._incarnations):
            if watch and (mark := watch.before(line)):
                shown.append(mark)
        if self._bursts is None:
            shown.append(line)
            return
        marks, is_shown = self._bursts.take(line)
        shown += marks
        if is_shown:
            shown.append(line)
