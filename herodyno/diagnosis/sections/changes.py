"""What happened on the same clock: releases, scaling, config, crashes, restarts, when errors and memory began.

Before and after are counted over equal spans. The order of two things is all that is said: "after".
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import LifeStudy, Study, TypeStudy
from herodyno.diagnosis.claims.memory import level
from herodyno.diagnosis.report.phrases import codes_in_words, moment, named
from herodyno.diagnosis.report.redaction import redact
from herodyno.diagnosis.report.report import Change
from herodyno.diagnosis.report.row import EndReason
from herodyno.dynos import Release
from herodyno.logs.codes.exits import exit_meaning
from herodyno.units import count, percent

SPAN_SECONDS = 300.0
MIN_SIDE = 50
MOST = 40
_ENDED: dict[EndReason, str] = {
    "crashed": "crashed", "killed": "was killed", "cycled": "ended by the daily cycle", "restarted": "was restarted",
    "deployed": "was replaced by a deploy", "scaled_down": "was scaled away", "idled": "idled",
    "stopped": "was stopped", "completed": "completed", "unknown": "ended",
}  # fmt: skip
_RATED = frozenset({"release", "rollback", "deploy", "scale", "config", "addon", "restart", "maintenance"})


def changes(study: Study) -> tuple[Change, ...]:
    """All changes of the window in order of time, and the newest release before it."""
    found = _actions(study) + _releases(study) + _errors(study) + _memory(study)
    for life in study.lives():
        found += _ends(life, study)
    found = [change for change in found if _is_inside(change, study)]
    found.sort(key=lambda change: (change.at, change.kind, change.dyno, change.text))
    return tuple(found[-MOST:])


def _is_inside(change: Change, study: Study) -> bool:
    """Inside the scope, a release before it taken in."""
    scope = study.case.scope
    early = scope.start is not None and change.at < scope.start and change.kind != "release"
    late = scope.end is not None and change.at > scope.end
    return not early and not late and (not change.dyno or scope.shows_name(change.dyno))


def _actions(study: Study) -> list[Change]:
    """Lines of app[api]; opening a log session is what tools like this one do, and no change."""
    found = []
    for action in study.case.actions:
        if action.kind in ("log_session", "build", "other") or action.line.at is None:
            continue
        at = action.line.at.timestamp()
        before, after = _around(at, study) if action.kind in _RATED else (None, None)
        found.append(
            Change(
                at=action.line.at,
                kind=action.kind,
                text=redact(action.line.text),
                version=action.version,
                actor=redact(action.actor),
                before=before,
                after=after,
            )
        )
    return found


def _releases(study: Study) -> list[Change]:
    """Releases the API knows and the log does not show: inside the window, and the newest before it."""
    shown = {action.version for action in study.case.actions if action.kind in ("release", "rollback")}
    dated = sorted((r for r in study.case.releases if r.created_at is not None), key=lambda r: r.version)
    inside = [r for r in dated if _seconds(r) >= study.case.start and r.version not in shown]
    earlier = [r for r in dated if _seconds(r) < study.case.start and r.version not in shown]
    found = []
    for release in [*earlier[-1:], *inside]:
        before, after = _around(_seconds(release), study)
        assert release.created_at is not None
        found.append(
            Change(
                at=release.created_at,
                kind="release",
                text=redact(f"release v{release.version}: {release.description}" + _status(release)),
                version=release.version,
                actor=redact(release.user),
                before=before,
                after=after,
            )
        )
    return found


def _seconds(release: Release) -> float:
    return release.created_at.timestamp() if release.created_at else 0.0


def _status(release: Release) -> str:
    return "" if release.status in ("", "succeeded") else f" ({release.status})"


def _around(at: float, study: Study) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """((errors, requests) before, after) over equal spans of at most 5 minutes, None below 50 requests a side."""
    grid = study.case.facts.types.get("web")
    span = min(SPAN_SECONDS, at - study.case.start, study.case.end - at)
    if grid is None or span <= 0:
        return (None, None)
    before, after = grid.between(at - span, at), grid.between(at, at + span)
    if before[0] < MIN_SIDE or after[0] < MIN_SIDE:
        return (None, None)
    return ((before[1], before[0]), (after[1], after[0]))


def _ends(life: LifeStudy, study: Study) -> list[Change]:
    own = life.life
    if own.end is None or not life.over or own.end_reason is None or own.end > study.case.end:
        return []  # what ended after the log was seen by nobody
    status = f", exit status {own.exit_status}" if own.exit_status is not None else ""
    meaning = exit_meaning(own.exit_status) if own.exit_status is not None else ""
    told = f" ({meaning})" if meaning else ""
    codes = "".join(f", {code}" for code in own.codes)
    crashed = own.end_reason in ("crashed", "killed")
    return [
        Change(
            at=moment(own.end),
            kind="crash" if crashed else own.end_reason,
            text=f"{named(own)} {_ENDED[own.end_reason]}{status}{told}{codes}",
            dyno=own.dyno,
        )
    ]


def _errors(study: Study) -> list[Change]:
    found = []
    for kind in study.types.values():
        for life in kind.outliers:
            found += _first_error(life, study)
        if kind.onset is not None and not kind.outliers:
            found.append(_rise(kind))
    return found


def _first_error(life: LifeStudy, study: Study) -> list[Change]:
    starts = [start for spans in life.facts.errors.bursts.values() for start, _ in spans]
    if not starts:
        return []
    early = (
        " (may have begun before the window)" if min(starts) - study.case.start < 60 and life.life.start is None else ""
    )
    words = codes_in_words(life.facts.errors.by_code, 2)
    return [
        Change(
            at=moment(min(starts)),
            kind="errors",
            text=f"first server error on {named(life.life)}{early}; in all {words}",
            dyno=life.life.dyno,
        )
    ]


def _rise(kind: TypeStudy) -> Change:
    assert kind.onset is not None
    before, after = kind.onset.before, kind.onset.after
    return Change(
        at=moment(kind.errors_began or kind.onset.seconds),
        kind="errors",
        text=f"{kind.name}: server errors rise from {percent(before[0] / before[1])} to {percent(after[0] / after[1])} "
        "of requests",
        before=before,
        after=after,
    )


def _memory(study: Study) -> list[Change]:
    found = []
    for life in study.lives():
        spans = list(life.facts.memory.r14_spans)
        if not spans:
            continue
        first = spans[0][0]
        early = first - study.case.start < 60 and (life.life.start or 0.0) < study.case.start
        text = (
            f"{named(life.life)} is already over its memory quota when the window starts"
            if early
            else f"first R14 on {named(life.life)}"
        )
        lines = count(life.facts.memory.r14, "R14 line")
        found.append(
            Change(at=moment(first), kind="memory", text=f"{text}; {lines}, {level(life)}", dyno=life.life.dyno)
        )
    return found
