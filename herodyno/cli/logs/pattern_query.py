"""What `logs --patterns` is asked for, and the moment that a comparison is made at: a time, or a release."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from herodyno.cli.logs.options import LogOptions
from herodyno.cli.session import Session
from herodyno.errors import NotFound, UsageError
from herodyno.logs.events import ApiAction, LogLine

_VERSION = re.compile(r"v(\d{1,9})", re.ASCII)
BYS = ("lines", "bytes")
FORMATS = ("text", "json", "jsonl", "csv")
# In the text of each line that tells of a release.
RELEASE_NEEDLE = "elease v"


class Moment(NamedTuple):
    """When a log is split, and what happened then: "release v42", or "" for a time that was given."""

    at: datetime
    what: str = ""


class PatternQuery(NamedTuple):
    """`moment` is known from the beginning for --against only. `version` is the release that is asked for by number."""

    by: str = "lines"
    moment: Moment | None = None
    wants_release: bool = False
    version: int | None = None


def parse_patterns(session: Session, options: LogOptions) -> tuple[PatternQuery, list[str]]:
    """The query, and the words but for a version. Raises UsageError for flags that mean nothing."""
    if not options.patterns:
        flags = {"--against": options.against, "--since-release": options.since_release, "--by": options.by}
        for flag in (flag for flag, given in flags.items() if given):
            raise UsageError(f"{flag} is about patterns", next_step=f"herodyno logs --patterns {flag} ...")
    others = {
        "--stats": options.stats, "--plot": options.plot, "--table": options.table, "--gaps": options.gaps,
        "--previous": options.previous, "--fuse": options.fuse, "--time": options.time,
        "--highlight": options.highlight, "--template": options.template,
    }  # fmt: skip
    for flag in (flag for flag, given in others.items() if given):
        raise UsageError(f"--patterns and {flag} are two views", next_step="leave one out")
    if options.output and options.output not in FORMATS:
        raise UsageError("--patterns has forms of its own", next_step=f"one of -o {', '.join(FORMATS)}")
    if options.by and options.by not in BYS:
        raise UsageError(f"--by {options.by!r} is no way to count patterns", next_step=f"one of {', '.join(BYS)}")
    if options.against and options.since_release:
        raise UsageError("--against names a time, --since-release a release", next_step="leave one out")
    if options.by and (options.against or options.since_release):
        raise UsageError("what changed is counted in lines", next_step="leave --by out")
    versions = [word for word in options.all_words if options.since_release and _VERSION.fullmatch(word)]
    if len(versions) > 1:
        raise UsageError(f"{' and '.join(versions)} are two releases", next_step="leave one out")
    version = int(versions[0][1:]) if versions else None
    asked = PatternQuery(options.by or "lines", _against(session, options), options.since_release, version)
    return asked, [word for word in options.all_words if word not in versions]


def _against(session: Session, options: LogOptions) -> Moment | None:
    if not options.against:
        return None
    from herodyno.cli.times import parse_time

    zone = UTC if session.output.utc else None
    return Moment(parse_time(options.against, now=session.now(), zone=zone, flag="--against"))


def release_of_app(session: Session, app: str, version: int | None) -> Moment:
    """When the release was made that the app runs, or the one asked for. Raises NotFound."""
    from herodyno.operations.rollback_plan import current_release

    platform = session.platform
    try:
        release = platform.release(app, version) if version else current_release(platform.releases(app))
    except NotFound:
        release = None
    if release is None or release.created_at is None:
        what = f"release v{version}" if version else "release that runs"
        raise NotFound(f"{app} has no {what}", next_step=f"see: herodyno releases --app {app}")
    return Moment(release.created_at, f"release v{release.version}")


def release_in_log(lines: Iterable[LogLine], version: int | None) -> Moment:
    """When the last release in a log was made that did not fail, or the one asked for. Raises NotFound."""
    from herodyno.logs.parsing.event import event_of

    made: dict[int, datetime] = {}
    failed = set()
    for line in lines:
        if line.proc != "api" or RELEASE_NEEDLE not in line.text:
            continue
        event = event_of(line)
        if isinstance(event, ApiAction) and event.version and line.at:
            if event.kind == "release":
                made[event.version] = line.at
            elif event.kind == "release_failed":
                failed.add(event.version)
    known = {made_as: at for made_as, at in made.items() if made_as not in failed}
    wanted = max(known, key=known.__getitem__, default=0) if version is None else version
    if wanted not in made:
        what = "line of a release" if version is None else f"line of release v{version}"
        raise NotFound(
            f"this log has no {what}, so its time is not known",
            next_step="name the time: herodyno logs --patterns --against WHEN --from-file FILE",
        )
    return Moment(made[wanted], f"release v{wanted}")
