"""What an app process said last: its last exception with its message, or its last lines. Redacted, and bounded."""

from __future__ import annotations

from herodyno.diagnosis.analysis import IncarnationAnalysis
from herodyno.diagnosis.report.redaction import redact

# Characters of a line or a message that a sentence quotes. More are kept, so a secret is whole when it is redacted.
LONGEST_QUOTE = 200


def last_exception(dyno: IncarnationAnalysis) -> str:
    """ "ConnectionError: upstream refused", or "" when no exception with a name was printed."""
    raised = dyno.facts.raised.last
    return quoted(f"{raised.kind}: {raised.message}".removesuffix(": ")) if raised else ""


def last_lines(dyno: IncarnationAnalysis) -> list[str]:
    """The last lines, oldest first. A traceback is one line, its exception."""
    return [quoted(line.raw) for line in dyno.facts.output]


def last_words(dyno: IncarnationAnalysis, *, beside: str = "") -> list[str]:
    """A sentence with the last lines of a dyno: "run.1 printed last: a / b / c". A line that is said `beside` it is not
    said again."""
    lines = last_lines(dyno)
    if not lines:
        return [f"No line that {dyno.name} printed is in this log."]
    rest = [line for line in lines if line != beside]
    return [f"{dyno.name} printed last: {' / '.join(rest)}"] if rest else []


def quoted(text: str) -> str:
    """Foreign text for a sentence: redacted, on one line, cut where it is too long."""
    flat = " ".join(redact(text).split())
    return flat if len(flat) <= LONGEST_QUOTE else f"{flat[: LONGEST_QUOTE - 1]}…"
