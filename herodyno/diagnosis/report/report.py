"""The answer of `diagnose`: one Diagnosis, every number with its denominator, in machine words and in sentences.

The fields follow the JSON schema `herodyno.diagnose/2` (render/diagnosis/document.py). The rows of the blame table are
in row.py. Sentences are written once, in diagnosis, so that text, JSON and one-line output say the same. Rates are
0..1, times aware UTC, memory MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from herodyno.diagnosis.report.only_here import OnlyHere
from herodyno.diagnosis.report.past import Recurrence
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import EMPTY, Clock, Series
from herodyno.diagnosis.statistics.growth.by_age import GrowthByAge

Severity: TypeAlias = Literal["critical", "warning", "info"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
# What came with the end of what is over. "itself": nothing that is known came with it.
EndedWith: TypeAlias = Literal["rollback", "release", "scale", "restart", "itself"]
VerdictClass: TypeAlias = Literal[
    "release_failed", "one_dyno", "some_dynos", "whole_app", "single_dyno", "one_client_or_path", "clients", "crash",
    "job_failed", "not_served", "scaled_to_zero", "no_dyno_named", "memory", "nothing_found", "not_enough_data",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The headline. `label` is its short form in capitals ("ONE DYNO"), `summary` is one sentence.

    `details` are the sentences below it. `not_claimed` says what the data does not show. `replaced`: the accused
    dynos ended already. `ongoing` is None when the data cannot tell, or when nothing was found that could go on.
    `ended_at` and `ended_with` are None unless `ongoing` is False.
    """

    kind: VerdictClass
    severity: Severity
    confidence: Confidence
    label: str
    summary: str
    details: tuple[str, ...] = ()
    not_claimed: tuple[str, ...] = ()
    replaced: bool = False
    ongoing: bool | None = None
    ended_at: datetime | None = None
    ended_with: EndedWith | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Log lines lost: the L code that reports them, how many lines in how many reports, and whether of this stream."""

    code: str
    lines: int
    events: int
    this_stream: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was seen: the window, what of it was lost, and what could not be read or attributed.

    `dynos_sampled` is (dynos with a memory level, dynos).
    """

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
    undated: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]  # (dyno, counts) of lines without a time
    first_unread: str  # redacted and cut, "" when every line was read
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
    """Something that happened in the window: release, restart, scale, config, crash, add-on, memory, errors.

    `before` and `after` are (errors, requests) in equal spans before and after, or None.
    """

    at: datetime
    kind: str
    text: str
    version: int | None = None
    actor: str = ""
    dyno: str = ""
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One real line that supports a claim, redacted, with its place in the input."""

    at: datetime | None
    line: str
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim: its kind in a machine word, its sentence, the lines that show it, the page to read on.

    `ongoing`, `ended_at` and `ended_with` mean what they mean in a Verdict.
    """

    id: str
    kind: str
    severity: Severity
    confidence: Confidence
    sentence: str
    dyno: str = ""
    dyno_id: str | None = None
    evidence: tuple[Evidence, ...] = ()
    runbook: str = ""
    ongoing: bool | None = None
    ended_at: datetime | None = None
    ended_with: EndedWith | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do. `argv` are the words to type, () for advice in words only.

    `notes` are (label, sentence) pairs shown under it ("wait?", "first?"). `mutates`: it changes the app.
    """

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
class Section:
    """Sentences of the report. `name` is their key in the JSON; without a heading another section shows them."""

    name: str
    sentences: tuple[str, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The requests of the window (with --dyno, of the dynos asked for), and the server errors among them.

    `rate` and its Wilson interval are None without a request. `without_dyno` are errors whose lines name no dyno.
    """

    n: int
    errors: int
    without_dyno: int
    rate: float | None
    rate_ci95: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Requests that the router answered in place of the app, by code of kind "state": H80, H81, H82 and the like."""

    requests: int
    by_code: tuple[tuple[str, int], ...]


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
    """What the answer cost: API calls, and what is left of the account's rate limit (None when not known)."""

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
    """The whole answer. `incarnations` are in the order of the blame table, worst first within a type.

    `clock` is that of each incarnation's `series`, None for a log without a time. `without_dyno` are errors by cell.
    """

    generated_at: datetime
    app: AppFacts
    verdict: Verdict
    actions: tuple[Action, ...]
    incarnations: tuple[IncarnationRow, ...]
    requests: Requests
    unattributed: Unattributed
    answered: Answered
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    sections: tuple[Section, ...]
    method: Method
    api: ApiUse
    shared: tuple[tuple[str, str], ...] = ()
    """What failing requests share: (key, sentence), biggest difference first."""
    only_here: OnlyHere | None = None
    clock: Clock | None = None
    without_dyno: Series = EMPTY
    recurrence: Recurrence | None = None
    """When the trouble that heads the report was there before; None when it is new, or no archive tells."""
    by_age: tuple[GrowthByAge, ...] = ()
    """The names whose dynos grew one after the other, memory by their age."""
