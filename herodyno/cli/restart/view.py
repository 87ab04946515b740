"""What `restart` shows at its end: the calls of a dry run, the verdict of --verify, or one JSON document."""

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
    from herodyno.operations.restart.comparison_report import Helped
    from herodyno.operations.restart.roll import Roll


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The dynos meant and the writes sent. `roll` is None without --rolling, `verdict` without --verify."""

    dynos: Sequence[Dyno]
    writes: Sequence[Write]
    notes: Sequence[str]
    sent: Sequence[Sent] = ()
    roll: Roll | None = None
    verdict: Helped | None = None


def show(writing: Writing, outcome: Outcome) -> None:
    """Show the answer on stdout."""
    output = writing.session.output
    if output.wants_json:
        output.json(document(writing, outcome))
        return
    if writing.executor.dry_run:
        writing.show_calls(outcome.writes)
    if verdict := outcome.verdict:
        rates = [str(verdict.restarted), *([str(verdict.others)] if verdict.others else [])]
        output.lines([line(text) for text in [verdict.sentence, *rates, *verdict.memory]])


def document(writing: Writing, outcome: Outcome) -> dict[str, Any]:
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
        for item in (outcome.roll.items if outcome.roll else ())
    ]
    return {
        "schema": "herodyno.restart/1",
        "app": {"name": writing.app},
        "dry_run": dry_run,
        "dynos": [{"name": dyno.name, "id": dyno.id or None, "type": dyno.type} for dyno in outcome.dynos],
        "notes": list(outcome.notes),
        "calls": calls_document(outcome.writes),
        "sent": [] if dry_run else sent_document(outcome.sent),
        "roll": roll if outcome.roll else None,
        "verify": outcome.verdict.document() if outcome.verdict else None,
    }
