"""How many requests there were and how many failed: the one count that text, JSON and monitoring tell."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.report.report import Requests
from herodyno.diagnosis.statistics.rates import wilson


def requests(analysis: Analysis) -> Requests:
    """The count, and the rate with its interval."""
    n, errors, without_dyno, _ = analysis.asked
    return Requests(
        n=n,
        errors=errors,
        without_dyno=without_dyno,
        rate=errors / n if n else None,
        rate_ci95=wilson(errors, n) if n else None,
    )
