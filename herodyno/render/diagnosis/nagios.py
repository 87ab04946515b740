"""A diagnosis as a monitoring plug-in answers: one line, numbers behind a bar, exit code 0, 1, 2 or 3.

Below it, where lines are named beside the verdict, stands the long output, which notifications carry.
The format is that of the Monitoring Plugins' development guidelines, as Nagios, Icinga and Checkmk read it.
"OK" means that nothing worse was seen. The label behind it says what was: nothing, a trouble that is over, too little.
"""

from __future__ import annotations

from herodyno.diagnosis.report.exit_codes import EXIT_CODES, NOT_ENOUGH_DATA, exit_code, may_be_much
from herodyno.diagnosis.report.phrases import interval
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.clean import clean
from herodyno.render.diagnosis.only_here import as_said

UNKNOWN = 3
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
# Lines of the app in the long output.
MOST_LINES = 3
# Dynos named behind a rate.
MOST_NAMED = 3
# Of a verdict's exit code, the plug-in's.
_CODES = {0: 0, 10: 1, 20: 2, NOT_ENOUGH_DATA: UNKNOWN}


def nagios_code(diagnosis: Diagnosis, *, fail_on: str = "", not_enough: str = "") -> int:
    """0 fine, 1 warning, 2 critical, 3 unknown. The flags do what they do to the verdict's exit code.

    Without them, too little data is unknown only where much may fail.
    """
    if not not_enough and not fail_on:
        not_enough = "unknown" if may_be_much(diagnosis) else "ok"
    return _CODES[exit_code(diagnosis, fail_on=fail_on, not_enough=not_enough)]


def nagios_line(diagnosis: Diagnosis, *, fail_on: str = "", not_enough: str = "") -> str:
    """The line: the word of the code, the verdict, the numbers."""
    code = nagios_code(diagnosis, fail_on=fail_on, not_enough=not_enough)
    verdict = diagnosis.verdict
    label = "" if verdict.label in WORDS else f"{verdict.label}, "
    told = f"{WORDS[code]}: {label}{_text(verdict.summary)}{_remark(diagnosis, code, fail_on)}"
    return f"{told} | {' '.join(_numbers(diagnosis))}"


def long_output(diagnosis: Diagnosis) -> list[str]:
    """The lines below: what the accused dynos print and others do not. Empty for most verdicts."""
    told = diagnosis.only_here
    if told is None:
        return []
    lines = (f"{each.n} : {each.peers_n} {as_said(each)}" for each in told.lines[:MOST_LINES])
    return [_text(part) for part in (f"ONLY HERE: {told.heading}", *lines, *told.notes)]


def nagios_failure(message: str) -> str:
    """The line when no verdict could be reached."""
    return f"{WORDS[UNKNOWN]}: {_text(message)}"


def _remark(diagnosis: Diagnosis, code: int, fail_on: str) -> str:
    """How far too little data reaches, or which severity --fail-on took for fine."""
    verdict, requests = diagnosis.verdict, diagnosis.requests
    if verdict.kind == "not_enough_data":
        if not requests.n:
            return ""
        apart = [row for row in diagnosis.incarnations if row.outlier.apart and row.requests.n]
        own = "".join(f", of {row.dyno}'s {interval(row.errors.n, row.requests.n)}" for row in apart[:MOST_NAMED])
        return f" (server errors: {interval(requests.errors, requests.n)} of the requests{own})"
    lowered = not code and EXIT_CODES[verdict.severity] > 0
    return f" ({verdict.severity}, below --fail-on {fail_on})" if lowered else ""


def _text(text: str) -> str:
    # A bar would begin the numbers.
    return clean(" ".join(text.split())).replace("|", "/")


def _numbers(diagnosis: Diagnosis) -> list[str]:
    """label=value[unit];warn;critical;min;max, the thresholds left empty: the verdict needs more than one number."""
    requests = diagnosis.requests
    levels = [row.memory.max_pct for row in diagnosis.incarnations if row.memory.max_pct is not None]
    outliers = sum(1 for row in diagnosis.incarnations if row.outlier.verdict == "outlier")
    numbers = [
        f"requests={requests.n};;;0",
        f"errors={requests.errors};;;0",
        f"errors_without_dyno={requests.without_dyno};;;0",
        f"outliers={outliers};;;0",
    ]
    if requests.rate is not None:
        numbers.append(f"error_rate={requests.rate * 100:.2f}%;;;0;100")
    if levels:
        numbers.append(f"memory={max(levels):.1f}%;;;0")
    return [
        *numbers,
        f"lines={diagnosis.coverage.lines};;;0",
        f"lost_lines={diagnosis.coverage.lost_lines};;;0",
        f"window={diagnosis.coverage.seconds:.0f}s;;;0",
    ]
