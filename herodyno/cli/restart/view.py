"""What `restart` shows at its end: the calls of a dry run, the verdict of --verify, or one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno
from herodyno.operations.executor import Sent
from herodyno.operations.writes import Write
from herodyno.render.calls import dyno_calls_document, roll_document, verify_document
from herodyno.render.text import line

if TYPE_CHECKING:
    from herodyno.operations.restart.comparison_report import ComparisonReport
    from herodyno.operations.restart.roll import Roll


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The dynos meant and the writes sent. `roll` is None without --rolling, `verdict` without --verify."""

    dynos: Sequence[Dyno]
    writes: Sequence[Write]
    notes: Sequence[str]
    sent: Sequence[Sent] = ()
    roll: Roll | None = None
    verdict: ComparisonReport | None = None


def show(writing: Writing, outcome: Outcome) -> None:
    """Show the answer on stdout."""
    output = writing.session.output
    if output.wants_json:
        output.json(_document(writing, outcome))
        return
    if writing.executor.dry_run:
        writing.show_calls(outcome.writes)
    if verdict := outcome.verdict:
        rates = [str(verdict.restarted), *([str(verdict.others)] if verdict.others else [])]
        output.lines([line(text) for text in [verdict.sentence, *rates, *map(str, verdict.lines), *verdict.memory]])


def _document(writing: Writing, outcome: Outcome) -> dict[str, Any]:
    """`herodyno.restart/1`."""
    calls = dyno_calls_document(
        "herodyno.restart/1",
        writing.app,
        outcome.dynos,
        notes=outcome.notes,
        writes=outcome.writes,
        sent=outcome.sent,
        dry_run=writing.executor.dry_run,
    )
    return {
        **calls,
        "roll": roll_document(outcome.roll) if outcome.roll else None,
        "verify": verify_document(outcome.verdict) if outcome.verdict else None,
    }
