"""Which app a record is of, where the framing says it: Papertrail's host, and the drain token of a frame.

`heroku logs` writes no app, and today's HTTP drains write the word `host`. Other hosts in frames are relays and
machines, not apps.
"""

from __future__ import annotations

import json
import re

_PAPERTRAIL = re.compile(r"[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d (\S{1,255}) [\w.-]{1,64}/", re.ASCII)
_ARCHIVE = re.compile(r"\d{4,20}\t\d{4}-[^\t]*\t[^\t]*\t[^\t]*\t([^\t]{1,255})\t(?:[^\t]*\t){3}[\w.-]{1,64}/", re.ASCII)
_PROGRAM = re.compile(r"(?:app|heroku)/", re.ASCII)
# A drain's token, or the mark that stands for it where it was redacted.
_DRAIN = r"d\.(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\[token-[0-9a-f]{8}\])"
# In 2012 the token stood behind source and process.
_FRAME = re.compile(rf"(?:\d{{1,8}} )?<\d{{1,3}}>1 \S+ (?:({_DRAIN}) |\S+ \S+ ({_DRAIN})(?: |$))", re.ASCII)


def app_of(raw: str) -> str:
    """The app's name or its drain's token; "" where the record does not say."""
    if raw[:1] == "{":
        return _app_of_object(raw)
    if raw[:1].isalpha():
        found = _PAPERTRAIL.match(raw)
    elif raw[:1] in "<0123456789":
        found = _FRAME.match(raw) or _ARCHIVE.match(raw)
    else:
        found = None
    return found[found.lastindex or 1] if found else ""


def _app_of_object(raw: str) -> str:
    """The host of an event of Papertrail's API, the app of a record of `logs -o jsonl` or csv."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    if isinstance(found, dict) and found.get("source") in ("app", "heroku") and "proc" in found:
        app = found.get("app")
        return app if isinstance(app, str) else ""
    if not isinstance(found, dict) or not _PROGRAM.match(str(found.get("program"))):
        return ""
    host = found.get("hostname") or found.get("source_name")
    return host if isinstance(host, str) and not host.isspace() else ""


def is_drain_token(app: str) -> bool:
    """Whether an app is known by the token of its drain only."""
    return bool(re.fullmatch(_DRAIN, app))
