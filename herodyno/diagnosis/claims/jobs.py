"""One-off dynos that failed: runs of the Scheduler and of `run`, summed by their command.

They serve no requests and have no peers, so a failure of theirs is no matter of statistics: it is told.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim
from herodyno.diagnosis.claims.job_failed import actions_for, failed_job
from herodyno.diagnosis.claims.job_runs import Job, jobs_of, run_shown
from herodyno.diagnosis.claims.outcome import Outcome, peak
from herodyno.diagnosis.claims.printed import before_exit
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Severity
from herodyno.units import count

# Jobs with a sentence of their own. The others are summed up in one.
MOST_JOBS = 4


def claims(analysis: Analysis) -> list[Claim]:
    """A claim for each job that failed, was cut off by the daily cycle, or ran over its quota. Most failures first."""
    found = [claim for job in jobs_of(analysis) if (claim := _claim(job, analysis))]
    failed = [claim for claim in found if claim.kind == "job_failed"]
    others = [claim for claim in found if claim.kind != "job_failed"]
    return [*_few(failed), *_few(others)]


def _claim(job: Job, analysis: Analysis) -> Claim | None:
    if job.ended("failed"):
        return failed_job(job, analysis)
    if job.ended("over_quota"):
        return _over_quota(job, analysis)
    if job.ended("cut_off"):
        return _cut_off(job)
    return _unseen_end(job)


def _over_quota(job: Job, analysis: Analysis) -> Claim:
    over = job.ended("over_quota")
    last, told = over[-1]
    which = run_shown(last, job)
    if len(over) > 1:
        which = f"{len(over)} of {count(len(job.runs), 'run')} of {job.name}"
    return Claim(
        kind="job_over_quota",
        severity="warning",
        confidence="high",
        label="JOB OVER QUOTA",
        summary=f"{which} ran over the memory quota{peak(last)}: {told.how}",
        not_claimed=("whether its work was harmed",),
        actions=actions_for(job, Outcome("failed", code="R15"), analysis),
        dyno=last.name,
        dyno_id=last.id,
        evidence=tuple(last.facts.evidence.of("R14")[:2]),
        runbook="R14",
    )


def _cut_off(job: Job) -> Claim:
    """Heroku ends one-off dynos for their age as well. A process that exits with 0 then may have finished, or not."""
    dyno, told = job.ended("cut_off")[-1]
    severity: Severity = "info" if dyno.incarnation.exit_status == 0 else "warning"
    which = run_shown(dyno, job)
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
    which = run_shown(dyno, job)
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
