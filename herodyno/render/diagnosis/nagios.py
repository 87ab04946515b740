"""A diagnosis as a monitoring plug-in answers: one line, numbers behind a bar, exit code 0, 1, 2 or 3.

The format is that of the Monitoring Plugins' development guidelines, as Nagios, Icinga and Checkmk read it.
Code 0 says "NOTHING FOUND", not the guidelines' "OK": an error that nobody saw may still have happened. It says "OVER"
when a trouble was found that is over.
"""

from __future__ import annotations

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.clean import clean

FINE, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
WORDS = {FINE: "NOTHING FOUND", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}
OVER = "OVER"


def nagios_code(diagnosis: Diagnosis) -> int:
    """0 nothing found, 1 warning, 2 critical, 3 not enough data."""
    if diagnosis.verdict.kind == "not_enough_data":
        return UNKNOWN
    return {"critical": CRITICAL, "warning": WARNING, "info": FINE}[diagnosis.verdict.severity]


def nagios_line(diagnosis: Diagnosis) -> str:
    """The line: the word, the verdict, the numbers."""
    code = nagios_code(diagnosis)
    word = OVER if code == FINE and diagnosis.verdict.ongoing is False else WORDS[code]
    label = "" if diagnosis.verdict.label in WORDS.values() else f"{diagnosis.verdict.label}, "
    return f"{word}: {label}{_text(diagnosis.verdict.summary)} | {' '.join(_numbers(diagnosis))}"


def nagios_failure(message: str) -> str:
    """The line when no verdict could be reached."""
    return f"{WORDS[UNKNOWN]}: {_text(message)}"


def _text(text: str) -> str:
    # A bar would begin the numbers.
    return clean(" ".join(text.split())).replace("|", "/")


def _numbers(diagnosis: Diagnosis) -> list[str]:
    """label=value[unit];warn;critical;min;max, the thresholds left empty: the verdict needs more than one number."""
    requests = diagnosis.coverage.router_lines
    errors = sum(row.errors.n for row in diagnosis.incarnations)
    levels = [row.memory.max_pct for row in diagnosis.incarnations if row.memory.max_pct is not None]
    outliers = sum(1 for row in diagnosis.incarnations if row.outlier.verdict == "outlier")
    numbers = [
        f"requests={requests};;;0",
        f"errors={errors};;;0",
        f"errors_without_dyno={diagnosis.unattributed.errors};;;0",
        f"outliers={outliers};;;0",
    ]
    if requests:
        numbers.append(f"error_rate={errors / requests * 100:.2f}%;;;0;100")
    if levels:
        numbers.append(f"memory={max(levels):.1f}%;;;0")
    return [
        *numbers,
        f"lines={diagnosis.coverage.lines};;;0",
        f"lost_lines={diagnosis.coverage.lost_lines};;;0",
        f"window={diagnosis.coverage.seconds:.0f}s;;;0",
    ]
