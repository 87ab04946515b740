"""The exit code of a diagnosis: how grave its verdict is, and what flags make of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from herodyno.diagnosis.report.report import Diagnosis, Severity

EXIT_CODES: dict[Severity, int] = {"critical": 20, "warning": 10, "info": 0}
NOT_ENOUGH_DATA = 30
# The lowest exit code of a verdict that --fail-on does not turn into 0.
FAIL_ON = {"": 0, "warning": 10, "critical": 20, "never": 100}
# Ours. Monitoring is told of too little data only where it leaves room for a rate so high.
MUCH = 0.05


def exit_code(diagnosis: Diagnosis, *, fail_on: str = "", not_enough: str = "") -> int:
    """0 nothing found · 10 warning · 20 critical · 30 not enough data. What is over counts one severity less.

    `fail_on` (a key of FAIL_ON) turns lower codes into 0. `not_enough` (ok, unknown) decides whether too little data is
    0 or 30. By default it is 30, and 0 with `fail_on`.
    """
    is_unknown = (not_enough or ("ok" if fail_on else "unknown")) == "unknown"
    if diagnosis.verdict.kind == "not_enough_data" and is_unknown:
        return NOT_ENOUGH_DATA
    code = EXIT_CODES[diagnosis.verdict.severity]
    return code if code >= FAIL_ON[fail_on] else 0


def may_be_much(diagnosis: Diagnosis) -> bool:
    """Whether 5 % of all requests may fail, or of a dyno's that fails three times as often as its peers."""
    apart = [row.errors.rate_ci95 for row in diagnosis.incarnations if row.outlier.apart]
    return any(rate is None or rate[1] >= MUCH for rate in (diagnosis.requests.rate_ci95, *apart))
