"""A typed name becomes a segment of a URL's path, or is refused before anything is sent."""

from __future__ import annotations

import re
from urllib.parse import quote

from herodyno.errors import UsageError
from herodyno.heroku_facts import APP_NAME_PATTERN, PROCESS_TYPE_PATTERN, UUID_PATTERN

_APP = re.compile(f"{APP_NAME_PATTERN}|{UUID_PATTERN}", re.ASCII)
_TYPE = re.compile(PROCESS_TYPE_PATTERN, re.ASCII)
# web.1; Fir's web-848cd4f64d-pvpr2 and web.848cd4f64d-pvpr2; a UUID is covered by the second.
_DYNO = re.compile(rf"{PROCESS_TYPE_PATTERN}\.[0-9a-z-]{{1,32}}|{PROCESS_TYPE_PATTERN}", re.ASCII)


def app_segment(app: str) -> str:
    """The app's name or UUID as a path segment. Raises UsageError for anything else."""
    if not app:
        raise UsageError("the app's name is empty", next_step="name it with -a, -r or HEROKU_APP")
    return _segment(app, _APP, "an app's name: a-z, 0-9 and dashes, 3 to 30 of them, a letter first")


def is_app(text: str) -> bool:
    """Whether the text can be an app's name or UUID."""
    return bool(_APP.fullmatch(text))


def dyno_segment(dyno: str) -> str:
    """A dyno's name or UUID as a path segment. Raises UsageError for anything else."""
    return _segment(dyno, _DYNO, "a dyno's name, such as web.1, or a dyno id")


def type_segment(process_type: str) -> str:
    """A process type as a path segment. Raises UsageError for anything else."""
    return _segment(process_type, _TYPE, "a process type, such as web")


def _segment(text: str, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(text):
        shown = repr(text if len(text) <= 60 else text[:60] + "…")
        raise UsageError(f"{shown} is not {what}", next_step="nothing was sent")
    return quote(text, safe="")
