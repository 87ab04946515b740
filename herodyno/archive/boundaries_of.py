"""What an engine says of the beginnings and ends of an app's dynos: the same boundaries as a pass over the lines gives.

Lines that begin or end a dyno are few, and are read as events. Of all lines the engine gives the first and the last
time of each name and of each dyno id.
"""

from __future__ import annotations

from herodyno.archive.engines.engine import Engine
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.rows import UNDATED, log_line
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.logs.codes.table import END_LIFE
from herodyno.logs.parsing.event import event_of

# Lines that are read again as events: those that begin or end an incarnation, and what people did.
_AS_EVENTS = ("state", "exit", "release", "scale", "config", "api")

_IN = "app = $app AND kind <> $undated AND (ts_us < $first_us OR ts_us > $last_us) AND ts_us <= $until_us"
_TOLD = f"""
SELECT ts_us, source, proc, message FROM events
WHERE {_IN} AND (kind IN $kinds OR (kind = 'addon' AND proc = 'api')
  OR (kind = 'error' AND code IN $codes))
ORDER BY ts_us, recv_us NULLS LAST, arrival, proc, message
"""  # noqa: S608
_NAMES = f"""
SELECT dyno, min(ts_us - CAST(coalesce(service_ms, 0) AS BIGINT) * 1000), max(ts_us) FROM events
WHERE {_IN} AND dyno IS NOT NULL AND kind <> 'attached' GROUP BY dyno ORDER BY dyno
"""  # noqa: S608
_IDS = f"""
SELECT dyno, dyno_uuid, min(ts_us), max(ts_us) FROM events
WHERE {_IN} AND kind = 'metrics' AND dyno_uuid IS NOT NULL GROUP BY dyno, dyno_uuid ORDER BY dyno, dyno_uuid
"""  # noqa: S608
# A record of OTLP names its dyno's id beside the text, so that no pass over texts sees it.
_RECORDED = """
SELECT dyno, dyno_uuid, min(ts_us), max(ts_us) FROM events
WHERE app = $app AND kind <> $undated AND dyno_uuid_how = 'otlp' AND dyno IS NOT NULL AND source <> 'heroku'
GROUP BY dyno, dyno_uuid ORDER BY dyno, dyno_uuid
"""
_SPAN = f"SELECT min(ts_us), max(ts_us) FROM events WHERE {_IN} HAVING count(*) > 0"  # noqa: S608

_NEVER = 1 << 62


def boundaries_of(
    engine: Engine, app: str, outside: tuple[int, int] = (_NEVER, _NEVER), *, until_us: int = _NEVER
) -> Boundaries:
    """The boundaries in all lines until a time but those of the span `outside`: microseconds, both ends belong to it.

    Lines of `events` and `actions` have numbers below 0, which no line of the span has.
    """
    first_us, last_us = outside
    values = {"app": app, "undated": UNDATED, "first_us": first_us, "last_us": last_us, "until_us": until_us}
    found = Boundaries()
    told = engine.rows(_TOLD, **values, kinds=_AS_EVENTS, codes=sorted(END_LIFE))
    for number, (ts_us, source, proc, message) in enumerate(told, start=-len(told)):
        found.add(event_of(log_line(ts_us, source, proc, message, number)))
    for name, first, last in engine.rows(_NAMES, **values):
        found.add_name(name, first / US_PER_SECOND, last / US_PER_SECOND)
    for name, dyno_id, first, last in engine.rows(_IDS, **values):
        found.add_id(name, dyno_id, first / US_PER_SECOND, last / US_PER_SECOND)
    for name, dyno_id, first, last in engine.rows(_RECORDED, app=app, undated=UNDATED):
        found.add_id(name, dyno_id, first / US_PER_SECOND, last / US_PER_SECOND)
    for first, last in engine.rows(_SPAN, **values):
        found.span.widen(first / US_PER_SECOND, last / US_PER_SECOND)
    return found
