"""The blame table and the memory table: one row per incarnation, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import tzinfo

from herodyno.diagnosis.report import Diagnosis, Incarnation, Trend
from herodyno.dynos import short_id
from herodyno.render.paragraphs import section
from herodyno.render.text import Column, Line, Role, Span, Table, line
from herodyno.render.words import age, clock, count, duration, megabytes, milliseconds, rate, share

MOST_ROWS = 30
QUIET_ROWS = 8

BLAME = (
    Column(heading="DYNO"),
    Column(heading=""),
    Column(heading="ID"),
    Column(heading="UP", right=True, optional=True),
    Column(heading="REQ", right=True),
    Column(heading="SHARE", right=True),
    Column(heading="ERR", right=True),
    Column(heading="SHARE", right=True),
    Column(heading="RATE (95 %)"),
    Column(heading="p95", right=True, optional=True),
    Column(heading="VERDICT", shrinks=True),
)

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


def blame_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo | None) -> list[Line]:
    """Requests and errors per incarnation, the errors that name no dyno, and what the worst ones failed with."""
    if not diagnosis.incarnations and not diagnosis.unattributed.errors:
        return []
    shown, left_out = _shown(diagnosis.incarnations, _is_calm)
    rows = [_blame_row(it, diagnosis, zone) for it in shown]
    if diagnosis.unattributed.errors:
        rows.append(_no_dyno_row(diagnosis))
    lines = Table(columns=BLAME, rows=tuple(rows)).lines(width)
    if left_out:
        requests = sum(it.requests.n for it in left_out)
        lines.append(
            line(f"and {len(left_out)} more: no errors in {count(requests)} requests (--json has all)", "quiet")
        )
    accused = [it for it in shown if it.outlier.verdict in ("outlier", "suspect")][:3]
    sentences = [_failed_with(it.dyno, [it]) for it in accused] or [_failed_with("all", diagnosis.incarnations)]
    sentences += [sentence for _, sentence in diagnosis.shared]
    return lines + section("", [sentence for sentence in sentences if sentence], width)


def memory_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo | None) -> list[Line]:
    """Level, quota, swap, R14 and trend per incarnation; where no dyno was measured, how to have it measured."""
    measured = [it for it in diagnosis.incarnations if it.memory.n or it.memory.r14 or it.memory.r15]
    if not measured:
        return section("MEMORY", [_why_unmeasured(diagnosis)], width)
    shown, left_out = _shown(measured, _is_roomy)
    lines = Table(columns=MEMORY, rows=tuple(_memory_row(it, diagnosis, zone) for it in shown)).lines(width)
    if left_out:
        highest = max((it.memory.max_pct for it in left_out if it.memory.max_pct is not None), default=0.0)
        lines.append(line(f"and {len(left_out)} more, none above {highest:.0f} % of its quota", "quiet"))
    limits = {(it.memory.r15_limit_mb, it.size) for it in shown if _over_quota(it) and it.memory.r15_limit_mb}
    for limit, size in sorted(limits, key=str):
        lines += section("", [f"R15 (forced restart) comes at {megabytes(limit)} for {size or 'this size'}"], width)
    return lines


def _shown(
    rows: Sequence[Incarnation], calm: Callable[[Incarnation], bool]
) -> tuple[list[Incarnation], list[Incarnation]]:
    loud = [it for it in rows if not calm(it)][:MOST_ROWS]
    kept = {id(it) for it in [*loud, *[it for it in rows if calm(it)][:QUIET_ROWS]]}
    return [it for it in rows if id(it) in kept], [it for it in rows if id(it) not in kept]


def _is_calm(it: Incarnation) -> bool:
    return not it.errors.n and not _crashed(it) and it.outlier.verdict not in ("outlier", "suspect")


def _crashed(it: Incarnation) -> bool:
    return it.end_reason == "crashed"


def _is_roomy(it: Incarnation) -> bool:
    return not _over_quota(it) and it.memory.trend.kind != "growing" and (it.memory.max_pct or 0) < 90


def _over_quota(it: Incarnation) -> bool:
    return bool(it.memory.r14 or it.memory.r15 or it.memory.over_quota_samples)


def _blame_row(it: Incarnation, diagnosis: Diagnosis, zone: tzinfo | None) -> tuple[Span, ...]:
    mark, role = _blame_mark(it)
    return (
        Span(it.dyno),
        Span(mark, role),
        Span(short_id(it.id) if it.id else "unknown"),
        Span(_life(it, diagnosis)),
        Span(count(it.requests.n)),
        Span(share(it.requests.share)),
        Span(count(it.errors.n)),
        Span(share(it.errors.share)),
        Span(rate(it.errors.rate, it.errors.rate_ci95)),
        Span(milliseconds(it.requests.p95_ms)),
        Span(_blame_words(it, diagnosis, zone), role),
    )


def _blame_mark(it: Incarnation) -> tuple[str, Role]:
    if it.outlier.verdict == "outlier":
        return "!!", "critical"
    if it.outlier.verdict == "suspect" or _crashed(it) or it.latency.slower:
        return "!", "warning"
    return ("?", "") if it.outlier.verdict == "not_assessed" else ("·", "")


def _blame_words(it: Incarnation, diagnosis: Diagnosis, zone: tzinfo | None) -> str:
    parts = ["slower"] if it.latency.slower else []
    if it.outlier.verdict in ("outlier", "suspect"):
        parts.insert(0, it.outlier.verdict)
    elif it.outlier.verdict == "not_assessed" and not _crashed(it):
        parts.insert(0, it.outlier.reason or "not assessed")
    if it.end:
        reason = "gone" if it.end_reason in (None, "unknown") else str(it.end_reason).replace("_", " ")
        status = f", status {it.exit_status}" if _crashed(it) and it.exit_status is not None else ""
        parts.append(f"{reason} {clock(it.end, zone, today=diagnosis.generated_at)}{status}")
    return ", ".join(parts)


def _life(it: Incarnation, diagnosis: Diagnosis) -> str:
    if it.start is None:
        return "-"
    return age(it.start, it.end or diagnosis.generated_at)


def _no_dyno_row(diagnosis: Diagnosis) -> tuple[Span, ...]:
    codes = "/".join(code for code, _ in diagnosis.unattributed.by_code)
    cells = ["(no dyno)", "", "-", "-", "-", "-", count(diagnosis.unattributed.errors), "-", "-", "-"]
    return (*(Span(cell) for cell in cells), Span(f"{codes}: names no dyno"))


def _failed_with(who: str, incarnations: Sequence[Incarnation]) -> str:
    codes: Counter[str] = Counter()
    paths: Counter[str] = Counter()
    for it in incarnations:
        codes.update(dict(it.errors.by_code))
        paths.update(dict(it.errors.paths))
    if not codes:
        return ""
    words = f"{who}: {', '.join(f'{code} x{count(number)}' for code, number in codes.most_common())}"
    where = ", ".join(f"{path} {count(number)}" for path, number in paths.most_common(4))
    return f"{words}; paths: {where}" if where else words


def _memory_row(it: Incarnation, diagnosis: Diagnosis, zone: tzinfo | None) -> tuple[Span, ...]:
    memory = it.memory
    mark: tuple[str, Role] = ("·", "") if _is_roomy(it) else ("!", "warning")
    if _over_quota(it):
        mark = ("!!", "critical")
    used = None if not memory.quota_mb or memory.last_mb is None else memory.last_mb / memory.quota_mb
    return (
        Span(it.dyno),
        Span(*mark),
        Span(megabytes(memory.last_mb)),
        Span(megabytes(memory.quota_mb)),
        Span(share(used)),
        Span(megabytes(memory.swap_mb)),
        Span(count(memory.r14) + (f", R15 x{memory.r15}" if memory.r15 else "")),
        Span(_trend(memory.trend, diagnosis, zone)),
    )


def _trend(trend: Trend, diagnosis: Diagnosis, zone: tzinfo | None) -> str:
    if trend.kind == "not_assessed":
        return f"? {trend.reason}" if trend.reason else "?"
    words = {"flat": "flat", "warming_up": "warming up", "growing": "growing"}[trend.kind]
    if trend.kind == "flat" or trend.slope_mb_per_h is None:
        return words
    low, high = trend.range or (trend.slope_mb_per_h, trend.slope_mb_per_h)
    words += f" {trend.slope_mb_per_h:.0f} MB/h ({low:.0f}-{high:.0f}) over {duration(trend.observed_minutes * 60)}"
    if trend.eta_quota:
        now = diagnosis.generated_at
        first, last = (clock(at, zone, today=now)[:-3] for at in (trend.eta_quota.start, trend.eta_quota.end))
        words += f", quota {first}-{last}"
    return words


def _why_unmeasured(diagnosis: Diagnosis) -> str:
    if diagnosis.app.generation == "fir":
        return "not known: Fir writes no runtime metrics to the log"
    app = f" --app {diagnosis.app.name}" if diagnosis.app.name else ""
    return f"not known: no memory line in this log; switch them on: heroku labs:enable log-runtime-metrics{app}"
