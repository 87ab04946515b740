"""What `diagnose` answers: one Diagnosis, every number with its denominator, in machine words and sentences.

The shape follows `herodyno.diagnose/1` field by field; `document` (diagnosis/document.py) turns it
into JSON and the renderers turn it into text. Sentences are written here-about, in diagnosis/words.py,
so that text, JSON and report say the same thing. Rates are 0..1, times aware UTC, memory MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["critical", "warning", "info"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
VerdictClass: TypeAlias = Literal[
    "one_dyno", "some_dynos", "whole_app", "single_dyno", "one_client_or_path", "clients", "crash",
    "scaled_to_zero", "no_dyno_named", "memory", "nothing_found", "not_enough_data",
]  # fmt: skip
EndReason: TypeAlias = Literal[
    "crashed", "killed", "cycled", "restarted", "deployed", "scaled_down", "idled", "stopped", "completed", "unknown",
]  # fmt: skip
TrendClass: TypeAlias = Literal["not_assessed", "flat", "warming_up", "growing"]
OutlierVerdict: TypeAlias = Literal["outlier", "suspect", "not_outlier", "not_assessed"]
IdSource: TypeAlias = Literal["api+runtime-metrics", "api", "runtime-metrics", "name", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Two times, the earlier first."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The headline. `label` is its short form in capitals ("ONE DYNO"), `summary` one sentence,
    `details` the sentences below it, `not_claimed` what the data does not show."""

    kind: VerdictClass
    severity: Severity
    confidence: Confidence
    label: str
    summary: str
    details: tuple[str, ...] = ()
    not_claimed: tuple[str, ...] = ()
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Requests that named this incarnation. `share` is of its process type's requests, None when there are none.
    Percentiles are of service time in ms over all its requests, the failed ones too; None without one."""

    n: int
    share: float | None
    p50_ms: int | None
    p95_ms: int | None


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
    """Whether this incarnation's errors stand out from its peers'; `reason` says why when not tested."""

    tested: bool
    test: str
    p_adjusted: float | None
    rate_ratio: float | None
    rate_ratio_low: float | None
    sustained: tuple[int, int] | None
    verdict: OutlierVerdict
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Median service time against the median of the other dynos; `slower` by the rule of 4.5.11."""

    assessed: bool
    slower: bool
    p50_ms: int | None
    peers_p50_ms: int | None
    buckets: tuple[int, int] | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How memory_total moved over one incarnation's life. `reason` says why it was not assessed.
    `slope_mb_per_h` with its `range` over sub-windows; `eta_quota` only for growing."""

    kind: TrendClass
    reason: str
    slope_mb_per_h: float | None = None
    range: tuple[float, float] | None = None
    eta_quota: Span | None = None
    observed_minutes: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Memory of one incarnation. `n` samples; None where no sample told. `quota_source` is "sample",
    "size", "mem line" or "unknown". `r14` counts lines, `r14_episodes` episodes."""

    n: int
    last_mb: float | None
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
    series: tuple[tuple[datetime, float, float], ...] = ()
    """(block start, median total MB, median swap MB) per 5 minutes, for pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incarnation:
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
    daily_cycle: Span | None
    lines: int
    requests: Requests
    errors: Errors
    outlier: Outlier
    latency: Latency
    memory: Memory
    codes: tuple[tuple[str, int], ...] = ()
    """Client, state and R codes logged for it: no server errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Lost log lines: which L code reported them, how many lines, how often, and whether from this stream."""

    code: str
    lines: int
    events: int
    this_stream: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was seen: the window, its cap, what was lost, what could not be read or attributed."""

    source: str
    lines: int
    cap: int | None
    cap_reached: bool
    start: datetime | None
    end: datetime | None
    seconds: float
    lost_lines: int
    losses: tuple[Loss, ...]
    unread_lines: int
    runtime_metrics: Literal["on", "off", "some"]
    router_lines: int
    router_share_suspect: bool
    ambiguous_requests: int
    unattributed_events: int
    dynos_sampled: tuple[int, int]
    would_change: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened on the same clock: release, restart, scale, config, crash, add-on, memory, errors."""

    at: datetime
    kind: str
    text: str
    version: int | None = None
    actor: str = ""
    dyno: str = ""
    before: tuple[int, int] | None = None
    """(errors, requests) in the equal span before, and `after` likewise; None when not computed."""
    after: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One real line that supports a claim, redacted, with its place in the input."""

    at: datetime | None
    line: str
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim: `kind` in machine words, its sentence, the lines that show it, where to read on."""

    id: str
    kind: str
    severity: Severity
    confidence: Confidence
    sentence: str
    dyno: str = ""
    dyno_id: str | None = None
    evidence: tuple[Evidence, ...] = ()
    runbook: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do. `argv` is what to type, () for advice in words only. `notes` are (label, sentence)
    pairs shown under it ("wait?", "first?")."""

    rank: int
    argv: tuple[str, ...]
    text: str
    effect: str = ""
    risk: str = ""
    undo: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    mutates: bool = False
    dyno_id: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unattributed:
    """Server errors whose lines name no dyno."""

    errors: int
    by_code: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The constants the verdict was reached with, so that it can be checked."""

    alpha: float
    correction: str
    burst_gap_s: int
    min_requests: int
    min_peer_requests: int
    tool_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiUse:
    """What the answer cost: API calls, and what is left of the account's budget (None when not told)."""

    calls: int
    rate_limit_remaining: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFacts:
    """The app as the report names it. `headline` is e.g. "web: 4 x Standard-1X, release v412 (all dynos on it)"."""

    name: str
    id: str
    generation: str
    headline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The whole answer. `incarnations` are in the order of the blame table, worst first within a type."""

    generated_at: datetime
    app: AppFacts
    verdict: Verdict
    actions: tuple[Action, ...]
    incarnations: tuple[Incarnation, ...]
    unattributed: Unattributed
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    limits: tuple[str, ...]
    method: Method
    api: ApiUse
    shared: tuple[tuple[str, str], ...] = ()
    """What failing requests share: (key, sentence), biggest difference first."""
