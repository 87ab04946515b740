"""What each process type of an app used over days: memory, load, requests, errors, dyno hours; an engine counts.

A quantile is the smallest value that so many of the counted ones do not exceed, so it is exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.history import History
from herodyno.diagnosis.used import LONGEST_GAP_SECONDS, covered
from herodyno.dynos import natural_order, process_type_of
from herodyno.units import US_PER_DAY

_HOUR_US = 3_600_000_000
_IN = "app = $app AND ts_us >= $first_us AND ts_us <= $last_us AND dyno IS NOT NULL"
_MEMORY = f"""
SELECT dyno, ts_us - ts_us % {US_PER_DAY} AS day_us, CAST(floor(mem_total_mb + 5e-1) AS BIGINT) AS mb, count(*) AS n
FROM events WHERE {_IN} AND kind = 'metrics' AND mem_total_mb IS NOT NULL GROUP BY 1, 2, 3
"""  # noqa: S608
_LOAD = f"""
SELECT dyno, ts_us - ts_us % {US_PER_DAY} AS day_us, CAST(floor(load_1m * 100 + 5e-1) AS BIGINT) AS hundredths,
  count(*) AS n
FROM events WHERE {_IN} AND kind = 'metrics' AND load_1m IS NOT NULL GROUP BY 1, 2, 3
"""  # noqa: S608
# A websocket's time (status 101) is how long a client stayed.
_REQUESTS = f"""
SELECT dyno, ts_us - ts_us % {US_PER_DAY} AS day_us, CASE WHEN status = 101 THEN NULL ELSE service_ms END AS ms,
  count(*) AS n, CAST(sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) AS BIGINT) AS failed
FROM events WHERE {_IN} AND kind = 'router' GROUP BY 1, 2, 3
"""  # noqa: S608
_HOURS = f"""
SELECT dyno, ts_us - ts_us % {_HOUR_US} AS hour_us,
  CAST(sum(CASE WHEN kind = 'router' THEN 1 ELSE 0 END) AS BIGINT) AS requests
