"""The releases that the API and the log tell of, and the one that a rollback would bring back.

The API's word counts for each release that the API lists. The lines of app[api] tell of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from herodyno.dynos import Release, rolled_back_to
from herodyno.heroku_facts import FIRST_CODE_RELEASE_NUMBER
from herodyno.logs.events import ApiAction

# A release at most this long before the errors began is worth naming.
REACH_SECONDS = 900.0
# `onset` counts in cells of half a minute, so the errors may begin up to a minute before the release it finds.
CELLS_BEFORE = 60.0
# Heroku logs a rollback and its release together.
TOGETHER_SECONDS = 5.0


def known_releases(
    releases: Iterable[Release], actions: Iterable[ApiAction], *, until: datetime | None = None
) -> list[Release]:
    """The releases up to a time, newest first. `actions` are in order of time: the last one about a release counts.

    Heroku writes "Release v42 created" when the release takes effect, after its release phase.
    """
    known: dict[int, Release] = {}
    back: ApiAction | None = None
    for action in actions:
        if action.kind == "rollback":
            back = action
        if action.version is not None and action.kind in ("release", "release_failed"):
            status = "succeeded" if action.kind == "release" else "failed"
            described = _as_described(back, action)
            known[action.version] = Release(
                version=action.version, status=status, created_at=action.line.at, description=described
            )
    known |= {each.version: each for each in releases if not (until and each.created_at and each.created_at > until)}
    return sorted(known.values(), key=lambda release: -release.version)


def _as_described(back: ApiAction | None, made: ApiAction) -> str:
    """The description that the API gives to the release of a rollback, "" for any other release."""
    if back is None or back.version is None or back.line.at is None or made.line.at is None:
        return ""
    is_its = abs((made.line.at - back.line.at).total_seconds()) <= TOGETHER_SECONDS
    return f"Rollback to v{back.version}" if is_its else ""


def rollback_since(version: int, releases: Iterable[Release]) -> Release | None:
    """The newest release, if that is a rollback which came after a version. Failed releases took no effect."""
    newest = next((release for release in releases if release.status != "failed"), None)
    return newest if newest and newest.version > version and rolled_back_to(newest) is not None else None


def were_asked(releases: Iterable[Release]) -> bool:
    """Whether the API's list was fetched. The release that a file of dynos names has no time."""
    return any(release.created_at is not None for release in releases)


def release_before(began: float, releases: Iterable[Release], *, late: float = CELLS_BEFORE) -> Release | None:
    """The newest release of the quarter of an hour before a time in seconds since 1970. A failed one took no effect.

    `late`: a release up to so many seconds after that time counts as well.
    """
    near = [
        release
        for release in releases
        if release.created_at is not None
        and release.status != "failed"
        and -late <= began - release.created_at.timestamp() <= REACH_SECONDS
    ]
    return max(near, key=lambda release: release.version, default=None)


def to_go_back_to(version: int, releases: Sequence[Release]) -> Release | None:
    """The release that a rollback from a version brings back: the one before it, failed releases left out.

    None when that one is not known, is of the empty app, did not succeed, is not taken by Heroku, or has the same
    slug: then the code would stay the same. `releases` come newest first.
    """
    known = {release.version: release for release in releases}
    before = version - 1
    while before in known and known[before].status == "failed":
        before -= 1
    target, slug = known.get(before), known[version].slug_id if version in known else ""
    if (
        target is None
        or target.version < FIRST_CODE_RELEASE_NUMBER
        or target.status not in ("succeeded", "")
        or target.can_roll_back is False
    ):
        return None
    # No release of a container app has a slug. A release without a slug before one with a slug has no code.
    return target if not slug or target.slug_id not in ("", slug) else None
