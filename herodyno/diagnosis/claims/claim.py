"""A claim: one sentence about the app, with how bad it is, how sure, what to do, and the log lines that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import clock_near, interval
from herodyno.diagnosis.report.report import Action, Confidence, EndedWith, Severity
from herodyno.diagnosis.statistics.only_here.sides import Sides
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.units import percent, rough_clocks

# "before: herodyno ... (after)" or "herodyno ...: after", as the table of codes writes it.
_STEP = re.compile(
    r"(?:(?P<before>[^:]+): )?"
    r"(?P<command>herodyno (?:[^:,;()]|:(?=\S))+?)"
    r"(?:[:,] (?P<beyond>.+)| \((?P<after>[^)]+)\))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What holds for the app, in the words of the report.

    `kind` is a verdict class, or the machine word of a lesser finding. `label` is the short form in capitals.
    `not_claimed` says what the data does not show. `runbook` is an error code whose page helps, or "".
    `beside_the_web`: it is about dynos that users do not wait for.
    `replaced`: the accused dyno ended already. `severity` is what it would be if it went on, and `summary` is in the
    tense of `tense`: over.py lowers the severity of what is over, says its end after `since`, and takes its actions
    away. `sides`: whose lines are compared with whose; the first that names any counts. Empty: it accuses nobody.
    """

    kind: str
    severity: Severity
    confidence: Confidence
    label: str
    summary: str
    details: tuple[str, ...] = ()
    not_claimed: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    dyno: str = ""
    dyno_id: str | None = None
    evidence: tuple[EvidenceLine, ...] = ()
    runbook: str = ""
    replaced: bool = False
    tense: Tense = NEVER_FAILED
    ended_with: EndedWith | None = None
    beside_the_web: bool = False
    since: str = "over since"
    sides: tuple[Sides, ...] = ()


def suggestion(text: str, *argv: str, effect: str = "") -> Action:
    """An action to weigh: words, or a command that herodyno does not count among those that change something."""
    return Action(rank=0, argv=argv, text=text, effect=effect)


def on_app(analysis: Analysis) -> tuple[str, ...]:
    """The words that name the app at the end of a command. Empty when the app is not known."""
    name = analysis.observations.app.name
    return ("-a", name) if name else ()


def confirmed(analysis: Analysis) -> tuple[str, ...]:
    """`on_app` for a command that asks before it acts, with the answer, so that the command works in cron."""
    app = on_app(analysis)
    return (*app, "--confirm", app[1]) if app else ()


def confirm_note(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """What to add to such a command when the app is not known."""
    return () if on_app(analysis) else (("cron?", "where nobody can be asked for the app's name, add --confirm APP"),)


def at_clock(seconds: float, analysis: Analysis) -> str:
    """A time of day in the reader's zone, with the weekday when it is not today."""
    return clock_near(seconds, analysis.observations.zone, near=analysis.observations.now)


def at_clocks(first: float, last: float, analysis: Analysis) -> tuple[str, str]:
    """Both ends of a window, each with its weekday unless both are of today."""
    observations = analysis.observations
    return rough_clocks(moment(first), moment(last), observations.zone, today=moment(observations.now))


def rate_of(errors: int, requests: int) -> str:
    """An error rate with its 95 % interval: "5.5 %; 4.2-7.3 %"."""
    return f"{percent(errors / requests)}; {interval(errors, requests)}"


def top_code(by_code: Mapping[str, int]) -> str:
    """The most frequent code."""
    return max(by_code.items(), key=lambda item: (item[1], item[0]))[0]


def error_lines(dynos: Iterable[IncarnationAnalysis]) -> list[EvidenceLine]:
    """The lines kept of the dynos' server errors, newest first."""
    return sorted((line for dyno in dynos for line in dyno.facts.evidence.of(*dyno.facts.errors.by_code)), reverse=True)


def from_table(step: str, analysis: Analysis) -> Action:
    """A step of the table of codes. A command in it stands by itself and names the app, so that it can be copied."""
    found = _STEP.fullmatch(step)
    if found is None:
        return suggestion(step)
    command = found["command"].removesuffix(" --confirm APP")
    asks = command != found["command"]
    return Action(
        rank=0,
        argv=(*command.split(), *(confirmed(analysis) if asks else on_app(analysis))),
        text=found["before"] or found["beyond"] or found["after"] or "",
        notes=confirm_note(analysis) if asks else (),
        mutates=command.split()[1] in ("restart", "scale", "stop"),
    )


def ranked(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The same actions numbered from 1."""
    return tuple(replace(action, rank=rank) for rank, action in enumerate(actions, 1))