FROM events WHERE {_IN} GROUP BY 1, 2
"""  # noqa: S608
# A gap within a span is shorter than the longest over which spans are joined.
_MEASURED = f"""
SELECT dyno, ts_us - ts_us % {LONGEST_GAP_SECONDS * US_PER_SECOND} AS span_us, min(ts_us), max(ts_us)
FROM events WHERE {_IN} AND kind = 'metrics' AND mem_total_mb IS NOT NULL GROUP BY 1, 2
"""  # noqa: S608
_CODES = f"SELECT dyno, code, count(*) AS n FROM events WHERE {_IN} AND code IS NOT NULL GROUP BY 1, 2"  # noqa: S608
_QUOTAS = f"""
SELECT DISTINCT dyno, mem_quota_mb FROM events WHERE {_IN} AND kind = 'metrics' AND mem_quota_mb IS NOT NULL
"""  # noqa: S608
_NO_DYNO = """
SELECT count(*) FROM events
WHERE app = $app AND ts_us >= $first_us AND ts_us <= $last_us AND kind = 'router' AND dyno IS NULL
"""


class Levels(NamedTuple):
    """A quantity over the window: how many values, their quantiles and the highest; of `days` days with values the
    lowest and the highest 95th percentile of a day, which is how far it varies."""

    n: int
    p50: float
    p95: float
    highest: float
    days: int
    day_p95: tuple[float, float]


@dataclass
class TypeProfile:
    """What a process type used. Memory is memory_total in MB, load that of one minute, service times are in ms.

    `dyno_hours` are pairs of a dyno name and an hour in which it shows; `most_dynos` is the most names of one hour.
    `measured_seconds` is the time that memory samples cover. `busiest` is the hour with the most requests.
    """

    type: str
    memory: Levels | None = None
    load: Levels | None = None
    service: Levels | None = None
    requests: int = 0
    failed: int = 0
    measured_seconds: float = 0.0
    dyno_hours: int = 0
    most_dynos: int = 0
    busiest: tuple[int, int] | None = None  # (its beginning in µs since 1970, requests)
    quotas_mb: list[float] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)


class Profile(NamedTuple):
    """The types in order of their names, and the requests that name no dyno."""

    types: list[TypeProfile]
    without_dyno: int


def profile(window: History) -> Profile:
    """Count what the types used in a part of an archive."""
    types: dict[str, TypeProfile] = {}

    def of(dyno: str) -> TypeProfile:
        name = process_type_of(dyno)
        return types.setdefault(name, TypeProfile(name))

    asked = {"app": window.app, "first_us": window.first_us, "last_us": window.last_us}
    memory, load, service = (defaultdict[str, _Days](_Days) for _ in range(3))
    with window.engine() as found:

        def rows(text: str) -> Iterator[tuple[Any, ...]]:
            for batch in found.batches(text, **asked):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

        for dyno, day, mb, n in rows(_MEMORY):
            memory[of(dyno).type].add(day, mb, n)
        for dyno, day, hundredths, n in rows(_LOAD):
            load[of(dyno).type].add(day, hundredths / 100, n)
        for dyno, day, ms, n, failed in rows(_REQUESTS):
            own = of(dyno)
            own.requests += n
            own.failed += failed
            if ms is not None:
                service[own.type].add(day, ms, n)
        hours: dict[str, dict[int, list[int]]] = {}
        for dyno, hour, requests in rows(_HOURS):
            told = hours.setdefault(of(dyno).type, {}).setdefault(hour, [0, 0])
            told[0] += 1
            told[1] += requests
        spans: dict[str, dict[str, list[tuple[float, float]]]] = {}
        for dyno, _, first, last in rows(_MEASURED):
            span = (first / US_PER_SECOND, last / US_PER_SECOND)
            spans.setdefault(of(dyno).type, {}).setdefault(dyno, []).append(span)
        for dyno, code, n in rows(_CODES):
            own = of(dyno)
            own.codes[code] = own.codes.get(code, 0) + n
        for dyno, quota in rows(_QUOTAS):
            own = of(dyno)
            own.quotas_mb = sorted({*own.quotas_mb, round(quota, 2)})
        ((without_dyno,),) = found.rows(_NO_DYNO, **asked)
    for name, own in types.items():
        own.memory, own.load, own.service = (each[name].levels() for each in (memory, load, service))
        own.measured_seconds = covered(spans.get(name, {}))
        _count_hours(own, hours.get(name, {}))
    return Profile(sorted(types.values(), key=lambda own: natural_order(own.type)), without_dyno)


def _count_hours(own: TypeProfile, hours: dict[int, list[int]]) -> None:
    own.dyno_hours = sum(dynos for dynos, _ in hours.values())
    own.most_dynos = max((dynos for dynos, _ in hours.values()), default=0)
    if own.requests:
        most, hour = max((requests, -hour) for hour, (_, requests) in hours.items())
        own.busiest = (-hour, most)


class _Days:
    """How often each value was seen on each day."""

    def __init__(self) -> None:
        self._days: dict[int, Counter[float]] = {}

    def add(self, day: int, value: float, n: int) -> None:
        self._days.setdefault(day, Counter())[value] += n

    def levels(self) -> Levels | None:
        whole: Counter[float] = Counter()
        for each in self._days.values():
            whole.update(each)
        if not whole:
            return None
        p95s = [_quantile(each, 0.95) for each in self._days.values()]
        p50, p95 = _quantile(whole, 0.5), _quantile(whole, 0.95)
        return Levels(whole.total(), p50, p95, max(whole), len(p95s), (min(p95s), max(p95s)))


def _quantile(values: Counter[float], part: float) -> float:
    """The smallest value that at least this part of the values does not exceed."""
    rest = part * values.total()
    for value in sorted(values):
        rest -= values[value]
        if rest <= 1e-9:
            return value
    return max(values)
