"""Which releases are known, and from whom: the API's list, or lines of the log. What nobody was asked is not denied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from herodyno.dynos import Release
from herodyno.logs.events import ApiAction

# A release at most this long before the errors began is worth naming.
REACH_SECONDS = 900.0
# `onset` counts in cells of half a minute, so the errors may begin up to a minute before the release it finds.
_CELLS_BEFORE = 60.0


def known_releases(releases: Sequence[Release], actions: Iterable[ApiAction]) -> list[Release]:
    """The dated releases of API and log, oldest first. Of the log's, only a failed one has a status."""
    actions = list(actions)
    failed = {action.version for action in actions if action.kind == "release_failed"}
    known = {
        action.version: Release(
            version=action.version,
            status="failed" if action.version in failed else "",
            user=action.actor,
            created_at=action.line.at,
        )
        for action in actions
        if action.kind == "release" and action.version is not None and action.line.at is not None
    }
    known |= {release.version: release for release in releases if release.created_at is not None}
    return [known[version] for version in sorted(known)]


def were_asked(releases: Iterable[Release]) -> bool:
    """Whether the API's list was fetched. The release that a file of dynos names has no time."""
    return any(release.created_at is not None for release in releases)


def release_before(began: float, releases: Iterable[Release]) -> Release | None:
    """The newest release of the quarter of an hour before a time in seconds since 1970."""
    near = [
        release
        for release in releases
        if release.created_at is not None and -_CELLS_BEFORE <= began - release.created_at.timestamp() <= REACH_SECONDS
    ]
    return max(near, key=lambda release: release.version, default=None)
