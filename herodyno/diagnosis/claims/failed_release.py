"""Releases that failed: the newest one heads the report, since what was deployed does not run."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, on_app, suggestion
from herodyno.diagnosis.claims.outcome import by_end, outcome, peak
from herodyno.diagnosis.claims.printed import before_exit, last_lines, shown
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.dynos import NewestRelease, Release, newest_release

# The API's time of a release and the log's first line of its release phase differ by less. Ours.
_SAME_TIME = 60.0


def claims(analysis: Analysis) -> list[Claim]:
    """The failure of the newest release. Where that one did not fail, the earlier failures of the window."""
    phases = [dyno for dyno in _phases(analysis) if outcome(dyno).kind == "failed"]
    newest = newest_release(analysis.observations.known_releases)
    if newest is not None and newest.has_failed:
        phase = next((dyno for dyno in reversed(phases) if _is_of(dyno, newest.release)), None)
        return [_newest_failed(newest, phase, analysis)]
    if phases and not _has_succeeded_since(phases[-1], newest, analysis):
        return [_newest_failed(None, phases[-1], analysis)]
    return _earlier(phases, newest, analysis)


def _phases(analysis: Analysis) -> list[IncarnationAnalysis]:
    """The dynos of release phases in order of their ends."""
    return by_end((dyno for dyno in analysis.one_offs if dyno.incarnation.type == "release"), analysis)


def _is_of(dyno: IncarnationAnalysis, release: Release) -> bool:
    """Whether a dyno can have run the release phase of a release."""
    end = dyno.incarnation.end
    return release.created_at is None or end is None or end >= release.created_at.timestamp() - _SAME_TIME


def _has_succeeded_since(dyno: IncarnationAnalysis, newest: NewestRelease | None, analysis: Analysis) -> bool:
    """Whether a release succeeded after a release phase failed. A release phase that ended well is one, too."""
    end = dyno.incarnation.end or analysis.observations.end
    later = [other for other in _phases(analysis) if (other.incarnation.end or 0.0) > end]
    if any(outcome(other).kind == "well" for other in later):
        return True
    made = newest.running.created_at if newest and newest.running else None
    return made is not None and made.timestamp() > end


def _newest_failed(newest: NewestRelease | None, phase: IncarnationAnalysis | None, analysis: Analysis) -> Claim:
    told = outcome(phase) if phase is not None else None
    return Claim(
        kind="release_failed",
        severity="warning",
        confidence="high",
        label="RELEASE FAILED",
        summary=_summary(newest, analysis),
        details=tuple(_details(newest, phase, analysis)),
        not_claimed=("why it failed, beyond what it printed",),
        actions=_actions(newest, phase, analysis),
        dyno=phase.name if phase is not None and phase.in_focus else "",
        dyno_id=phase.id if phase is not None else None,
        evidence=tuple(phase.facts.evidence.of("exit", "exception", "R15", "R14")[:3]) if phase is not None else (),
        runbook=told.code if told else "",
        beside_the_web=True,
        tense=Tense(True, phase.incarnation.end if phase is not None else None),
    )


def _summary(newest: NewestRelease | None, analysis: Analysis) -> str:
    """What `wait` says. A log alone does not know which release ran before."""
    if newest is None:
        return "the newest release failed; what ran before it runs on"
    if newest.running is None and not analysis.observations.releases:
        return f"release v{newest.release.version} failed; what ran before it runs on"
    return newest.failure


def _details(newest: NewestRelease | None, phase: IncarnationAnalysis | None, analysis: Analysis) -> list[str]:
    sentences = []
    if phase is not None:
        command, printed = phase.incarnation.command, before_exit([phase])
        which = f"{phase.name}, `{shown(command)}`," if command else phase.name
        at = f" at {at_clock(phase.incarnation.end, analysis)}" if phase.incarnation.end is not None else ""
        exception = f", {printed.exception}" if printed and printed.exception else ""
        sentences += [f"Its release phase {which} failed{at}: {outcome(phase).how}{peak(phase)}{exception}."]
        sentences += last_lines(printed)
    elif newest is not None and newest.release.created_at is not None:
        sentences.append(f"It was made at {at_clock(newest.release.created_at.timestamp(), analysis)}.")
    if newest is not None and newest.release.description:
        sentences.append(f"It is described as: {shown(newest.release.description)}.")
    return [*sentences, "A release that fails takes no effect."]


def _actions(newest: NewestRelease | None, phase: IncarnationAnalysis | None, analysis: Analysis) -> tuple[Action, ...]:
    again = suggestion("after the fix deploy again; there is nothing to roll back")
    if phase is not None and before_exit([phase]):
        return (again,)
    version = (f"v{newest.release.version}",) if newest is not None else ()
    output = ("heroku", "releases:output", *version, *on_app(analysis))
    return (suggestion("read what its release phase printed", *output), again)


def _earlier(phases: list[IncarnationAnalysis], newest: NewestRelease | None, analysis: Analysis) -> list[Claim]:
    """Failures that a later release made good: over, so no more than a note."""
    start = analysis.observations.start
    failed = [
        release
        for release in reversed(analysis.observations.known_releases)
        if release.status == "failed" and release.created_at is not None and release.created_at.timestamp() >= start
    ]
    if not failed and not phases:
        return []
    which = listed([f"v{release.version}" for release in failed]) or phases[-1].name
    since = f"; v{newest.running.version} succeeded since" if newest and newest.running else "; a later one succeeded"
    return [
        Claim(
            kind="release_failed_before",
            severity="info",
            confidence="high",
            label="RELEASE FAILED",
            summary=f"release{'s' if len(failed) > 1 else ''} {which} failed{since}",
            dyno=phases[-1].name if phases and phases[-1].in_focus else "",
            evidence=tuple(phases[-1].facts.evidence.of("exit", "exception")[:2]) if phases else (),
            tense=Tense(False),
            ended_with="release",
        )
    ]
