"""What people and add-ons did, as `app[api]` (before 2014 `heroku[api]`) tells it."""

from __future__ import annotations

import re

from herodyno.logs.events import ApiAction, ApiActionKind, LogLine

_VERSION = re.compile(r"[Rr]elease v(\d{1,9})|Rollback to v(\d{1,9})", re.ASCII)
_WANTED = re.compile(r"([\w-]{1,128})[@=](\d{1,6})(?::([\w.-]{1,64}))?(?=[ ,]|$)", re.ASCII)

# The first that fits decides; the part before "by user" is what is looked at.
_KINDS: tuple[tuple[re.Pattern[str], ApiActionKind], ...] = (
    (re.compile(r"Log session created"), "log_session"),
    (re.compile(r"Release v\d{1,9} command failed"), "release_failed"),
    (re.compile(r"Release v\d{1,9} created|Initial release"), "release"),
    (re.compile(r"Rollback to "), "rollback"),
    (re.compile(r"Deploy |Promote "), "deploy"),
    (re.compile(r"Build "), "build"),
    (re.compile(r"Scaled? to "), "scale"),
    (re.compile(r"(?:Starting|Running) process with command"), "run"),
    (re.compile(r"(?:Set|Unset|Remove|Add|Update) [^`]{0,4096}\bconfig\b|Config (?:add|remove|set) "), "config"),
    (re.compile(r"Restart"), "restart"),
    (re.compile(r"[A-Za-z ]{0,32}[Mm]aintenance"), "maintenance"),
    (re.compile(r"Attach |Detach |Provision|Create add-on|Destroy add-on|Add-on |@ref:"), "addon"),
)


def api_action(line: LogLine) -> ApiAction:
    """The action; a wording that is not known is of kind "other", or "addon" when an add-on did it."""
    text = line.text.strip()
    what, actor = _actor_of(text)
    kind: ApiActionKind = next((kind for pattern, kind in _KINDS if pattern.match(what)), "other")
    if kind == "other" and actor.endswith("@addons.heroku.com"):
        kind = "addon"
    version = _VERSION.search(what[:256])
    wanted = _WANTED.findall(what[:8192]) if kind == "scale" else ()
    return ApiAction(
        line,
        kind,
        actor,
        int(version[1] or version[2]) if version else None,
        tuple((process_type, int(quantity), size) for process_type, quantity, size in wanted),
    )


def _actor_of(text: str) -> tuple[str, str]:
    """What was done, and by whom ("by user X"; before 2014 "by X"); a command may hold " by " itself."""
    what, by, actor = text.rpartition(" by ")
    actor = actor.removeprefix("user ")
    return (what, actor) if by and actor and " " not in actor else (text, "")
