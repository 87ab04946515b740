"""The memory table: level, quota, swap, R14 and trend per incarnation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from herodyno.diagnosis.report.phrases import late_slope, listed
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow, Trend
from herodyno.diagnosis.statistics.over_quota import FRESH_SECONDS
from herodyno.dynos import natural_order, short_id
from herodyno.render.diagnosis.blame import worth_showing
from herodyno.render.paragraphs import section
from herodyno.render.text import Column, Line, Role, Span, Table, line
from herodyno.units import count, megabytes, rough_clock, rough_clocks, share

# A level of the past stands with the time it was read.
_OF_THE_PAST = (Column(heading="level", right=True), Column(heading="read", right=True))
MEMORY = (
    Column(heading="MEMORY"),
    Column(heading=""),
    Column(heading="now", right=True),
    Column(heading="quota", right=True),
    Column(heading="used", right=True),
    Column(heading="swap", right=True),
    Column(heading="R14", right=True),
    Column(heading="trend", shrinks=True),
)


def memory_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """Level, quota, swap, R14 and trend per incarnation; where no dyno was measured, how to have it measured."""
    table, below = memory_parts(diagnosis, width, zone)
    return (table.lines(width) if table else []) + below


def memory_parts(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> tuple[Table | None, list[Line]]:
    """The table, None where no dyno was measured, and the lines below it."""
    measured = [it for it in diagnosis.incarnations if it.memory.n or it.memory.r14 or it.memory.r15]
    if not measured:
        return None, section("MEMORY", [_why_unmeasured(diagnosis)], width)
    # What is gone and gave no trouble is no longer "now".
    measured = [it for it in measured if not (it.end and _is_roomy(it))] or measured
    twice = {name for name, times in Counter(it.dyno for it in measured).items() if times > 1}
    brief = [it for it in measured if it.dyno not in twice and _says_little(it, diagnosis)]
    if len(brief) == len(measured):
        return None, section("MEMORY", _in_brief(brief), width)
    told = {id(it) for it in brief}
    shown, left_out = worth_showing([it for it in measured if id(it) not in told], _is_roomy)
    with_times = not all(_is_now(it, diagnosis) for it in shown)
    rows = tuple(_memory_row(it, diagnosis, zone, with_id=it.dyno in twice, with_times=with_times) for it in shown)
    columns = (*MEMORY[:2], *_OF_THE_PAST, *MEMORY[3:]) if with_times else MEMORY
    lines: list[Line] = []
    if left_out:
        highest = max((it.memory.max_pct for it in left_out if it.memory.max_pct is not None), default=0.0)
        lines.append(line(f"and {len(left_out)} more, none above {highest:.0f} % of its quota", "quiet"))
    lines += section("", _in_brief(brief), width)
    limits = {(it.memory.r15_limit_mb, it.size) for it in shown if _over_quota(it) and it.memory.r15_limit_mb}
    for limit, size in sorted(limits, key=str):
        lines += section("", [f"R15 (forced restart) comes at {megabytes(limit)} for {size or 'this size'}"], width)
    return Table(columns=columns, rows=rows), lines


def _says_little(it: IncarnationRow, diagnosis: Diagnosis) -> bool:
    """Whether a row would tell a roomy level of now, and a trend for which too little time was seen."""
    memory = it.memory
    is_short = memory.trend.kind == "not_assessed" and memory.n > 0 and bool(memory.quota_mb)
    return is_short and _is_roomy(it) and _is_now(it, diagnosis)


def _in_brief(rows: Sequence[IncarnationRow]) -> list[str]:
    """A sentence for each quota: the dynos, from which level to which, and why no trend is told."""
    told = []
    by_quota = groupby(sorted(rows, key=lambda it: it.memory.quota_mb or 0), key=lambda it: it.memory.quota_mb)
    for quota, group in by_quota:
        own = list(group)
        mb, swap = _range(it.memory.last_mb for it in own), _range(it.memory.swap_mb for it in own)
        used = _range(it.memory.last_pct for it in own)
        trend = max((it.memory.trend for it in own), key=lambda trend: trend.observed_minutes)
        levels = f"{mb} of {megabytes(quota)} ({used} %), swap {swap} MB, no R14"
        told.append(f"{listed(sorted((it.dyno for it in own), key=natural_order))}: {levels}; trend: {trend.reason}")
    return told


def _range(levels: Iterable[float | None]) -> str:
    """ "313-319", or "313" where all are alike."""
    known = [level for level in levels if level is not None]
    return "-".join(dict.fromkeys(f"{level:,.0f}" for level in (min(known, default=0.0), max(known, default=0.0))))


def _is_roomy(it: IncarnationRow) -> bool:
    return not _over_quota(it) and it.memory.trend.kind != "growing" and (it.memory.max_pct or 0) < 90


def _over_quota(it: IncarnationRow) -> bool:
    return bool(it.memory.r14 or it.memory.r15 or it.memory.over_quota_samples)


def _memory_row(
    it: IncarnationRow, diagnosis: Diagnosis, zone: tzinfo, *, with_id: bool, with_times: bool
) -> tuple[Span, ...]:
    memory = it.memory
    mark: tuple[str, Role] = ("·", "") if _is_roomy(it) else ("!", "warning")
    if _over_quota(it):
        mark = ("!", "warning") if it.end else ("!!", "critical")
    return (
        Span(f"{it.dyno} {short_id(it.id or '') or 'unknown'}" if with_id else it.dyno),
        Span(*mark),
        Span(megabytes(memory.last_mb)),
        *([Span(_read(it, diagnosis, zone))] if with_times else []),
        Span(megabytes(memory.quota_mb)),
        Span(share(memory.last_pct, 100)),
        Span(megabytes(memory.swap_mb)),
        Span(count(memory.r14) + (f", R15 x{memory.r15}" if memory.r15 else "")),
        Span(_trend(memory.trend, zone, diagnosis.generated_at)),
    )


def _is_now(it: IncarnationRow, diagnosis: Diagnosis) -> bool:
    """Whether the level is that of a dyno that runs, and fresh."""
    read_at = it.memory.last_at
    return read_at is None or (not it.end and (diagnosis.generated_at - read_at).total_seconds() <= FRESH_SECONDS)


def _read(it: IncarnationRow, diagnosis: Diagnosis, zone: tzinfo) -> str:
    """When the level was read: "now", or the time of a reading that tells of the past only."""
    if it.memory.last_at is None:
        return "-"
    return "now" if _is_now(it, diagnosis) else rough_clock(it.memory.last_at, zone, today=diagnosis.generated_at)


def _trend(trend: Trend, zone: tzinfo, now: datetime) -> str:
    """The class, what the last part does beside it, and the times at which the quota may be passed."""
    if trend.kind == "not_assessed":
        return f"? {trend.reason}" if trend.reason else "?"
    if trend.kind == "growing":
        return _growing(trend, zone, now)
    late = trend.late
    if late is None or not late.may_rise:
        return "flat" if trend.kind == "flat" else "warmed up"
    last = late_slope(late.slope_mb_per_h, late.margin, late.hours)
    if trend.kind == "flat":
        return f"flat, but rises by {last}" if late.rises else "flat"
    return f"warming up, {'still rises by' if late.rises else 'then'} {last}"


def _growing(trend: Trend, zone: tzinfo, now: datetime) -> str:
    words = f"growing {trend.slope_mb_per_h or 0:.0f} MB/h"
    if trend.eta_quota is None:
        return words
    return f"{words}, quota {'-'.join(rough_clocks(trend.eta_quota.start, trend.eta_quota.end, zone, today=now))}"


def _why_unmeasured(diagnosis: Diagnosis) -> str:
    if diagnosis.app.generation == "fir":
        return "not known: Fir writes no runtime metrics to the log"
    return "not known: no memory line of this log could be read"
