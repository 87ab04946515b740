"""What `restart` shows when it is done: the calls of a dry run, the verdict of --verify, one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno
from herodyno.operations.executor import Sent
from herodyno.operations.writes import Write
from herodyno.render.calls import calls_document, sent_document
from herodyno.render.text import line

if TYPE_CHECKING:
    from herodyno.operations.restart.comparison_report import ComparisonReport
    from herodyno.operations.restart.roll import Roll


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was meant and what was done. `roll` is None without --rolling, `verdict` without --verify."""

    dynos: Sequence[Dyno]
    writes: Sequence[Write]
    notes: Sequence[str]
    sent: Sequence[Sent] = ()
    roll: Roll | None = None
    verdict: ComparisonReport | None = None


def show(writing: Writing, work: Work) -> None:
    """On stdout: the answer. What happened meanwhile was said on stderr."""
    output = writing.session.output
    if output.wants_json:
        output.json(document(writing, work))
        return
    if writing.executor.dry_run:
        writing.show_calls(work.writes)
    if verdict := work.verdict:
        rates = [str(verdict.restarted), *([str(verdict.others)] if verdict.others else [])]
        output.lines([line(text) for text in [verdict.sentence, *rates, *verdict.memory]])


def document(writing: Writing, work: Work) -> dict[str, Any]:
    """`herodyno.restart/1`."""
    dry_run = writing.executor.dry_run
    roll = [
        {
            "name": item.name,
            "id": item.id,
            "phase": item.phase,
            "new_id": item.new_id or None,
            "reason": item.reason or None,
        }
        for item in (work.roll.items if work.roll else ())
    ]
    return {
        "schema": "herodyno.restart/1",
        "app": {"name": writing.app},
        "dry_run": dry_run,
        "dynos": [{"name": dyno.name, "id": dyno.id or None, "type": dyno.type} for dyno in work.dynos],
        "notes": list(work.notes),
        "calls": calls_document(work.writes),
        "sent": [] if dry_run else sent_document(work.sent),
        "roll": roll if work.roll else None,
        "verify": work.verdict.document() if work.verdict else None,
    }
