"""`logs` by dyno id, and `logs --previous`: words that mean incarnations become spans of time under a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from herodyno.diagnosis.timeline.boundaries import boundaries_of
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.previous import ended_incarnations, incarnations_with_id, times_of
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.dynos import Dyno
from herodyno.errors import NotFound
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.events_of import event_of
from herodyno.logs.query.selecting import Span


def incarnations_in(lines: Iterable[LogLine], dynos: Sequence[Dyno] | None) -> Timeline:
    """The incarnations that a log and the API show; `dynos` is None when the API was not asked."""
    return timeline(boundaries_of(map(event_of, lines)), dynos, ())


def spans_of_ids(ids: Sequence[str], times: Timeline | None, dynos: Sequence[Dyno]) -> list[Span]:
    """The time under its name of each dyno whose id begins so; NotFound for an id that names none."""
    spans: list[Span] = []
    for word in ids:
        found = [Span(dyno=dyno.name, since=dyno.created_at, until=None) for dyno in dynos if dyno.id.startswith(word)]
        for incarnation in incarnations_with_id(times, word) if times else ():
            since, until = times_of(incarnation)
            known = [span for span in found if span.dyno == incarnation.dyno and incarnation.end is None]
            found = [span for span in found if span not in known]
            found.append(Span(dyno=incarnation.dyno, since=since, until=until))
        if not found:
            raise NotFound(
                f"no dyno id begins with {word!r}, among the dynos that run or in this log",
                next_step="the ids of those that run: herodyno ps",
            )
        spans += found
    return spans


def incarnations_that_ended(words: Sequence[str], times: Timeline) -> list[Incarnation]:
    """The life that ended last under each name that the words mean; NotFound when none has."""
    if incarnations := ended_incarnations(times, words):
        return incarnations
    whom = f"no dyno under the name {' or '.join(words)}" if words else "no dyno"
    raise NotFound(f"{whom} ended within this log", next_step="a longer log: herodyno logs --previous --from-file FILE")
