"""One incarnation of `herodyno.diagnose/2`: requests, errors, judgement, latency, memory."""

from __future__ import annotations

from typing import Any

from herodyno.diagnosis.report.row import IncarnationRow, Memory, TimeSpan
from herodyno.diagnosis.report.series import Series
from herodyno.units import json_time


def incarnation_record(row: IncarnationRow) -> dict[str, Any]:
    """The row with plain values; null is what is not known."""
    interval, outlier, latency = row.errors.rate_ci95, row.outlier, row.latency
    return {
        "dyno": row.dyno,
        "id": row.id,
        "id_source": row.id_source,
        "type": row.type,
        "size": row.size,
        "release": row.release,
        "state": row.state,
        "from": json_time(row.start),
        "to": json_time(row.end),
        "end_reason": row.end_reason,
        "exit_status": row.exit_status,
        "daily_cycle": _span(row.daily_cycle, "earliest", "latest"),
        "lines": row.lines,
        "requests": {
            "n": row.requests.n,
            "share": row.requests.share,
            "p50_ms": row.requests.p50_ms,
            "p95_ms": row.requests.p95_ms,
            "websockets": row.requests.websockets,
        },
        "errors": {
            "n": row.errors.n,
            "bursts": row.errors.bursts,
            "share": row.errors.share,
            "by_code": dict(row.errors.by_code),
            "rate": row.errors.rate,
            "rate_ci95": list(interval) if interval else None,
            "paths": [{"path": path, "n": n} for path, n in row.errors.paths],
        },
        "codes": dict(row.codes),
        "outlier": {
            "tested": outlier.tested,
            "test": outlier.test,
            "requests": outlier.requests,
            "errors": outlier.errors,
            "expected": outlier.expected,
            "peer_requests": outlier.peer_requests,
            "peer_errors": outlier.peer_errors,
            "unshared_errors": outlier.unshared_errors,
            "uneven": outlier.uneven,
            "apart": outlier.apart,
            "p_adjusted": outlier.p_adjusted,
            "rate_ratio": outlier.rate_ratio,
            "rate_ratio_low": outlier.rate_ratio_low,
            "sustained_buckets": None
            if outlier.sustained is None
            else f"{outlier.sustained[0]}/{outlier.sustained[1]}",
            "verdict": outlier.verdict,
            "reason": outlier.reason,
            "ongoing": outlier.ongoing,
            "ended_at": json_time(outlier.ended_at),
        },
        "latency": {
            "assessed": latency.assessed,
            "slower": latency.slower,
            "p50_ms": latency.p50_ms,
            "peers_p50_ms": latency.peers_p50_ms,
            "slower_buckets": None if latency.buckets is None else f"{latency.buckets[0]}/{latency.buckets[1]}",
            "reason": latency.reason,
        },
        "memory": _memory(row.memory),
        "series": series_record(row.series),
    }


def series_record(series: Series) -> dict[str, Any]:
    """The values of a series, cell by cell of the document's clock from cell `first` on."""
    return {
        "first": series.first,
        "requests": list(series.requests),
        "errors": list(series.errors),
        "p50_ms": list(series.p50_ms),
        "mb": list(series.mb),
        "low_mb": list(series.low_mb),
        "swap_mb": list(series.swap_mb),
        "load": list(series.load),
        "r14_cells": list(series.r14),
        "service": [list(step) for step in series.service],
    }


def _memory(memory: Memory) -> dict[str, Any]:
    trend, late = memory.trend, memory.trend.late
    return {
        "n": memory.n,
        "last_mb": memory.last_mb,
        "last_pct": memory.last_pct,
        "last_at": json_time(memory.last_at),
        "max_mb": memory.max_mb,
        "quota_mb": memory.quota_mb,
        "quota_source": memory.quota_source,
        "max_pct": memory.max_pct,
        "swap_mb": memory.swap_mb,
        "swap_in_pages_per_s": memory.swap_in_pages_per_s,
        "r14": memory.r14,
        "r14_episodes": memory.r14_episodes,
        "r15": memory.r15,
        "r15_limit_mb": memory.r15_limit_mb,
        "over_quota_samples": memory.over_quota_samples,
        "trend": {
            "class": trend.kind,
            "reason": trend.reason,
            "observed_minutes": trend.observed_minutes,
            "slope_mb_per_h": trend.slope_mb_per_h,
            "range": list(trend.range) if trend.range else None,
            "late": None
            if late is None
            else {
                "slope_mb_per_h": late.slope_mb_per_h,
                "margin": late.margin,
                "hours": late.hours,
                "rises": late.rises,
            },
            "eta_quota": _span(trend.eta_quota),
        },
    }


def _span(span: TimeSpan | None, first: str = "from", last: str = "to") -> dict[str, str | None] | None:
    return None if span is None else {first: json_time(span.start), last: json_time(span.end)}
