"""What changed in the window: releases, scaling, config, crashes, restarts, the beginning of errors and of R14.

Errors before and after a change are counted over equal spans. The order in time is all that is said: "after".
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.report.phrases import codes_in_words, end_gloss, level_of, named
from herodyno.diagnosis.report.redaction import redact_but_people
from herodyno.diagnosis.report.report import Change
from herodyno.diagnosis.timeline.incarnations import EndReason, moment
from herodyno.dynos import Release
from herodyno.units import count, percent

SPAN_SECONDS = 300.0
# A dyno with an R14 so soon was over its quota before the window. R14 lines come every 20 seconds or so.
_OPENING_SECONDS = 30.0
# A sample so near to an R14 line tells the level of that line.
_BESIDE_SECONDS = 15.0
MIN_SIDE = 50
MOST = 400
_ENDED: dict[EndReason, str] = {
    "crashed": "crashed", "killed": "was killed", "cycled": "ended by the daily cycle",
    "relocated": "was moved by Heroku",
    "restarted": "was restarted",
    "deployed": "was replaced by a deploy", "scaled_down": "was scaled away", "idled": "idled",
    "stopped": "was stopped", "completed": "completed", "failed": "failed", "unknown": "ended",
}  # fmt: skip
_RATED = frozenset({"release", "rollback", "deploy", "scale", "config", "addon", "restart", "maintenance"})


def changes(analysis: Analysis) -> tuple[Change, ...]:
    """The changes of the window in order of time, and the newest release before it. The newest 400 stay."""
    found = _actions(analysis) + _releases(analysis) + _errors(analysis) + _memory(analysis)
    for dyno in analysis.dynos():
        found += _ends(dyno, analysis)
    found = [change for change in found if _is_inside(change, analysis)]
    found.sort(key=lambda change: (change.at, change.kind, change.dyno, change.text))
    return tuple(found[-MOST:])


def _is_inside(change: Change, analysis: Analysis) -> bool:
    """Whether a change lies inside the scope. A release before it does."""
    scope = analysis.observations.scope
    early = scope.start is not None and change.at < scope.start and change.kind != "release"
    late = scope.end is not None and change.at > scope.end
    return not early and not late and (not change.dyno or scope.shows_name(change.dyno))


def _actions(analysis: Analysis) -> list[Change]:
    """The lines of app[api]: what somebody did is a change, in words that herodyno knows or not.

    A log session is none: tools like herodyno open one.
    """
    found = []
    for action in analysis.observations.actions:
        is_unsaid = action.kind in ("log_session", "build") or (action.kind == "other" and not action.actor)
        if is_unsaid or action.line.at is None:
            continue
        at = action.line.at.timestamp()
        before, after = _around(at, analysis) if action.kind in _RATED else (None, None)
        found.append(
            Change(
                at=action.line.at,
                kind=action.kind,
                text=redact_but_people(action.line.text),
                version=action.version,
                actor=redact_but_people(action.actor),
                before=before,
                after=after,
            )
        )
    return found


def _releases(analysis: Analysis) -> list[Change]:
    """Releases that the API lists and the log does not show: those of the window, and the newest before it."""
    shown = {action.version for action in analysis.observations.actions if action.kind == "release"}
    dated = sorted((r for r in analysis.observations.releases if r.created_at is not None), key=lambda r: r.version)
    inside = [r for r in dated if _seconds(r) >= analysis.observations.start and r.version not in shown]
    earlier = [r for r in dated if _seconds(r) < analysis.observations.start and r.version not in shown]
    found = []
    for release in [*earlier[-1:], *inside]:
        before, after = _around(_seconds(release), analysis)
        assert release.created_at is not None
        found.append(
            Change(
                at=release.created_at,
                kind="release",
                text=redact_but_people(f"release v{release.version}: {release.description}" + _status(release)),
                version=release.version,
                actor=redact_but_people(release.user),
                before=before,
                after=after,
            )
        )
    return found


def _seconds(release: Release) -> float:
    return release.created_at.timestamp() if release.created_at else 0.0


def _status(release: Release) -> str:
    return "" if release.status in ("", "succeeded") else f" ({release.status})"


def _around(at: float, analysis: Analysis) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """(before, after) as (errors, requests) over equal spans of at most 5 minutes. None below 50 requests a side."""
    grid = analysis.observations.facts.types.get("web")
    span = min(SPAN_SECONDS, at - analysis.observations.start, analysis.observations.end - at)
    if grid is None or span <= 0:
        return (None, None)
    before, after = grid.between(at - span, at), grid.between(at, at + span)
    if before[0] < MIN_SIDE or after[0] < MIN_SIDE:
        return (None, None)
    return ((before[1], before[0]), (after[1], after[0]))


def _ends(dyno: IncarnationAnalysis, analysis: Analysis) -> list[Change]:
    own = dyno.incarnation
    if own.end is None or not dyno.over or own.end_reason is None or own.end > analysis.observations.end:
        return []  # no line of this log shows that end
    status = f", exit status {own.exit_status}" if own.exit_status is not None else ""
    gloss = end_gloss(own, dyno.facts)
    means = f" ({gloss})" if gloss else ""
    codes = "".join(f", {code}" for code in dict.fromkeys(own.codes) if code not in gloss)
    why = "; why is not known" if own.end_reason == "unknown" else ""
    crashed = own.end_reason in ("crashed", "killed")
    return [
        Change(
            at=moment(own.end),
            kind="crash" if crashed else own.end_reason,
            text=f"{named(own)} {_ENDED[own.end_reason]}{status}{means}{codes}{why}",
            dyno=own.dyno,
        )
    ]


def _errors(analysis: Analysis) -> list[Change]:
    found = []
    for process_type in analysis.types.values():
        for dyno in process_type.outliers:
            found += _first_error(dyno, analysis)
        if process_type.onset is not None and not process_type.outliers:
            found.append(_rise(process_type))
    return found


def _first_error(dyno: IncarnationAnalysis, analysis: Analysis) -> list[Change]:
    starts = [start for start, _ in dyno.facts.errors.bursts]
    if not starts:
        return []
    early = (
        " (may have begun before the window)"
        if min(starts) - analysis.observations.start < 60 and dyno.incarnation.start is None
        else ""
    )
    words = codes_in_words(dyno.facts.errors.by_code, 2)
    return [
        Change(
            at=moment(min(starts)),
            kind="errors",
            text=f"first server error on {named(dyno.incarnation)}{early}; in all {words}",
            dyno=dyno.name,
        )
    ]


def _rise(process_type: TypeAnalysis) -> Change:
    assert process_type.onset is not None
    before, after = process_type.onset.before, process_type.onset.after
    return Change(
        at=moment(process_type.errors_began or process_type.onset.seconds),
        kind="errors",
        text=f"{process_type.name}: server errors rise from {percent(before[0] / before[1])} "
        f"to {percent(after[0] / after[1])} of requests",
        before=before,
        after=after,
    )


def _memory(analysis: Analysis) -> list[Change]:
    """The first R14 of each dyno, with the level that was read then."""
    found = []
    for dyno in analysis.dynos():
        spans = list(dyno.facts.memory.r14_spans)
        if not spans:
            continue
        first, begins = spans[0][0], analysis.observations.start
        was_below = any(at < first and mb <= (dyno.quota_mb or 0.0) for at, mb, _ in dyno.facts.memory.samples)
        is_early = first - begins < _OPENING_SECONDS and (dyno.incarnation.start or 0.0) < begins and not was_below
        text = (
            f"{named(dyno.incarnation)} was already over its memory quota when the window opened"
            if is_early
            else f"first R14 on {named(dyno.incarnation)}"
        )
        lines = count(dyno.facts.memory.r14, "R14 line")
        found.append(
            Change(
                at=moment(first),
                kind="memory",
                text=f"{text}{_level_at(first, dyno)}; {lines} in all",
                dyno=dyno.name,
            )
        )
    return found


def _level_at(seconds: float, dyno: IncarnationAnalysis) -> str:
    """ ", at 529 of 512 MB, 103 %": the level of the sample beside a line. Empty without one."""
    beside = [sample for sample in dyno.facts.memory.samples if abs(sample[0] - seconds) <= _BESIDE_SECONDS]
    if not beside:
        return ""
    _, total_mb, _ = min(beside, key=lambda sample: abs(sample[0] - seconds))
    return f", at {level_of(total_mb, dyno.quota_mb)}"
