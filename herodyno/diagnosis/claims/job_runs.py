"""Runs of one command on one-off dynos, with what became of each."""

from __future__ import annotations

from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.outcome import Outcome, OutcomeKind, by_end, outcome
from herodyno.diagnosis.claims.printed import shown


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


def jobs_of(analysis: Analysis) -> list[Job]:
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


def run_shown(dyno: IncarnationAnalysis, job: Job) -> str:
    """ "run.4821, `rails console`,"."""
    return f"{dyno.name}, `{shown(job.command)}`," if job.command else dyno.name
