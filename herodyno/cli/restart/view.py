"""What `restart` shows when it is done: the calls of a dry run, the verdict of --verify, one JSON document."""

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
        output.json(_document(writing, work))
        return
    if writing.executor.dry_run:
        writing.show_calls(work.writes)
    if verdict := work.verdict:
        rates = [str(verdict.restarted), *([str(verdict.others)] if verdict.others else [])]
        output.lines([line(text) for text in [verdict.sentence, *rates, *verdict.memory]])


def _document(writing: Writing, work: Work) -> dict[str, Any]:
    """`herodyno.restart/1`."""
    return {
        **dyno_calls_document(
            "herodyno.restart/1",
            writing.app,
            work.dynos,
            notes=work.notes,
            writes=work.writes,
            sent=work.sent,
            dry_run=writing.executor.dry_run,
        ),
        "roll": roll_document(work.roll) if work.roll else None,
        "verify": verify_document(work.verdict) if work.verdict else None,
    }
