"""A verdict on one line, for a log of verdicts: when, what, of whom, what to type."""

from __future__ import annotations

import shlex

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.text import Line, Role, Span

_ROLES: dict[str, Role] = {"critical": "critical", "warning": "warning"}


def verdict_line(found: Diagnosis, stamp: str) -> Line:
    """`stamp` is the time as it is to be shown."""
    verdict = found.verdict
    argv = found.actions[0].argv if found.actions else ()
    command = f"; next: {shlex.join(argv)}" if argv else ""
    return (
        Span(f"{stamp}  "),
        Span(verdict.label, _ROLES.get(verdict.severity, "heading")),
        Span(f"  {verdict.summary} (confidence: {verdict.confidence}){command}"),
    )
