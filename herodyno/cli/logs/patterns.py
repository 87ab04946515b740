"""`logs --patterns`: the sink that counts the selected lines by their patterns, and shows the patterns or a change."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from herodyno.cli.logs.oddities import note_oddities
from herodyno.cli.logs.pattern_query import PatternQuery
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.session import Session
from herodyno.diagnosis.pattern_changes import FEWEST_LINES, FEWEST_SECONDS, pattern_changes, too_little
from herodyno.errors import NotEnoughData
from herodyno.logs.events import LogLine
from herodyno.logs.patterns.log_patterns import LogPatterns
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.logs.query.whole_log import WholeLog
from herodyno.render.logs.pattern_records import Split, pattern_records, patterns_csv, patterns_document
from herodyno.render.logs.patterns import (
    USUAL_PATTERNS,
    By,
    Counted,
    Look,
    change_blocks,
    pattern_blocks,
    sorted_patterns,
)
from herodyno.render.text import Block, lay_out
from herodyno.units import clock, count, spoken_duration, zone_name, zone_of, zoned_clocks

if TYPE_CHECKING:
    from herodyno.diagnosis.report.line_redaction import LineRedactor

_LONGER = "a longer log: herodyno logs --patterns --from-file FILE"
REFRESH = 1.0  # seconds between two pictures of a live table


class PatternsSink:
    """Patterns, shown once at the end; on a terminal, --tail draws them anew each second."""

    def __init__(self, session: Session, query: LogQuery, asked: PatternQuery, redacted: LineRedactor | None) -> None:
        self._output = output = session.output
        self._query = query
        self._moment = moment = asked.moment
        self._redacted = redacted
        self._form = query.options.output or ("json" if output.wants_json else "text")
        self._by: By = "bytes" if asked.by == "bytes" else "lines"
        self._patterns = LogPatterns(moment.at if moment else None)
        self._log = WholeLog(query.selection, moment.at if moment else None)
        self._redraws = query.options.tail and output.draws_frames and self._form == "text"
        self._drawn_at = 0.0
        now = session.now()
        most = query.options.num
        self._look = Look(
            now,
            zone_of(now, utc=output.utc),
            USUAL_PATTERNS if most is None else most,
            query.options.long,
            output.signs if output.is_terminal else None,
            output.width if output.is_terminal else None,
        )
        self.error: NotEnoughData | None = None

    def see(self, items: Iterable[LogLine | Mark]) -> None:
        self._log.see(items)

    def take(self, items: Iterable[LogLine | Mark]) -> None:
        add, redacted = self._patterns.add, self._redacted
        for item in items:
            if isinstance(item, LogLine):
                add(redacted(item) if redacted else item)
        if self._redraws and time.monotonic() - self._drawn_at >= REFRESH:
            counted = self._counted()
            self._draw(counted, self._split(counted))

    def end_history(self) -> None:
        pass

    def end(self, seen: LogSummary) -> None:
        self._patterns.close()
        counted = self._counted()
        split = self._split(counted)
        self.error = NotEnoughData(split.why_not, next_step=_LONGER) if split and split.why_not else None
        output, most = self._output, self._query.options.num
        if self._form == "json":
            output.json(patterns_document(counted, split, most))
        elif self._form == "jsonl":
            output.write("".join(json.dumps(each) + "\n" for each in pattern_records(counted, split, most)))
        elif self._form == "csv":
            output.write(patterns_csv(counted, split, most))
        elif self._redraws:
            self._draw(counted, split)
        else:
            output.show(*self._blocks(counted, split))
        if counted.lines:
            output.note(self._found(counted))
        note_oddities(output, seen)

    def _counted(self) -> Counted:
        patterns = self._patterns
        found = sorted_patterns(list(patterns), self._by)
        firsts = [it.counts.first.at for it in found if it.counts.first]
        lasts = [it.counts.last for it in found if it.counts.last]
        return Counted(
            found,
            patterns.lines,
            patterns.bytes,
            patterns.clock,
            min(firsts, default=None),
            max(lasts, default=None),
            self._log.seconds,
            self._by,
        )

    def _blocks(self, counted: Counted, split: Split | None) -> Iterator[Block]:
        if split and split.changes and self._moment:
            return change_blocks(split.changes, split.what, split.at, self._look)
        return pattern_blocks(counted, self._look)

    def _split(self, counted: Counted) -> Split | None:
        """The comparison, or why there is none."""
        if self._moment is None:
            return None
        at, what = self._moment
        named = f"{what} ({self._time(at)})" if what else self._time(at)
        log = self._log
        first, last = log.first, log.last
        changes = pattern_changes(counted.patterns, log.sides(), log.types, counted.clock.seconds)
        side = too_little(changes.sides)
        if not side:
            return Split(at, what, changes)
        has = changes.sides[side == "after"]
        why = (
            f"there is too little {side} {named}: {count(has.lines, 'line')} in "
            f"{spoken_duration(has.seconds)}; a comparison takes {FEWEST_LINES} lines and {FEWEST_SECONDS:.0f} s"
        )
        if first and last and (first > at or last < at):
            reach = f"the log reaches from {self._times(first, last)}"
            why = f"{reach}: nothing of it is {side} {named}"
        return Split(at, what, None, why)

    def _found(self, counted: Counted) -> str:
        """How much was counted. A note on Heroku's window follows each answer, none on what a file or a tail covers."""
        told = f"{count(len(counted.patterns), 'pattern')} in {count(counted.lines, 'line')}"
        options = self._query.options
        if (options.is_offline or options.tail) and counted.first and counted.last:
            told += f" from {self._times(counted.first, counted.last)}"
        return told

    def _times(self, first: datetime, last: datetime) -> str:
        return " to ".join(zoned_clocks(first, last, self._look.zone, today=self._look.now))

    def _time(self, at: datetime) -> str:
        return f"{clock(at, self._look.zone, today=self._look.now)} {zone_name(at, self._look.zone)}"

    def _draw(self, counted: Counted, split: Split | None) -> None:
        self._output.frame(lay_out(self._blocks(counted, split), self._output.width))
        self._drawn_at = time.monotonic()
