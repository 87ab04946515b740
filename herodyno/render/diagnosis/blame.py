"""The blame table: one row per incarnation, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import tzinfo

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.dynos import short_id
from herodyno.render.paragraphs import section
from herodyno.render.text import Column, Line, Role, Span, Table, line
from herodyno.units import age, clock, count, milliseconds, share

# How a dyno ends that has failed.
_FAILURES = frozenset({"crashed", "failed", "killed"})
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


def blame_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """Requests and errors per incarnation, the errors that name no dyno, and what the worst ones failed with."""
    table, below = blame_parts(diagnosis, width, zone)
    return (table.lines(width) if table else []) + below


def blame_parts(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> tuple[Table | None, list[Line]]:
    """The table, None where there is no row, and the lines below it."""
    if not diagnosis.incarnations and not diagnosis.unattributed.errors:
        return None, []
    shown, left_out = worth_showing(diagnosis.incarnations, is_calm)
    rows = [_blame_row(it, diagnosis, zone) for it in shown]
    if diagnosis.unattributed.errors:
        rows.append(_no_dyno_row(diagnosis))
    lines: list[Line] = []
    if left_out:
        requests = sum(it.requests.n for it in left_out)
        lines.append(
            line(f"and {len(left_out)} more: no errors in {count(requests, 'request')} (--json has all)", "quiet")
        )
    # When all dynos fail alike, the codes of one "suspect" say nothing about it.
    worth_it = ("outlier",) if diagnosis.verdict.kind == "whole_app" else ("outlier", "suspect")
    accused = [it for it in shown if it.outlier.verdict in worth_it and it.errors.n][:3]
    sentences = [_failed_with(it) for it in accused] or _all_failed_with(diagnosis.incarnations)
    lines += section("", [*sentences, *(sentence for _, sentence in diagnosis.shared)], width)
    return Table(columns=BLAME, rows=tuple(rows)), lines


def worth_showing(
    rows: Sequence[IncarnationRow], calm: Callable[[IncarnationRow], bool]
) -> tuple[list[IncarnationRow], list[IncarnationRow]]:
    """The rows to show (all with trouble, a few calm ones for comparison) and those to sum up, in their order."""
    loud = [it for it in rows if not calm(it)][:MOST_ROWS]
    kept = {id(it) for it in [*loud, *[it for it in rows if calm(it)][:QUIET_ROWS]]}
    return [it for it in rows if id(it) in kept], [it for it in rows if id(it) not in kept]


def is_calm(it: IncarnationRow) -> bool:
    """Whether the row shows no trouble."""
    return not it.errors.n and not _crashed(it) and it.outlier.verdict not in ("outlier", "suspect")


def _crashed(it: IncarnationRow) -> bool:
    """Whether it ended in failure: a dyno of the formation that crashed, a one-off dyno that failed."""
    return it.end_reason in _FAILURES or (it.end_reason == "completed" and bool(it.exit_status))


def _blame_row(it: IncarnationRow, diagnosis: Diagnosis, zone: tzinfo) -> tuple[Span, ...]:
    mark, role = blame_mark(it)
    return (
        Span(it.dyno),
        Span(mark, role),
        Span(short_id(it.id) if it.id else "unknown"),
        Span(_life(it, diagnosis)),
        Span(count(it.requests.n)),
        Span(share(it.requests.share)),
        Span(count(it.errors.n)),
        Span(share(it.errors.share)),
        Span(rate_cell(it.errors.rate, it.errors.rate_ci95)),
        Span(milliseconds(it.requests.p95_ms)),
        Span(_blame_words(it, diagnosis, zone), role),
    )


def blame_mark(it: IncarnationRow) -> tuple[str, Role]:
    """The sign of a row: "!!" an outlier, "!" trouble, "?" not assessed."""
    if it.outlier.verdict == "outlier":
        return ("!", "warning") if it.outlier.ongoing is False else ("!!", "critical")
    if it.outlier.verdict == "suspect" or _crashed(it) or it.latency.slower:
        return "!", "warning"
    return ("?", "") if it.outlier.verdict == "not_assessed" else ("·", "")


def _blame_words(it: IncarnationRow, diagnosis: Diagnosis, zone: tzinfo) -> str:
    """What was judged of a row, and how it ended."""
    parts = ["slower"] if it.latency.slower else []
    if it.outlier.verdict in ("outlier", "suspect"):
        parts.insert(0, it.outlier.verdict)
        if it.outlier.ended_at is not None and not it.end:
            parts.insert(1, f"over since {clock(it.outlier.ended_at, zone, today=diagnosis.generated_at)}")
    elif it.outlier.verdict == "not_assessed" and not _crashed(it):
        parts.insert(0, it.outlier.reason or "not assessed")
    return ", ".join([*parts, *filter(None, [end_words(it, diagnosis, zone)])])


def end_words(it: IncarnationRow, diagnosis: Diagnosis, zone: tzinfo) -> str:
    """How and when it ended: "crashed 02:12:40, status 1". Empty while it runs."""
    if not it.end:
        return ""
    reason = "gone" if it.end_reason in (None, "unknown") else str(it.end_reason).replace("_", " ")
    status = f", status {it.exit_status}" if _crashed(it) and it.exit_status is not None else ""
    return f"{reason} {clock(it.end, zone, today=diagnosis.generated_at)}{status}"


def _life(it: IncarnationRow, diagnosis: Diagnosis) -> str:
    if it.start is None:
        return "-"
    return age(it.start, it.end or diagnosis.generated_at)


def _no_dyno_row(diagnosis: Diagnosis) -> tuple[Span, ...]:
    codes = "/".join(code for code, _ in diagnosis.unattributed.by_code)
    cells = ["(no dyno)", "", "-", "-", "-", "-", count(diagnosis.unattributed.errors), "-", "-", "-"]
    return (*(Span(cell) for cell in cells), Span(f"{codes}: names no dyno"))


def _failed_with(it: IncarnationRow) -> str:
    paths = ", ".join(f"{path} {count(number)}" for path, number in it.errors.paths)
    return f"{it.dyno}: {_codes(it.errors.by_code)}" + (f"; paths: {paths}" if paths else "")


def _all_failed_with(incarnations: Sequence[IncarnationRow]) -> list[str]:
    codes = Counter[str]()
    for it in incarnations:
        codes.update(dict(it.errors.by_code))
    return [f"all: {_codes(codes.most_common())}"] if codes else []


def _codes(by_code: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{code} x{count(number)}" for code, number in by_code)


def rate_cell(value: float | None, interval: tuple[float, float] | None) -> str:
    """A rate with its 95 % interval, both in per cent: "22 % (17-28)"; zero is shown with what it allows."""
    if value is None:
        return "-"
    text = f"{_percent(value)} %"
    return text if interval is None else f"{text} ({_percent(interval[0])}-{_percent(interval[1])})"


def _percent(value: float) -> str:
    number = value * 100
    return f"{number:.0f}" if number >= 10 or number == 0 else f"{number:.1f}"
