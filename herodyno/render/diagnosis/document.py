"""The answer as one JSON document, `herodyno.diagnose/1`: field by field the shape of the specification (4.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from herodyno.diagnosis.report.report import Action, Coverage, Diagnosis, Finding
from herodyno.diagnosis.report.row import IncarnationRow, Memory, TimeSpan

SCHEMA = "herodyno.diagnose/1"


def document(diagnosis: Diagnosis) -> dict[str, Any]:
    """The whole answer with plain values: times as UTC text, tuples as lists, mappings where JSON has them."""
    verdict = diagnosis.verdict
    return {
        "schema": SCHEMA,
        "generated_at": _time(diagnosis.generated_at),
        "app": {"name": diagnosis.app.name, "id": diagnosis.app.id, "generation": diagnosis.app.generation},
        "verdict": {
            "class": verdict.kind,
            "severity": verdict.severity,
            "confidence": verdict.confidence,
            "summary": verdict.summary,
            "details": list(verdict.details),
            "not_claimed": list(verdict.not_claimed),
            "replaced": verdict.replaced,
        },
        "coverage": _coverage(diagnosis.coverage),
        "incarnations": [_incarnation(row) for row in diagnosis.incarnations],
        "unattributed": {
            "errors": diagnosis.unattributed.errors,
            "by_code": dict(diagnosis.unattributed.by_code),
        },
        "changes": [
            {
                "at": _time(change.at),
                "kind": change.kind,
                "version": change.version,
                "actor": change.actor,
                "dyno": change.dyno,
                "text": change.text,
                "before": _rate(change.before),
                "after": _rate(change.after),
            }
            for change in diagnosis.changes
        ],
        "shared": [{"key": key, "sentence": sentence} for key, sentence in diagnosis.shared],
        "findings": [_finding(finding) for finding in diagnosis.findings],
        "actions": [_action(action) for action in diagnosis.actions],
        "limits": list(diagnosis.limits),
        "method": {
            "alpha": diagnosis.method.alpha,
            "correction": diagnosis.method.correction,
            "burst_gap_s": diagnosis.method.burst_gap_s,
            "min_requests": diagnosis.method.min_requests,
            "min_peer_requests": diagnosis.method.min_peer_requests,
            "tool_version": diagnosis.method.tool_version,
        },
        "api": {"calls": diagnosis.api.calls, "rate_limit_remaining": diagnosis.api.rate_limit_remaining},
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _rate(pair: tuple[int, int] | None) -> dict[str, int] | None:
    return None if pair is None else {"errors": pair[0], "requests": pair[1]}


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "source": coverage.source,
        "lines": coverage.lines,
        "cap": coverage.cap,
        "cap_reached": coverage.cap_reached,
        "from": _time(coverage.start),
        "to": _time(coverage.end),
        "seconds": coverage.seconds,
        "lost_lines": coverage.lost_lines,
        "loss_events": [
            {"code": loss.code, "lines": loss.lines, "events": loss.events, "this_stream": loss.this_stream}
            for loss in coverage.losses
        ],
        "unparsed_lines": coverage.unread_lines,
        "runtime_metrics": coverage.runtime_metrics,
        "dynos_sampled": {"sampled": coverage.dynos_sampled[0], "running": coverage.dynos_sampled[1]},
        "router_lines": coverage.router_lines,
        "router_lines_filtered": coverage.router_share_suspect,
        "ambiguous_requests": coverage.ambiguous_requests,
        "unattributed_events": coverage.unattributed_events,
        "clock": "logplex",
        "would_change": list(coverage.would_change),
        "notes": list(coverage.notes),
    }


def _incarnation(row: IncarnationRow) -> dict[str, Any]:
    interval, outlier, latency = row.errors.rate_ci95, row.outlier, row.latency
    return {
        "dyno": row.dyno,
        "id": row.id,
        "id_source": row.id_source,
        "type": row.type,
        "size": row.size,
        "release": row.release,
        "state": row.state,
        "from": _time(row.start),
        "to": _time(row.end),
        "end_reason": row.end_reason,
        "exit_status": row.exit_status,
        "daily_cycle": _span(row.daily_cycle, "earliest", "latest"),
        "lines": row.lines,
        "requests": {
            "n": row.requests.n,
            "share": row.requests.share,
            "p50_ms": row.requests.p50_ms,
            "p95_ms": row.requests.p95_ms,
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
            "p_adjusted": outlier.p_adjusted,
            "rate_ratio": outlier.rate_ratio,
            "rate_ratio_low": outlier.rate_ratio_low,
            "sustained_buckets": None
            if outlier.sustained is None
            else f"{outlier.sustained[0]}/{outlier.sustained[1]}",
            "verdict": outlier.verdict,
            "reason": outlier.reason,
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
    }


def _span(span: TimeSpan | None, first: str = "from", last: str = "to") -> dict[str, str | None] | None:
    return None if span is None else {first: _time(span.start), last: _time(span.end)}


def _memory(memory: Memory) -> dict[str, Any]:
    trend = memory.trend
    return {
        "n": memory.n,
        "last_mb": memory.last_mb,
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
            "eta_quota": _span(trend.eta_quota),
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "dyno": finding.dyno,
        "dyno_id": finding.dyno_id,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "sentence": finding.sentence,
        "evidence": [
            {"at": _time(shown.at), "line": shown.line, "line_no": shown.line_no} for shown in finding.evidence
        ],
        "runbook": finding.runbook,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "rank": action.rank,
        "argv": list(action.argv),
        "text": action.text,
        "effect": action.effect,
        "risk": action.risk,
        "undo": action.undo,
        "notes": [{"label": label, "text": text} for label, text in action.notes],
        "mutates": action.mutates,
        "dyno_id": action.dyno_id,
        "expires_at": _time(action.expires_at),
    }
