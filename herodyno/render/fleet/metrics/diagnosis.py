"""`diagnose` as metrics: the verdict of each app, what its window shows, and its dynos by name.

A count is one of the window, so it is a gauge: the next window counts anew. What the window cannot show has no sample.
A dyno's numbers are those of the dyno that has the name now, of which `herodyno_diagnose_dyno_info` says the id; those
of dynos that had the name before are in the numbers of the app.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from herodyno.diagnosis.report.exit_codes import EXIT_CODES
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Clock
from herodyno.dynos import ONE_OFF_TYPES
from herodyno.heroku_facts import BYTES_PER_MB
from herodyno.openmetrics import Samples
from herodyno.render.fleet.metrics import diagnosis_metrics as of
from herodyno.render.fleet.metrics.bounds import MOST_CODES, MOST_DYNOS

# Ours. Without a request or an error in so short a time, there may still be some in every minute.
SHORTEST_SECONDS = 60.0
# Ours. Heroku samples memory and load every 20 s: an older level is not that of now.
FRESH = timedelta(minutes=5)


def diagnosis_samples(apps: Iterable[tuple[str, Diagnosis | None]]) -> Samples:
    """The samples of these apps. An app without a diagnosis has `herodyno_diagnose_answered` alone."""
    samples = Samples()
    for name, found in apps:
        samples.add(of.ANSWERED, found is not None, name)
        if found is not None:
            _add_verdict(samples, name, found)
            _add_window(samples, name, found)
            _add_dynos(samples, name, found)
    return samples


def _add_verdict(samples: Samples, app: str, found: Diagnosis) -> None:
    verdict = found.verdict
    is_known = verdict.kind != "not_enough_data"
    samples.add(of.AT, found.generated_at.timestamp(), app)
    samples.add(of.VERDICT_INFO, 1, app, verdict.kind, verdict.severity, verdict.confidence)
    samples.add(of.SEVERITY, EXIT_CODES[verdict.severity] // 10 if is_known else None, app)
    samples.add(of.ONGOING, verdict.ongoing, app)


def _add_window(samples: Samples, app: str, found: Diagnosis) -> None:
    coverage = found.coverage
    samples.add(of.WINDOW, coverage.seconds, app)
    samples.add(of.WINDOW_END, coverage.end.timestamp() if coverage.end else None, app)
    samples.add(of.LINES, coverage.lines, app)
    samples.add(of.LOST_LINES, coverage.lost_lines if coverage.lines else None, app)
    samples.add(of.UNREAD_LINES, coverage.unread_lines if coverage.lines else None, app)
    requests, errors = _counts(found, found.requests.n, found.requests.errors, coverage.seconds)
    samples.add(of.REQUESTS, requests, app)
    samples.add(of.ERRORS, errors, app)
    samples.add(of.ERRORS_WITHOUT_DYNO, None if errors is None else found.requests.without_dyno, app)
    samples.add(of.AMBIGUOUS, None if requests is None else coverage.ambiguous_requests, app)
    for code, number in _bounded(found.answered.by_code):
        samples.add(of.ROUTER_ANSWERS, number, app, code)


def _counts(found: Diagnosis, requests: int, errors: int, seconds: float) -> tuple[int | None, int | None]:
    """(requests, errors) in this time; None for a zero that shows nothing.

    Without lines of the router, or with a part of them left out, nobody knows how many requests there were.
    """
    coverage = found.coverage
    is_seen = coverage.router_lines > 0 and not coverage.router_share_suspect
    is_long = is_seen and seconds >= SHORTEST_SECONDS
    many = is_seen and requests >= found.method.min_requests
    return (requests if requests or is_long else None), (errors if errors or is_long or many else None)


def _add_dynos(samples: Samples, app: str, found: Diagnosis) -> None:
    rows = [row for row in found.incarnations if row.type not in ONE_OFF_TYPES]
    by_name: dict[str, list[IncarnationRow]] = {}
    for row in rows:
        by_name.setdefault(row.dyno, []).append(row)
    present = {name: max(of_name, key=_newest) for name, of_name in by_name.items()}
    shown = dict(list(present.items())[:MOST_DYNOS])
    serving = {row.type for row in rows if row.requests.n}
    for name, row in shown.items():
        _add_dyno(samples, (app, row.type, name), found, row, serves=row.type in serving)
        samples.add(of.DYNO_INCARNATIONS, len(by_name[name]), app, row.type, name)
    former = sum(row.errors.n for row in rows) - sum(row.errors.n for row in present.values())
    _, shown_errors = _counts(found, found.requests.n, former, found.coverage.seconds)
    samples.add(of.FORMER_ERRORS, shown_errors, app)
    samples.add(of.LEFT_OUT, len(present) - len(shown), app)


def _newest(row: IncarnationRow) -> tuple[bool, float, str]:
    return row.end is None, row.start.timestamp() if row.start else 0.0, row.id or ""


def _add_dyno(
    samples: Samples, labels: tuple[str, str, str], found: Diagnosis, row: IncarnationRow, *, serves: bool
) -> None:
    samples.add(of.DYNO_INFO, 1, *labels, row.id or "", row.size, "" if row.release is None else str(row.release))
    requests, errors = _counts(found, row.requests.n, row.errors.n, _seconds(found, row))
    samples.add(of.DYNO_REQUESTS, requests if serves else None, *labels)
    samples.add(of.DYNO_ERRORS, errors if serves or errors else None, *labels)
    for code, number in _bounded((*row.errors.by_code, *row.codes)):
        samples.add(of.DYNO_CODES, number, *labels, code)
    for metric, ms in ((of.DYNO_MEDIAN, row.requests.p50_ms), (of.DYNO_P95, row.requests.p95_ms)):
        samples.add(metric, None if ms is None else ms / 1000, *labels)
    outlier = row.outlier
    samples.add(of.DYNO_OUTLIER, outlier.verdict == "outlier" if outlier.tested else None, *labels)
    samples.add(of.DYNO_SLOWER, row.latency.slower if row.latency.assessed else None, *labels)
    memory, end = row.memory, found.coverage.end
    samples.add(of.DYNO_MEMORY_QUOTA, _bytes(memory.quota_mb), *labels)
    samples.add(of.DYNO_MEMORY_MAX, _bytes(memory.max_mb), *labels)
    slope = memory.trend.slope_mb_per_h if memory.trend.kind != "not_assessed" else None
    samples.add(of.DYNO_MEMORY_SLOPE, None if slope is None else slope * BYTES_PER_MB / 3600, *labels)
    if row.end is not None or end is None:
        return  # it has no level now
    if memory.last_at and end - memory.last_at <= FRESH:
        samples.add(of.DYNO_MEMORY, _bytes(memory.last_mb), *labels)
        samples.add(of.DYNO_SWAP, _bytes(memory.swap_mb), *labels)
    samples.add(of.DYNO_LOAD, _fresh_load(found.clock, row, end), *labels)


def _seconds(found: Diagnosis, row: IncarnationRow) -> float:
    """How long of the window the dyno was there, as far as that is known."""
    start, end = found.coverage.start, found.coverage.end
    if start is None or end is None:
        return 0.0
    began, ended = max(row.start or start, start), min(row.end or end, end)
    return max(0.0, (ended - began).total_seconds())


def _fresh_load(clock: Clock | None, row: IncarnationRow, end: datetime) -> float | None:
    loads = row.series.load
    place = next((place for place in reversed(range(len(loads))) if loads[place] is not None), None)
    if clock is None or place is None:
        return None
    behind = clock.start + timedelta(seconds=(row.series.first + place + 1) * clock.seconds)
    return loads[place] if end - behind <= FRESH else None


def _bytes(mb: float | None) -> float | None:
    return None if mb is None else round(mb * BYTES_PER_MB)


def _bounded(codes: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The most frequent codes, the others as one."""
    counted: Counter[str] = Counter()
    for code, number in codes:
        counted[code] += number
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    rest = sum(number for _, number in ordered[MOST_CODES:])
    return [*ordered[:MOST_CODES], *([("other", rest)] if rest else [])]
