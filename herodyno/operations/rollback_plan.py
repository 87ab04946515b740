"""What `rollback` will do: the release that is left, the one that comes back, and the releases between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from herodyno.dynos import Dyno, Release, newest_succeeded, rolled_back_to
from herodyno.errors import Refused
from herodyno.heroku_facts import FIRST_CODE_RELEASE_NUMBER
from herodyno.operations.writes import Write
from herodyno.units import count


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackPlan:
    """One call. `undone` are the releases between the two, newest first. `notes` are for a person to read before."""

    app: str
    current: Release
    target: Release
    undone: tuple[Release, ...]
    write: Write
    reason: str
    notes: tuple[str, ...]


def plan_rollback(app: str, version: int | None, releases: Sequence[Release], dynos: Sequence[Dyno]) -> RollbackPlan:
    """The plan for a rollback to a version that `releases` has; None chooses one. `releases` are newest first.

    Raises Refused when the app runs no release, when the wanted one cannot come back, or when there is none to choose.
    """
    current = current_release(releases)
    if current is None:
        raise Refused(f"{app} runs no release, so there is nothing to leave; nothing was sent.")
    if version is None:
        target = _chosen(app, current, releases)
    else:
        target = next(release for release in releases if release.version == version)
        if why := _why_not(target, current):
            raise Refused(f"v{version} cannot come back: {why}; nothing was sent.", next_step=_look(app))
    undone = tuple(each for each in releases if target.version < each.version < current.version and _took_effect(each))
    back = f"v{current.version}"
    write = Write(
        verb="rollback", app=app, current=current, target=target, newest=releases[0].version,
        undo=("herodyno", "rollback", back, "--app", app, "--confirm", app),
    )  # fmt: skip
    running = sum(not dyno.is_one_off for dyno in dynos)
    reason = f"{back} goes back to v{target.version}, and {count(running, 'dyno')} of the formation restart"
    return RollbackPlan(
        app=app, current=current, target=target, undone=undone, write=write, reason=reason,
        notes=tuple(_notes(current, target, releases[0])),
    )  # fmt: skip


def current_release(releases: Sequence[Release]) -> Release | None:
    """The release that the app runs: the one that the API calls current, else the newest that succeeded."""
    version = newest_succeeded(releases)
    return next((each for each in releases if each.current), None) or next(
        (each for each in releases if each.version == version), None
    )


def _chosen(app: str, current: Release, releases: Sequence[Release]) -> Release:
    """The newest earlier release that can come back with other code."""
    if (back := rolled_back_to(current)) is not None:
        # The newest one with other code is the one that was left. A rollback sent twice must not bring that back.
        raise Refused(
            f"{app} went back to v{back} already, by v{current.version}; nothing was sent.",
            next_step=f"To go elsewhere name it: herodyno rollback vN --app {app} --confirm {app}",
        )
    for release in releases:
        is_earlier = FIRST_CODE_RELEASE_NUMBER <= release.version < current.version
        has_other_code = not current.slug_id or release.slug_id != current.slug_id
        if is_earlier and has_other_code and not _why_not(release, current):
            return release
    raise Refused(
        f"{app} has no earlier release to go back to: none that succeeded, is not expired and has other code than"
        f" v{current.version}; nothing was sent.",
        next_step=_look(app),
    )


def _why_not(release: Release, current: Release) -> str:
    """Why a release cannot come back, "" when it can."""
    if release.version == current.version:
        return "it runs already"
    if not _took_effect(release):
        return "it failed, so it never ran" if release.status == "failed" else "it is pending"
    if release.status == "expired":
        return "it is expired, so Heroku no longer keeps its code"
    if current.slug_id and not release.slug_id:
        return "it has no code"
    return "Heroku does not take it as the target of a rollback" if release.can_roll_back is False else ""


def _took_effect(release: Release) -> bool:
    return release.status not in ("failed", "pending")


def _notes(current: Release, target: Release, newest: Release) -> list[str]:
    same = bool(target.slug_id) and target.slug_id == current.slug_id
    what = "config vars, with the same code as now," if same else "code and config vars"
    notes = [
        f"A new release brings back the {what} of v{target.version}.",
        "Not taken back: database migrations, add-ons and their data.",
    ]
    if newest.status == "pending":
        notes.append(f"Release v{newest.version} is pending (its release phase runs).")
    return notes


def _look(app: str) -> str:
    return f"See what there is: herodyno releases --app {app}"
