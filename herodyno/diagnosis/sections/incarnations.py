"""The blame table: a row for each incarnation, with its numbers and their denominators."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.report.redaction import redact_path
from herodyno.diagnosis.report.row import (
    Errors,
    IncarnationRow,
    Latency,
    LatePart,
    Memory,
    Outlier,
    RequestSummary,
    TimeSpan,
    Trend,
)
from herodyno.diagnosis.report.series import Clock
from herodyno.diagnosis.sections.series import series_of
from herodyno.diagnosis.statistics.latency.slowness import percentiles
from herodyno.diagnosis.statistics.memory import r15_limit_mb, swap_in_rate
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.dynos import natural_order


def incarnation_rows(analysis: Analysis, clock: Clock | None) -> tuple[IncarnationRow, ...]:
    """Every incarnation in focus: by process type, within a type the most errors first, one-off dynos last."""
    table = []
    for process_type in analysis.types.values():
        ordered = sorted(
            process_type.dynos,
            key=lambda dyno: (-dyno.facts.errors.n, natural_order(dyno.name), -dyno.incarnation.number),
        )
        table += [_row(dyno, process_type, analysis.observations, clock) for dyno in ordered if dyno.in_focus]
    return (*table, *(_row(dyno, None, analysis.observations, clock) for dyno in analysis.one_offs if dyno.in_focus))


def _row(
    dyno: IncarnationAnalysis, process_type: TypeAnalysis | None, observations: Observations, clock: Clock | None
) -> IncarnationRow:
    own = dyno.incarnation
    return IncarnationRow(
        dyno=own.dyno,
        id=own.id,
        id_source=own.id_source,
        type=own.type,
        size=own.size,
        release=own.release,
        state=own.state or ("" if not dyno.over else "ended"),
        start=moment(own.start) if own.start is not None else None,
        end=moment(own.end) if own.end is not None and dyno.over else None,
        end_reason=own.end_reason if dyno.over else None,
        exit_status=own.exit_status,
        daily_cycle=_span(dyno.cycle),
        lines=dyno.facts.lines,
        requests=_requests(dyno, process_type),
        errors=_errors(dyno, process_type),
        outlier=_outlier(dyno),
        latency=Latency(
            assessed=dyno.slowness.assessed,
            slower=dyno.slowness.slower,
            p50_ms=_whole(dyno.slowness.own_ms),
            peers_p50_ms=_whole(dyno.slowness.peers_ms),
            buckets=dyno.slowness.buckets,
            reason=dyno.slowness.reason,
        ),
        memory=_memory(dyno),
        codes=tuple(sorted(dyno.facts.codes.items())),
        series=series_of(dyno.facts, clock),
    )


def _span(pair: tuple[float, float] | None) -> TimeSpan | None:
    return None if pair is None else TimeSpan(start=moment(pair[0]), end=moment(pair[1]))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _requests(dyno: IncarnationAnalysis, process_type: TypeAnalysis | None) -> RequestSummary:
    n = dyno.facts.requests
    p50_ms, p95_ms = percentiles(dyno.facts.service, 0.5, 0.95)
    return RequestSummary(
        n=n,
        share=round(n / process_type.requests, 4) if process_type and process_type.requests else None,
        p50_ms=p50_ms,
        p95_ms=p95_ms,
        websockets=dyno.facts.websockets,
    )


def _errors(dyno: IncarnationAnalysis, process_type: TypeAnalysis | None) -> Errors:
    errors, n = dyno.facts.errors, dyno.facts.requests
    low, high = wilson(errors.n, n)
    return Errors(
        n=errors.n,
        bursts=errors.events(),
        share=round(errors.n / process_type.errors, 4) if process_type and process_type.errors else None,
        by_code=tuple(sorted(errors.by_code.items(), key=lambda item: (-item[1], item[0]))),
        rate=round(errors.n / n, 4) if n else None,
        rate_ci95=(round(low, 4), round(high, 4)) if n else None,
        paths=tuple((redact_path(path), times) for path, times in errors.paths.top_whole(3)),
    )


def _outlier(dyno: IncarnationAnalysis) -> Outlier:
    found = dyno.assessment
    tested = found.standing != "not_assessed"
    return Outlier(
        tested=tested,
        test="exceptions-in-shared-time" if tested and not dyno.facts.requests else "moments-in-shared-time",
        requests=found.requests,
        errors=found.errors,
        expected=round(found.expected, 1),
        peer_requests=found.peer_requests,
        peer_errors=found.peer_errors,
        unshared_errors=max(0, found.evenness.unshared),
        uneven=found.evenness.uneven,
        apart=found.evenness.apart,
        # Three digits: further ones differ from one machine's mathematics to another's.
        p_adjusted=None if found.p_adjusted is None else float(f"{found.p_adjusted:.3g}"),
        rate_ratio=None if found.ratio is None else round(found.ratio, 2),
        rate_ratio_low=None if found.ratio_low is None else round(found.ratio_low, 2),
        sustained=found.sustained,
        verdict=found.standing,
        reason=found.reason,
        ongoing=dyno.tense.ongoing,
        ended_at=moment(dyno.tense.ended_at) if dyno.tense.ended_at is not None else None,
    )


def _memory(dyno: IncarnationAnalysis) -> Memory:
    memory, quota = dyno.facts.memory, dyno.quota_mb
    level, highest = dyno.level, dyno.facts.highest_mark or (None, None)
    rate = swap_in_rate(memory)
    trend, late = dyno.trend, dyno.trend.late
    return Memory(
        n=memory.n,
        last_mb=level.mb if level else None,
        last_pct=round(level.of_quota * 100, 2) if level and level.of_quota is not None else None,
        last_at=moment(level.seconds) if level and level.seconds else None,
        max_mb=memory.max_mb if memory.max_mb is not None else highest[0],
        quota_mb=quota,
        quota_source=dyno.quota_source,
        max_pct=round(memory.max_mb / quota * 100, 1) if memory.max_mb is not None and quota else highest[1],
        swap_mb=memory.last[2] if memory.last else None,
        swap_in_pages_per_s=None if rate is None else round(rate, 1),
        r14=memory.r14,
        r14_episodes=len(memory.r14_spans),
        r15=memory.r15,
        r15_limit_mb=r15_limit_mb(dyno.incarnation.size, quota),
        over_quota_samples=memory.over_quota,
        trend=Trend(
            kind=trend.kind,
            reason=trend.reason,
            slope_mb_per_h=None if trend.slope is None else round(trend.slope, 2),
            range=None if trend.low is None or trend.high is None else (round(trend.low, 2), round(trend.high, 2)),
            late=None
            if late is None
            else LatePart(
                slope_mb_per_h=round(late.slope, 2),
                margin=round(late.margin, 2),
                hours=round(late.hours, 2),
                rises=late.rises,
                may_rise=late.may_rise,
            ),
            eta_quota=_span(dyno.eta),
            observed_minutes=round(trend.minutes, 1),
        ),
    )
