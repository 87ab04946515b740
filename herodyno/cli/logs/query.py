"""What `logs` is asked for: its options, with times, patterns and filters parsed before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from herodyno.cli.logs.options import LogOptions
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.heroku_facts import DEFAULT_LOG_LINES
from herodyno.logs.query.selecting import Lifetime, Selection

if TYPE_CHECKING:
    from herodyno.cli.logs.pattern_query import PatternQuery
    from herodyno.logs.query.filters import Condition
    from herodyno.logs.query.stats_query import StatsQuery

PREVIOUS_LINES = 20  # lines of a dyno that ended; ours


class LogQuery(NamedTuple):
    """The options, and the values parsed from them. `ids` are words that can only be the beginning of a dyno id.

    `typed_ids` are these words after their incarnations were found. `silence` and `bursts` are the seconds of --gaps
    and --fuse, 0 without the flag. `columns` are the fields of --table. `apps` are the names of several apps, shown
    with their lines.
    """

    options: LogOptions
    selection: Selection
    ids: tuple[str, ...] = ()
    highlights: tuple[re.Pattern[str], ...] = ()
    silence: float = 0.0
    bursts: float = 0.0
    question: StatsQuery | None = None
    columns: tuple[str, ...] = ()
    patterns: PatternQuery | None = None
    typed_ids: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()

    def within(self, spans: Sequence[Lifetime]) -> LogQuery:
        """The query with the dyno ids replaced by the times of their incarnations."""
        return self._replace(selection=self.selection._replace(lifetimes=tuple(spans)), ids=(), typed_ids=self.ids)

    @property
    def max_lines(self) -> int | None:
        """How many lines are shown at most, None for all."""
        if self.options.num is not None or self.question or self.patterns:
            return self.options.num
        if self.options.previous:
            return PREVIOUS_LINES
        is_filtered = self.options.is_offline or self.ids or not self.selection.is_everything
        return None if is_filtered else DEFAULT_LOG_LINES


def parse_query(session: Session, options: LogOptions) -> LogQuery:
    """The query. Raises UsageError for a value that has no meaning, and for flags that exclude one another."""
    if options.num is not None and options.num < 0:
        raise UsageError(f"--num {options.num} is less than no line", next_step="0 shows new lines only, with --tail")
    if options.tail and options.previous:
        raise UsageError("--tail follows what lives, --previous shows what is gone", next_step="leave one out")
    if options.is_plain:
        return LogQuery(options=options, selection=Selection())
    # Most runs have neither patterns nor times nor statistics.
    from datetime import UTC

    from herodyno.cli.times import parse_time
    from herodyno.logs.query.fields import COMMON_FIELDS
    from herodyno.logs.query.filters import any_of, pattern
    from herodyno.logs.query.stats_query import parse_stats
    from herodyno.typed_values import parse_duration

    words, patterns = options.all_words, None
    if options.is_about_patterns:
        from herodyno.cli.logs.pattern_query import parse_patterns

        patterns, words = parse_patterns(session, options)
    conditions, targets = _conditions_and_targets(words)
    columns = _columns(options.table) if options.table else ()
    if rare := [name for name in columns if name not in COMMON_FIELDS]:
        conditions += (any_of(rare, f"--table {options.table}"),)  # a line with none of them says nothing here
    ids = tuple(word for word in targets if re.fullmatch(r"(?=[a-f-]*\d)[0-9a-f]{4}[0-9a-f-]*", word))
    now, zone = session.now(), UTC if session.output.utc else None
    since, until = (
        parse_time(text, now=now, zone=zone, flag=flag) if text else None
        for text, flag in ((options.since, "--since"), (options.until, "--until"))
    )
    if since and until and since > until:
        raise UsageError("--since is later than --until", next_step="nothing lies between them")
    question = parse_stats(options.stats) if options.stats else None
    if options.plot and not (question and question.seconds):
        by = f"{options.stats}{',' if question and question.by else ' by '}1m" if question else "count by 1m"
        raise UsageError("--plot draws --stats by time", next_step=f"such as --stats '{by}' --plot")
    return LogQuery(
        options=options,
        selection=Selection(
            targets=tuple(word for word in targets if word not in ids),
            without=tuple(options.without or ()),
            grep=tuple(pattern(text, flag="--grep") for text in options.grep or ()),
            without_text=tuple(pattern(text, flag="--exclude") for text in options.exclude or ()),
            conditions=conditions,
            since=since,
            until=until,
            request_id=options.request_id,
            speaker_alone=options.means_speaker and bool(targets or options.without),
        ),
        ids=ids,
        highlights=tuple(pattern(text, flag="--highlight") for text in options.highlight or ()),
        silence=parse_duration(options.gaps, flag="--gaps") if options.gaps else 0.0,
        bursts=parse_duration(options.fuse, flag="--fuse") if options.fuse else 0.0,
        question=question,
        columns=columns,
        patterns=patterns,
    )


def _columns(text: str) -> tuple[str, ...]:
    """The fields of --table, each once."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if bad := [name for name in names if not re.fullmatch(r"[\w.#-]{1,64}", name, re.ASCII)]:
        raise UsageError(f"--table: {bad[0]!r} is no field", next_step="such as --table dyno,code,service,path")
    return names


def _conditions_and_targets(words: Sequence[str]) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    """The filters on fields (status>=500), and the words that name a speaker or a dyno (web.1)."""
    from herodyno.logs.query.filters import condition

    parsed = [(word, condition(word)) for word in words]
    return tuple(found for _, found in parsed if found), tuple(word for word, found in parsed if not found)
