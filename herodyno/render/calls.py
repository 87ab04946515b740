"""Writes to Heroku in JSON: the calls, what became of them, and the documents of `stop` and `restart`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from herodyno.dynos import Dyno
from herodyno.operations.executor import Sent
from herodyno.operations.writes import Write
from herodyno.render.dynos import dyno_record

if TYPE_CHECKING:
    from herodyno.operations.restart.comparison_report import ComparisonReport
    from herodyno.operations.restart.line_change import LineChange
    from herodyno.operations.restart.rate_change import RateChange
    from herodyno.operations.restart.roll import Roll


def calls_document(writes: Sequence[Write]) -> list[dict[str, Any]]:
    """The calls of a dry run."""
    return [{"method": write.method, "path": write.path, "body": write.body} for write in writes]


def sent_document(sent: Sequence[Sent]) -> list[dict[str, Any]]:
    """What became of each write."""
    return [{"call": str(each.write), "outcome": each.outcome, "request_id": each.request_id or None} for each in sent]


def dyno_calls_document(
    schema: str,
    app: str,
    dynos: Sequence[Dyno],
    *,
    notes: Sequence[str],
    writes: Sequence[Write],
    sent: Sequence[Sent],
    dry_run: bool,
) -> dict[str, Any]:
    """`herodyno.stop/1`, and the beginning of `herodyno.restart/1`: dynos, and the calls that end them."""
    return {
        "schema": schema,
        "app": {"name": app},
        "dry_run": dry_run,
        "dynos": [dyno_record(dyno, "name", "id", "type") for dyno in dynos],
        "notes": list(notes),
        "calls": calls_document(writes),
        "sent": [] if dry_run else sent_document(sent),
    }


def roll_document(roll: Roll) -> list[dict[str, Any]]:
    """How far a rolling restart came with each dyno."""
    return [
        {
            "name": item.name,
            "id": item.id,
            "phase": item.phase,
            "new_id": item.new_id or None,
            "reason": item.reason or None,
        }
        for item in roll.items
    ]


def verify_document(verdict: ComparisonReport) -> dict[str, Any]:
    """What `restart --verify` found: errors and requests before and after."""
    return {
        "restarted": _comparison(verdict.restarted),
        "others": None if verdict.others is None else _comparison(verdict.others),
        "memory": list(verdict.memory),
        "lines": [_line_change(each) for each in verdict.lines],
        "summary": verdict.sentence,
    }


def _line_change(change: LineChange) -> dict[str, Any]:
    (n, seconds), (n_after, seconds_after) = change.before, change.after
    return {
        "template": change.template,
        "kind": change.kind,
        "dynos": list(change.dynos),
        "before": {"n": n, "seconds": round(seconds)},
        "after": {"n": n_after, "seconds": round(seconds_after)},
        "judgement": change.judgement,
    }


def _comparison(comparison: RateChange) -> dict[str, Any]:
    before, after = comparison.before, comparison.after
    return {
        "what": comparison.what,
        "before": {"errors": before[0], "requests": before[1], "rate_ci95": comparison.before_ci95},
        "after": {"errors": after[0], "requests": after[1], "rate_ci95": comparison.after_ci95},
        "judgement": comparison.judgement,
    }
