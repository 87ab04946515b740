"""The answer as one JSON document, `herodyno.diagnose/2`: field by field as its schema says."""

from __future__ import annotations

from typing import Any

from herodyno.diagnosis.report.past import Recurrence
from herodyno.diagnosis.report.report import Action, Coverage, Diagnosis, Finding, Requests, Verdict
from herodyno.diagnosis.report.series import Clock
from herodyno.diagnosis.statistics.growth.by_age import GrowthByAge
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.render.diagnosis.incarnation_record import incarnation_record
from herodyno.render.diagnosis.only_here import only_here_records
from herodyno.units import json_seconds, json_time

SCHEMA = "herodyno.diagnose/2"


def diagnosis_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """The whole answer with plain values: times as UTC text, tuples as lists, mappings where JSON has them."""
    verdict = diagnosis.verdict
    return {
        "schema": SCHEMA,
        "generated_at": json_time(diagnosis.generated_at),
        "app": {"name": diagnosis.app.name, "id": diagnosis.app.id, "generation": diagnosis.app.generation},
        "verdict": {
            "class": verdict.kind,
            "severity": verdict.severity,
            "confidence": verdict.confidence,
            "summary": verdict.summary,
            "details": list(verdict.details),
            "not_claimed": list(verdict.not_claimed),
            "replaced": verdict.replaced,
            **_tense(verdict),
        },
        "coverage": _coverage(diagnosis.coverage),
        "clock": clock_record(diagnosis.clock),
        "incarnations": [incarnation_record(row) for row in diagnosis.incarnations],
        "requests": _requests(diagnosis.requests),
        "unattributed": {
            "errors": diagnosis.unattributed.errors,
            "by_code": dict(diagnosis.unattributed.by_code),
            "errors_by_cell": list(diagnosis.without_dyno.errors),
        },
        "answered_by_router": {
            "requests": diagnosis.answered.requests,
            "by_code": dict(diagnosis.answered.by_code),
        },
        "changes": [
            {
                "at": json_time(change.at),
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
        "recurrence": diagnosis.recurrence and _recurrence(diagnosis.recurrence),
        "by_age": [_by_age(growth) for growth in diagnosis.by_age],
        "only_here": only_here_records(diagnosis.only_here),
        "findings": [_finding(finding) for finding in diagnosis.findings],
        "actions": [_action(action) for action in diagnosis.actions],
        **{section.name: list(section.sentences) for section in diagnosis.sections},
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


def _recurrence(found: Recurrence) -> dict[str, Any]:
    return {
        "days": found.days,
        "looked": found.looked,
        "unlike": found.unlike,
        "age_h": [round(age, 2) for age in found.ages_h],
        "away_h": [round(away, 2) for away in found.away_h],
        "found": [
            {
                "kind": one.kind,
                "type": one.type,
                "code": one.code,
                "dyno": one.dyno,
                "dyno_id": one.dyno_id,
                "began": json_time(moment(one.began)),
                "ended": None if one.ended is None else json_time(moment(one.ended)),
                "end_reason": one.end_reason,
                "paths": list(one.paths),
                "template": one.template,
            }
            for one in found.found
        ],
    }


def _by_age(growth: GrowthByAge) -> dict[str, Any]:
    return {
        "name": growth.name,
        "dynos": growth.dynos,
        "assessed": growth.assessed,
        "grew": growth.grew,
        "slope_mb_per_h": [round(slope, 1) for slope in growth.slopes],
        "quota_mb": growth.quota_mb,
        "reached_h": [round(age, 2) for age in growth.reached],
        "ended_h": [round(age, 2) for age in growth.ended],
        "running_h": [round(age, 2) for age in growth.running],
        "median_h": None if growth.median is None else round(growth.median, 2),
        "began_apart": growth.is_of_age,
    }


def clock_record(clock: Clock | None) -> dict[str, Any] | None:
    """The cells of all series; None for a log without a time."""
    if clock is None:
        return None
    gaps = [list(gap) for gap in clock.gaps]
    return {"from": json_time(clock.start), "cell_seconds": clock.seconds, "cells": clock.cells, "gaps": gaps}


def _rate(pair: tuple[int, int] | None) -> dict[str, int] | None:
    return None if pair is None else {"errors": pair[0], "requests": pair[1]}


def _requests(requests: Requests) -> dict[str, Any]:
    return {
        "n": requests.n,
        "errors": requests.errors,
        "errors_without_dyno": requests.without_dyno,
        "rate": None if requests.rate is None else round(requests.rate, 4),
        "rate_ci95": requests.rate_ci95 and [round(end, 4) for end in requests.rate_ci95],
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "source": coverage.source,
        "lines": coverage.lines,
        "cap": coverage.cap,
        "cap_reached": coverage.cap_reached,
        "from": json_time(coverage.start),
        "to": json_time(coverage.end),
        "seconds": json_seconds(coverage.seconds),
        "lost_lines": coverage.lost_lines,
        "loss_events": [
            {"code": loss.code, "lines": loss.lines, "events": loss.events, "this_stream": loss.this_stream}
            for loss in coverage.losses
        ],
        "unparsed_lines": coverage.unread_lines,
        "undated": [{"dyno": dyno, "counts": dict(counts)} for dyno, counts in coverage.undated],
        "first_unparsed_line": coverage.first_unread or None,
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


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "dyno": finding.dyno,
        "dyno_id": finding.dyno_id,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "sentence": finding.sentence,
        **_tense(finding),
        "evidence": [
            {"at": json_time(shown.at), "line": shown.line, "line_no": shown.line_no} for shown in finding.evidence
        ],
        "runbook": finding.runbook,
    }


def _tense(told: Verdict | Finding) -> dict[str, Any]:
    return {"ongoing": told.ongoing, "ended_at": json_time(told.ended_at), "ended_with": told.ended_with}


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
        "expires_at": json_time(action.expires_at),
    }
