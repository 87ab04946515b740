"""One-off dynos that failed: runs of the Scheduler and of `run`, summed by their command.

They serve no requests and have no peers, so a failure of theirs is no matter of statistics: it is told.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, on_app, suggestion
from herodyno.diagnosis.claims.outcome import Outcome, OutcomeKind, by_end, outcome, peak
from herodyno.diagnosis.claims.printed import before_exit, last_lines, shown
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import codes_in_words, listed
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count

# Jobs with a sentence of their own. The others are summed up in one.
MOST_JOBS = 4


class Job(NamedTuple):
    """Runs of one command, in order of their ends, each with what became of it. `command` is "" when not known."""

    type: str
    command: str
    runs: list[tuple[IncarnationAnalysis, Outcome]]

    def ended(self, kind: OutcomeKind) -> list[tuple[IncarnationAnalysis, Outcome]]:
        """The runs that ended so."""
        return [run for run in self.runs if run[1].kind == kind]

    @property
    def name(self) -> str:
        """ "the scheduler job `rake nightly`"."""
        which = "scheduler job" if self.type == "scheduler" else self.type
        return f"the {which} `{shown(self.command)}`" if self.command else f"the {which}s"


def claims(analysis: Analysis) -> list[Claim]:
    """A claim for each job that failed, was cut off by the daily cycle, or ran over its quota. Most failures first."""
    found = [claim for job in _jobs(analysis) if (claim := _claim(job, analysis))]
    failed = [claim for claim in found if claim.kind == "job_failed"]
    others = [claim for claim in found if claim.kind != "job_failed"]
    return [*_few(failed), *_few(others)]


def _jobs(analysis: Analysis) -> list[Job]:
    """The jobs with ended runs in focus, those with most failures first. Release phases are not jobs."""
    jobs: dict[tuple[str, str], Job] = {}
    for dyno in by_end(analysis.one_offs, analysis):
        own = dyno.incarnation
        if own.type == "release" or not dyno.in_focus:
            continue
        # Runs by hand without a command have nothing in common.
        key = (own.type, own.command or ("" if own.type == "scheduler" else own.dyno))
        jobs.setdefault(key, Job(own.type, own.command, [])).runs.append((dyno, outcome(dyno)))
    return sorted(jobs.values(), key=lambda job: -len(job.ended("failed")))


def _claim(job: Job, analysis: Analysis) -> Claim | None:
    if job.ended("failed"):
        return _failed(job, analysis)
    if job.ended("over_quota"):
        return _over_quota(job, analysis)
    if job.ended("cut_off"):
        return _cut_off(job)
    return _unseen_end(job)


def _failed(job: Job, analysis: Analysis) -> Claim:
    failed = job.ended("failed")
    last, told = failed[-1]
    known = [run for run in job.runs if run[1].kind != "unknown"]
    ended_well = _ended_well(job, known)
    how = told.how + peak(last) if len(failed) == 1 else _ways(failed)
    printed = before_exit([last])
    why = f"{how}, {printed.exception}" if printed and printed.exception else how
    if len(known) == 1:
        summary = f"{_run(last, job)} failed: {why}"
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
        actions=_actions(job, told, analysis),
        dyno=last.name,
        dyno_id=last.id,
        evidence=_evidence([dyno for dyno, _ in failed]),
        runbook=told.code,
        # What the next run does is not known.
        tense=Tense(None if ended_well is None else False, last.incarnation.end, ended_well),
        replaced=ended_well is not None,
        ended_with="itself" if ended_well is not None else None,
        beside_the_web=True,
    )


def _ended_well(job: Job, known: list[tuple[IncarnationAnalysis, Outcome]]) -> float | None:
    """When somebody ran the command once more, and it ended well. The Scheduler's next run may fail again."""
    last, told = known[-1]
    return last.incarnation.end if job.type == "run" and told.kind == "well" else None


def _run(dyno: IncarnationAnalysis, job: Job) -> str:
    """ "run.4821, `rails console`,"."""
    return f"{dyno.name}, `{shown(job.command)}`," if job.command else dyno.name


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
    return [
        f"The runs ended between {at_clock(ends[0], analysis)} and {at_clock(ends[-1], analysis)}; "
        f"the last, {last.name}, {how}."
    ]


def _actions(job: Job, told: Outcome, analysis: Analysis) -> tuple[Action, ...]:
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


def _over_quota(job: Job, analysis: Analysis) -> Claim:
    over = job.ended("over_quota")
    last, told = over[-1]
    which = _run(last, job)
    if len(over) > 1:
        which = f"{len(over)} of {count(len(job.runs), 'run')} of {job.name}"
    return Claim(
        kind="job_over_quota",
        severity="warning",
        confidence="high",
        label="JOB OVER QUOTA",
        summary=f"{which} ran over the memory quota{peak(last)}: {told.how}",
        not_claimed=("whether its work was harmed",),
        actions=_actions(job, Outcome("failed", code="R15"), analysis),
        dyno=last.name,
        dyno_id=last.id,
        evidence=tuple(last.facts.evidence.of("R14")[:2]),
        runbook="R14",
    )


def _cut_off(job: Job) -> Claim:
    """Heroku ends one-off dynos for their age as well. A process that exits with 0 then may have finished, or not."""
    dyno, told = job.ended("cut_off")[-1]
    severity: Severity = "info" if dyno.incarnation.exit_status == 0 else "warning"
    which = _run(dyno, job)
    cycled = dyno.incarnation.end_reason == "cycled"
    cause = "lets no dyno run for much more than a day" if cycled else "moved it to another machine"
    return Claim(
        kind="job_cut_off",
        severity=severity,
        confidence="high",
        label="JOB CUT OFF",
        summary=f"{which} was ended by Heroku, which {cause}" + (f": {told.how}" if told.how else ""),
        not_claimed=("whether it had done its work",),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of("exit")[:1]),
    )


def _unseen_end(job: Job) -> Claim | None:
    """A run that ended with an exception, whose exit status this log does not hold."""
    ended = [(dyno, before_exit([dyno])) for dyno, _ in job.ended("unknown") if dyno.over]
    raised = [(dyno, printed) for dyno, printed in ended if printed and printed.exception]
    if not raised:
        return None
    dyno, printed = raised[-1]
    which = _run(dyno, job)
    return Claim(
        kind="job_end_unseen",
        severity="warning",
        confidence="low",
        label="JOB RAISED",
        summary=f"{which} ended after {printed.exception}; its exit status is not in this log",
        not_claimed=("whether it failed",),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of("exception")[:1]),
        beside_the_web=True,
    )


def _few(found: list[Claim]) -> list[Claim]:
    """The first claims. The last one names the dynos of those left out."""
    if len(found) <= MOST_JOBS:
        return found
    kept, rest = found[: MOST_JOBS - 1], found[MOST_JOBS - 1 :]
    names = listed([claim.dyno for claim in rest])
    summed_up = f"{count(len(rest), 'more job')} of one-off dynos did so too: {names}"
    return [*kept, Claim(kind=rest[0].kind, severity=rest[0].severity, confidence="high", label=rest[0].label,
                         summary=summed_up, dyno=rest[0].dyno, evidence=rest[0].evidence)]  # fmt: skip


def _evidence(dynos: list[IncarnationAnalysis]) -> tuple[EvidenceLine, ...]:
    lines = [line for dyno in dynos for line in dyno.facts.evidence.of("exit", "exception", "R13", "R15", "R17", "R99")]
    return tuple(sorted(lines, reverse=True)[:4])
