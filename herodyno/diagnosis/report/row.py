"""One row of the blame table: an incarnation, and what was seen of it in numbers with their denominators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from herodyno.diagnosis.report.series import EMPTY, Series
from herodyno.diagnosis.timeline.incarnations import EndReason, IdSource

TrendClass: TypeAlias = Literal["not_assessed", "flat", "warming_up", "growing"]
OutlierVerdict: TypeAlias = Literal["outlier", "suspect", "not_outlier", "not_assessed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """Two times, the earlier first."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSummary:
    """Requests that named this incarnation. `share` is of its process type's requests, None when there are none.
    Percentiles are of service time in ms over all its requests, the failed ones too; None without one. `websockets`
    are among `n`, and in no percentile."""

    n: int
    share: float | None
    p50_ms: int | None
    p95_ms: int | None
    websockets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Server errors: raw lines `n`, collapsed `bursts`, share of the type's errors, rate with its Wilson interval."""

    n: int
    bursts: int
    share: float | None
    by_code: tuple[tuple[str, int], ...]
    rate: float | None
    rate_ci95: tuple[float, float] | None
    paths: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """Whether this incarnation's errors stand out from its peers' in shared time.

    `requests`, `errors`, `peer_requests` and `peer_errors` are of the time in which a peer served as well, both past
    their first two minutes. `expected` are the errors it would have had then at its peers' rate. `unshared_errors` are
    the others, which say nothing. `uneven`: from its birth on it failed more often than its peers, beyond chance.
    `apart`: three times as often. In the test of workers, "exceptions-in-shared-time", units of five seconds take the
    place of requests, exceptions that of errors. `reason` says why it was not tested, or why a suspect is not accused.
    `ongoing`: whether its errors go on, None when the data cannot tell or there are none.
    """

    tested: bool
    test: str
    requests: int
    errors: int
    expected: float
    peer_requests: int
    peer_errors: int
    unshared_errors: int
    uneven: bool
    apart: bool
    p_adjusted: float | None
    rate_ratio: float | None
    rate_ratio_low: float | None
    sustained: tuple[int, int] | None
    verdict: OutlierVerdict
    reason: str = ""
    ongoing: bool | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Median service time against the median of the other dynos; `slower` by statistics/latency.py."""

    assessed: bool
    slower: bool
    p50_ms: int | None
    peers_p50_ms: int | None
    buckets: tuple[int, int] | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePart:
    """What memory did in the last hours: the slope plus or minus its margin (95 %).

    `rises`: beyond doubt. `may_rise`: the margin allows for a rise that matters.
    """

    slope_mb_per_h: float
    margin: float
    hours: float
    rises: bool
    may_rise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How memory_total moved over one incarnation. `reason` says why that was not assessed.

    The slope is that of the later part of the time, `range` its 95 % interval. `late` is None when not assessed. Only
    growing memory has an `eta_quota`.
    """

    kind: TrendClass
    reason: str
    slope_mb_per_h: float | None = None
    range: tuple[float, float] | None = None
    late: LatePart | None = None
    eta_quota: TimeSpan | None = None
    observed_minutes: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Memory of one incarnation. `n` counts samples. Levels are those of samples, or else those beside R14s.

    `last_mb` was read at `last_at`, `last_pct` is its part of the quota in per cent.
    `quota_source` is "sample", "size", "mem line" or "unknown". `r14` counts lines, `r14_episodes` spans of them.
    """

    n: int
    last_mb: float | None
    last_pct: float | None
    max_mb: float | None
    quota_mb: float | None
    quota_source: str
    max_pct: float | None
    swap_mb: float | None
    swap_in_pages_per_s: float | None
    r14: int
    r14_episodes: int
    r15: int
    r15_limit_mb: float | None
    over_quota_samples: int
    trend: Trend
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncarnationRow:
    """One row of the blame table: a dyno id under a name, from when to when, and what was seen of it."""

    dyno: str
    id: str | None
    id_source: IdSource
    type: str
    size: str
    release: int | None
    state: str
    start: datetime | None
    end: datetime | None
    end_reason: EndReason | None
    exit_status: int | None
    daily_cycle: TimeSpan | None
    lines: int
    requests: RequestSummary
    errors: Errors
    outlier: Outlier
    latency: Latency
    memory: Memory
    codes: tuple[tuple[str, int], ...] = ()
    """Client, state and R codes logged for it: no server errors."""
    series: Series = EMPTY
