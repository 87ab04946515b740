"""What became of a one-off dyno: it ended well, failed, was stopped, or ran over its memory quota."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.report.phrases import end_gloss
from herodyno.logs.codes.table import CODES

OutcomeKind: TypeAlias = Literal["well", "failed", "stopped", "cut_off", "over_quota", "unknown"]

# R codes after which a one-off dyno has not done its work, the most telling first.
_FAILING = ("R15", "R13", "R17", "R99", "R10")
_BY_HEROKU = frozenset({"cycled", "relocated"})
_STOPPED = frozenset({"stopped", "restarted", "deployed", "idled", "scaled_down"})


class Outcome(NamedTuple):
    """`how` is in words that group like outcomes: "exit status 1 (an error of the app)". `code` is an R code, or ""."""

    kind: OutcomeKind
    how: str = ""
    code: str = ""


def outcome(dyno: IncarnationAnalysis) -> Outcome:
    """The outcome as far as the log shows it. A dyno that still runs, or whose exit was not seen, is "unknown"."""
    own, codes = dyno.incarnation, dyno.facts.codes
    if code := next((code for code in _FAILING if code in codes), ""):
        return Outcome("failed", f"{code} ({CODES[code].title})", code)
    if own.end_reason in _BY_HEROKU:
        return Outcome("cut_off", _status(dyno))
    if own.end_reason in _STOPPED:
        return Outcome("stopped", _status(dyno))
    if own.exit_status not in (None, 0) or own.crashed:
        return Outcome("failed", _status(dyno) or "it crashed")
    if "R14" in codes:
        return Outcome("over_quota", "R14 (Memory quota exceeded)", "R14")
    return Outcome("well" if own.exit_status == 0 else "unknown")


def by_end(dynos: Iterable[IncarnationAnalysis], analysis: Analysis) -> list[IncarnationAnalysis]:
    """One-off dynos in order of their ends; those that run come last."""
    return sorted(dynos, key=lambda dyno: (dyno.incarnation.end or analysis.observations.end, dyno.key))


def _status(dyno: IncarnationAnalysis) -> str:
    status = dyno.incarnation.exit_status
    if status is None:
        return ""
    meaning = end_gloss(dyno.incarnation, dyno.facts)
    return f"exit status {status}" + (f" ({meaning})" if meaning else "")


def peak(dyno: IncarnationAnalysis) -> str:
    """The level beside an R14 or R15: " at 1,141 MB, 223 % of its quota", or ""."""
    if dyno.facts.highest_mark is None:
        return ""
    mem_mb, percent = dyno.facts.highest_mark
    return f" at {mem_mb:,} MB, {percent:.0f} % of its quota"
