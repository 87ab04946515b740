"""What narrows the log that `logs` shows, understood: words, patterns, times, statistics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC

from herodyno.cli.logs.query import Typed, Wishes
from herodyno.cli.session import Session
from herodyno.cli.times import parse_moment
from herodyno.errors import UsageError
from herodyno.logs.query.filters import Condition, condition, pattern
from herodyno.logs.query.selecting import Selection
from herodyno.logs.query.statistics import parse_stats
from herodyno.units import parse_duration

_ID = re.compile(r"(?=[a-f-]*\d)[0-9a-f]{4}[0-9a-f-]*")


def narrowed(session: Session, typed: Typed) -> Wishes:
    """The wishes; UsageError names what cannot mean anything."""
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
        question=parse_stats(typed.stats) if typed.stats else None,
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
