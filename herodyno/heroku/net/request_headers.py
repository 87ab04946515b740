"""The headers each request carries: ours, what HEROKU_HEADERS adds, and the token."""

from __future__ import annotations

import json
import re

from herodyno import __version__
from herodyno.errors import UsageError

ACCEPT = "application/vnd.heroku+json; version=3.sdk"
USER_AGENT = f"herodyno/{__version__}"

_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_VALUE = re.compile(r"[ -~]*", re.ASCII)
# Who may see the token, and where a request ends, is not for a variable to say.
_OURS = {"authorization", "proxy-authorization", "host", "connection", "content-length", "transfer-encoding"}


def request_headers(token: str, heroku_headers: str) -> dict[str, str]:
    """All headers but the body's; `heroku_headers` is the text of HEROKU_HEADERS. Raises UsageError."""
    return {
        "user-agent": USER_AGENT,
        **_headers_from(heroku_headers),
        "accept": ACCEPT,
        "accept-encoding": "gzip",
        "authorization": f"Bearer {token}",
    }


def _headers_from(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    try:
        headers = json.loads(text)
    except ValueError:
        headers = None
    if not isinstance(headers, dict):
        raise UsageError("HEROKU_HEADERS is no JSON object", next_step="""such as {"X-Name": "value"}; or unset it""")
    found = {}
    for name, value in headers.items():
        lower = name.lower()
        if not _NAME.fullmatch(lower) or lower in _OURS:
            raise UsageError(f"HEROKU_HEADERS may not set {name!r}", next_step="take it out")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise UsageError(f"HEROKU_HEADERS: the value of {name!r} is not plain text", next_step="correct it")
        found[lower] = value
    return found
