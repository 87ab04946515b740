"""Lines of `app[api]` (before 2014 `heroku[api]`): what people and add-ons did to the app."""

from __future__ import annotations

import re

from herodyno.heroku_facts import ADDON_ACTOR, PROCESS_TYPE_PATTERN
from herodyno.logs.events import ApiAction, ApiActionKind, LogLine
from herodyno.logs.late_patterns import late

_VERSION = late(r"[Rr]elease v(\d{1,9})|Rollback to v(\d{1,9})", re.ASCII)
_PROCESS_TYPE = late(rf"({PROCESS_TYPE_PATTERN})[@=](\d{{1,6}})(?::([\w.-]{{1,64}}))?(?=[ ,]|$)", re.ASCII)

# Until 2012: "Set workers to 0 by …"; a dyno was a web dyno then.
_BEFORE_FORMATIONS = late(r"Set (workers|dynos) to (\d{1,6})", re.ASCII)
_TYPE_BEFORE_FORMATIONS = {"workers": "worker", "dynos": "web"}

# The first pattern that matches the part before "by user" decides.
_KINDS: tuple[tuple[re.Pattern[str], ApiActionKind], ...] = (
    (late(r"Log session created"), "log_session"),
    (late(r"Release v\d{1,9} command failed"), "release_failed"),
    (late(r"Release v\d{1,9} created|Initial release"), "release"),
    (late(r"Rollback to "), "rollback"),
    (late(r"Deploy |Promote "), "deploy"),
    (late(r"Build failed"), "build_failed"),
    (late(r"Build "), "build"),
    (late(r"Scaled? to |Set (?:workers|dynos) to "), "scale"),
    (late(r"Stack changed|Upgrade stack"), "stack"),
    (late(r"Rename to "), "rename"),
    (late(r"(?:Starting|Running) process with command"), "run"),
    (late(r"(?:Set|Unset|Remove|Add|Update) [^`]{0,4096}\bconfig\b|Config (?:add|remove|set) "), "config"),
    (late(r"Restart"), "restart"),
    (late(r"[A-Za-z ]{0,32}[Mm]aintenance"), "maintenance"),
    (late(r"Attach |Detach |Provision|Create add-on|Destroy add-on|Add-on |@ref:"), "addon"),
)


def api_action(line: LogLine) -> ApiAction:
    """The action of a line. Unknown wordings are of kind "other", or "addon" when an add-on acted."""
    text = line.text.strip()
    action, actor = _actor_of(text)
    kind: ApiActionKind = next((kind for pattern, kind in _KINDS if pattern.match(action)), "other")
    if kind == "other" and actor.endswith(ADDON_ACTOR):
        kind = "addon"
    version = _VERSION.search(action[:256])
    return ApiAction(
        line,
        kind,
        actor,
        int(version[1] or version[2]) if version else None,
        _formation_of(action[:8192]) if kind == "scale" else (),
    )


def _formation_of(action: str) -> tuple[tuple[str, int, str], ...]:
    """(type, quantity, size) of each type that a line on scaling lists."""
    if old := _BEFORE_FORMATIONS.match(action):
        return ((_TYPE_BEFORE_FORMATIONS[old[1]], int(old[2]), ""),)
    return tuple((process_type, int(n), size) for process_type, n, size in _PROCESS_TYPE.findall(action))


def _actor_of(text: str) -> tuple[str, str]:
    """The action and its actor ("by user X"; before 2014 "by X"). The last " by " counts."""
    action, by, actor = text.rpartition(" by ")
    actor = actor.removeprefix("user ")
    return (action, actor) if by and actor and " " not in actor else (text, "")
