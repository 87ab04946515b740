"""Lines with the name of their app, as `logs` writes those of several: "shop-web | 2026-…+00:00 app[web.1]: …".

Docker Compose writes at least two blanks before the bar. What an app prints stands behind its own name,
so it passes for no other app.
"""

from __future__ import annotations

import re

from herodyno.heroku_facts import APP_NAME_PATTERN
from herodyno.logs.decoding.heads import from_text
from herodyno.logs.decoding.shapes import Read

_NAMED = re.compile(rf"({APP_NAME_PATTERN}) \| ")
_LOGFMT = re.compile(rf"time=\S+ app=({APP_NAME_PATTERN}) source=")


def read_named(raw: str) -> Read | None:
    """The line behind the name; without time and speaker where it has no head. None without a name."""
    found = _NAMED.match(raw)
    if not found:
        return None
    rest = raw[found.end() :]
    return from_text(rest) or (None, "", "", rest)


def name_in_front(raw: str) -> str:
    """The name in a line of text or of logfmt, "" without one."""
    found = _NAMED.match(raw) or _LOGFMT.match(raw)
    return found[1] if found else ""
