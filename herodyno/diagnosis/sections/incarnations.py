"""The blame table: a row for each incarnation, from the numbers of its study."""

from __future__ import annotations

from herodyno.diagnosis.analysis import LifeStudy, Study, TypeStudy
from herodyno.diagnosis.observations import Case
from herodyno.diagnosis.report.phrases import moment
from herodyno.diagnosis.report.redaction import redact_path
from herodyno.diagnosis.report.row import Errors, Incarnation, Latency, Memory, Outlier, Requests, Span, Trend
from herodyno.diagnosis.statistics.latency import percentile
from herodyno.diagnosis.statistics.memory import block_medians, r15_limit_mb, swap_in_rate
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.dynos import natural_order


def rows(study: Study) -> tuple[Incarnation, ...]:
    """Every incarnation: process types in order, worst first within a type, one-offs last."""
    table = []
    for kind in study.types.values():
        ordered = sorted(
            kind.lives,
            key=lambda life: (-life.facts.errors.n, natural_order(life.life.dyno), -life.life.number),
        )
        table += [_row(life, kind, study.case) for life in ordered if life.in_focus]
    return (*table, *(_row(life, None, study.case) for life in study.one_offs if life.in_focus))


def _row(life: LifeStudy, kind: TypeStudy | None, case: Case) -> Incarnation:
    own = life.life
    return Incarnation(
        dyno=own.dyno,
        id=own.id,
        id_source=own.id_source,
        type=own.type,
        size=own.size,
        release=own.release,
        state=own.state or ("" if not life.over else "ended"),
        start=moment(own.start) if own.start is not None else None,
        end=moment(own.end) if own.end is not None and life.over else None,
        end_reason=own.end_reason if life.over else None,
        exit_status=own.exit_status,
        daily_cycle=_span(life.cycle),
        lines=life.facts.lines,
        requests=_requests(life, kind),
        errors=_errors(life, kind),
        outlier=_outlier(life),
        latency=Latency(
            assessed=life.slowness.assessed,
            slower=life.slowness.slower,
            p50_ms=_whole(life.slowness.own_ms),
            peers_p50_ms=_whole(life.slowness.peers_ms),
            buckets=life.slowness.buckets,
            reason=life.slowness.reason,
        ),
        memory=_memory(life),
        codes=tuple(sorted(life.facts.codes.items())),
    )


def _span(pair: tuple[float, float] | None) -> Span | None:
    return None if pair is None else Span(start=moment(pair[0]), end=moment(pair[1]))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _requests(life: LifeStudy, kind: TypeStudy | None) -> Requests:
    n = life.facts.requests
    times = life.facts.service
    return Requests(
        n=n,
        share=round(n / kind.requests, 4) if kind and kind.requests else None,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
    )


def _errors(life: LifeStudy, kind: TypeStudy | None) -> Errors:
    errors, n = life.facts.errors, life.facts.requests
    low, high = wilson(errors.n, n)
    return Errors(
        n=errors.n,
        bursts=errors.events(),
        share=round(errors.n / kind.errors, 4) if kind and kind.errors else None,
        by_code=tuple(sorted(errors.by_code.items(), key=lambda item: (-item[1], item[0]))),
        rate=round(errors.n / n, 4) if n else None,
        rate_ci95=(round(low, 4), round(high, 4)) if n else None,
        paths=tuple((redact_path(path), times) for path, times in errors.paths.top(3)),
    )


def _outlier(life: LifeStudy) -> Outlier:
    found = life.assessment
    tested = found.standing != "not_assessed"
    return Outlier(
        tested=tested,
        test="binomial-on-bursts",
        # Three digits: further ones differ from one machine's mathematics to another's.
        p_adjusted=None if found.p_adjusted is None else float(f"{found.p_adjusted:.3g}"),
        rate_ratio=None if found.ratio is None else round(found.ratio, 2),
        rate_ratio_low=None if found.ratio_low is None else round(found.ratio_low, 2),
        sustained=found.sustained,
        verdict=found.standing,
        reason=found.reason,
    )


def _memory(life: LifeStudy) -> Memory:
    memory, quota = life.facts.memory, life.quota_mb
    rate = swap_in_rate(memory)
    told = life.trend
    return Memory(
        n=memory.n,
        last_mb=memory.last[1] if memory.last else None,
        max_mb=memory.max_mb,
        quota_mb=quota,
        quota_source=life.quota_source,
        max_pct=round(memory.max_mb / quota * 100, 1) if memory.max_mb is not None and quota else None,
        swap_mb=memory.last[2] if memory.last else None,
        swap_in_pages_per_s=None if rate is None else round(rate, 1),
        r14=memory.r14,
        r14_episodes=len(memory.r14_spans),
        r15=memory.r15,
        r15_limit_mb=r15_limit_mb(life.life.size, quota),
        over_quota_samples=memory.over_quota,
        trend=Trend(
            kind=told.kind,
            reason=told.reason,
            slope_mb_per_h=None if told.slope is None else round(told.slope, 1),
            range=None if told.low is None or told.high is None else (round(told.low, 1), round(told.high, 1)),
            eta_quota=_span(life.eta),
            observed_minutes=round(told.minutes, 1),
        ),
        series=tuple((moment(at), round(total, 2), round(swap, 2)) for at, total, swap in block_medians(memory.blocks)),
    )
