"""A job that failed: how often and how, what it printed last, and what to do. One that ended well since is over."""

from __future__ import annotations

from collections import Counter

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, at_clocks, on_app, suggestion
from herodyno.diagnosis.claims.crashes.last_words import last_words
from herodyno.diagnosis.claims.job_runs import Job, run_shown
from herodyno.diagnosis.claims.outcome import Outcome, peak
from herodyno.diagnosis.claims.printed import before_exit, last_lines
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import codes_in_words
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count


def failed_job(job: Job, analysis: Analysis) -> Claim:
    """The claim of a job with failed runs."""
    failed = job.ended("failed")
    last, told = failed[-1]
    known = [run for run in job.runs if run[1].kind != "unknown"]
    ended_well = _ended_well(job, known)
    how = told.how + peak(last) if len(failed) == 1 else _ways(failed)
    printed = before_exit([last])
    why = f"{how}, {printed.exception}" if printed and printed.exception else how
    if len(known) == 1:
        summary = f"{run_shown(last, job)} failed: {why}"
    else:
        summary = f"{len(failed)} of {count(len(known), 'run')} of {job.name} failed: {why}"
    if ended_well is not None:
        summary += f"; {known[-1][0].name} ended well at {at_clock(ended_well, analysis)}"
    return Claim(
        kind="job_failed",
        severity="warning",
        confidence="high",
        label="JOB FAILED" if len(failed) == 1 else "JOB FAILS",
        summary=summary,
        details=(*_when(known, analysis), *last_lines(printed)),
        not_claimed=("why it failed, beyond what it printed",),
        actions=actions_for(job, told, analysis),
        dyno=last.name,
        dyno_id=last.id,
        evidence=_evidence([dyno for dyno, _ in failed]),
        runbook=told.code,
        # What the next run does is not known.
        tense=Tense(None if ended_well is None else False, last.incarnation.end, ended_well),
        replaced=ended_well is not None,
        ended_with="itself" if ended_well is not None else None,
        beside_the_web=True,
        sides=last_words([dyno for dyno, _ in failed], [dyno for dyno, _ in known], "run that failed"),
    )


def _ended_well(job: Job, known: list[tuple[IncarnationAnalysis, Outcome]]) -> float | None:
    """When somebody ran the command once more, and it ended well. The Scheduler's next run may fail again."""
    last, told = known[-1]
    return last.incarnation.end if job.type == "run" and told.kind == "well" else None


def _ways(failed: list[tuple[IncarnationAnalysis, Outcome]]) -> str:
    """How the runs failed: "exit status 1 (an error of the app)", or "exit status 1 x3, R15 x2"."""
    ways = Counter(told.how for _, told in failed)
    if len(ways) == 1:
        return next(iter(ways))
    return codes_in_words({way.partition(" (")[0]: n for way, n in ways.items()})


def _when(known: list[tuple[IncarnationAnalysis, Outcome]], analysis: Analysis) -> list[str]:
    """When several runs ended, and how the last of them did."""
    ends = [dyno.incarnation.end for dyno, _ in known if dyno.incarnation.end is not None]
    if len(known) < 2 or not ends:
        return []
    last, told = known[-1]
    how = "failed" if told.kind == "failed" else "did not fail"
    first_end, last_end = at_clocks(ends[0], ends[-1], analysis)
    return [f"The runs ended between {first_end} and {last_end}; the last, {last.name}, {how}."]


def actions_for(job: Job, told: Outcome, analysis: Analysis) -> tuple[Action, ...]:
    """What helps against an outcome of the job."""
    app = on_app(analysis)
    if told.code == "R99":
        return (suggestion("look at status.heroku.com: it is Heroku that could not start it"),)
    if told.code == "R13":
        return (suggestion("run it without a terminal: herodyno run --detach -- COMMAND"),)
    if told.code == "R15":
        where = "the size that the Scheduler's page gives it" if job.type == "scheduler" else "herodyno run --size SIZE"
        return (suggestion(f"run it on a larger dyno ({where}), or let it work on less at a time"),)
    if job.type == "scheduler":
        return (suggestion("watch its next run", "herodyno", "logs", "scheduler", "--tail", *app),)
    return ()


def _evidence(dynos: list[IncarnationAnalysis]) -> tuple[EvidenceLine, ...]:
    lines = [line for dyno in dynos for line in dyno.facts.evidence.of("exit", "exception", "R13", "R15", "R17", "R99")]
    return tuple(sorted(lines, reverse=True)[:4])
