"""Which incarnation bears a dyno id: by the runtime metrics, by the API's list, and from when on.

An id holds from the API's created_at. Without that time it holds from at most the longest life of a dyno before the
first line that names it. What a log shows of the name before belongs to a previous dyno, whose id is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from herodyno.diagnosis.timeline.boundaries import FirstLast
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.succession import Succession
from herodyno.dynos import CLOCKS_DIFFER, Dyno, is_fir_name
from herodyno.heroku_facts import (
    CYCLE_INTERVAL_SECONDS,
    CYCLE_SPREAD_SECONDS,
    EXIT_TIMEOUT_SECONDS,
    FIRST_SAMPLE_SECONDS,
)

# No sample comes sooner after the start. The leeway of 5 s is ours.
_FIRST_SAMPLE = min(FIRST_SAMPLE_SECONDS) - 5.0
# Ours. The API's created_at and the log's first line of a start are 2 to 6 s apart (measured on boot lines).
SAME_START = 45.0
_CLOCKS_DIFFER = CLOCKS_DIFFER.total_seconds()
# Ours: a sample this much later than created_at belongs to the dyno of that name even when the API gives another id.
_AFTER_CREATION = 5.0
# 28 h: Heroku restarts a dyno for its age by then. The last 24 minutes are ours.
_LONGEST_LIFE = CYCLE_INTERVAL_SECONDS + CYCLE_SPREAD_SECONDS + 24 * 60.0


def bind_sampled_id(of_name: Succession, dyno_id: str, seen: FirstLast) -> None:
    """Bind a dyno id of the runtime metrics to the incarnation that must bear it, or to a new one."""
    free = [each for each in of_name.present if each.id is None and (each.end is None or each.end > seen.first)]
    settled = [each for each in free if each.start is None or each.start <= seen.first - _FIRST_SAMPLE]
    own = settled[-1] if settled else free[0] if free else None
    if own is None:
        previous = of_name.newest_open()
        overlaps = previous is not None and (previous.sampled or 0.0) > seen.first
        if previous is not None and not overlaps:
            known = previous.sampled or seen.first
            previous.end = min(seen.first, max(known, previous.start or known))
        # When two ids are sampled in turn from the first minute on, the second may be as old as the log as well.
        is_old = overlaps and of_name.is_near_the_beginning(seen.first, EXIT_TIMEOUT_SECONDS)
        own = of_name.open(None if is_old else seen.first)
    own.id, own.id_source, own.sampled = dyno_id, "runtime-metrics", seen.last


def bind_listed_dyno(of_name: Succession, dyno: Dyno, ids: Mapping[str, FirstLast]) -> bool:
    """Bind a dyno of the API to its incarnation, or to a new one. False when log and API give one time two ids.

    `ids` are the dyno ids of the name's metric lines.
    """
    created = dyno.created_at.timestamp() if dyno.created_at else None
    own = next((each for each in of_name.incarnations if each.id and each.id == dyno.id), None)
    agrees = True
    if own is None and created is not None:
        own = _earlier_incarnation(of_name, created)
        if own is not None:
            own.id = dyno.id or None
    if own is not None:
        own.id_source = "api+runtime-metrics" if dyno.id in ids else "api"
    else:
        own, agrees = _last_or_new(of_name, dyno, ids, created)
        if agrees:
            own.id, own.id_source = dyno.id or None, "api" if dyno.id else "unknown"
    if agrees:
        own.created = created
    own.command, own.release, own.size, own.state = dyno.command, dyno.release, dyno.size, dyno.state
    own.type = dyno.type or own.type
    return agrees


def name_fir_incarnations(of_name: Succession) -> None:
    """On Fir the name of a dyno is new for each incarnation, so the name serves as its id."""
    if is_fir_name(of_name.dyno) and len(of_name.incarnations) == 1 and of_name.incarnations[0].id is None:
        of_name.incarnations[0].id_source = "name"


def date_ids(of_name: Succession, ids: Mapping[str, FirstLast], window_end: float) -> None:
    """Divide each incarnation that began before its id can have begun. Called when all ids are bound."""
    for place, own in reversed(list(enumerate(of_name.incarnations))):
        sampled = ids.get(own.id or "")
        if own.created is not None:
            _hold_from(of_name, own, place, own.created if sampled is None else min(own.created, sampled.first))
            if own.start is None and (own.end is None or own.created <= own.end):
                own.start = own.created
        elif own.id is not None and (own.start is not None or place == 0):
            _hold_from(of_name, own, place, (window_end if sampled is None else sampled.first) - _LONGEST_LIFE)


def _hold_from(of_name: Succession, own: Incarnation, place: int, seconds: float) -> None:
    began, leeway = (own.start, SAME_START) if own.start is not None else (of_name.first_seen, _CLOCKS_DIFFER)
    has_ended = own.end is not None and own.end <= seconds
    if began is not None and seconds - began > leeway and not has_ended:
        of_name.divide(own, seconds, place)


def _last_or_new(
    of_name: Succession, dyno: Dyno, ids: Mapping[str, FirstLast], created: float | None
) -> tuple[Incarnation, bool]:
    """(the name's last incarnation, or a new one; whether it is the API's dyno)."""
    last = of_name.incarnations[-1] if of_name.incarnations else None
    seen = ids.get(last.id or "") if last is not None else None
    if last is not None and seen is not None and (created is None or seen.first > created + _AFTER_CREATION):
        return last, False  # the samples are younger than the dyno and bear another id
    if last is not None and _is_same_start(of_name, last, created):
        return last, True
    own = Incarnation(dyno.name, len(of_name.incarnations), created)
    if last is not None and last.end is None and last.id_source not in ("api", "api+runtime-metrics"):
        last.end = max(created, last.start or created) if created is not None and last.term is None else None
    of_name.incarnations.append(own)
    return own, True


def _earlier_incarnation(of_name: Succession, created: float) -> Incarnation | None:
    """The incarnation before the last one, when the API's list was made before the last one started."""
    last = of_name.incarnations[-1] if of_name.incarnations else None
    if last is None or last.start is None or created >= last.start - SAME_START:
        return None
    for each in reversed(of_name.incarnations[:-1]):
        if each.id is None and each.start is not None and abs(each.start - created) <= SAME_START:
            return each
        if each.id is None and each.start is None and created <= (of_name.first_seen or created) + 1.0:
            return each
    return None


def _is_same_start(of_name: Succession, last: Incarnation, created: float | None) -> bool:
    if last.id is not None:
        return False
    if created is None:
        return True
    since = last.stopping_since
    if since is not None and created >= since:  # the dyno was made when the last one was stopping already
        return False
    if last.start is not None:
        return abs(last.start - created) <= SAME_START or created < last.start
    # The last one began before the first line. It is this dyno only if the dyno was made before that line.
    return of_name.first_seen is not None and created <= of_name.first_seen + 1.0
