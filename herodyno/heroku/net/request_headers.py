"""The headers of each request: our own, those of HEROKU_HEADERS, and the token."""

from __future__ import annotations

import json
import re

from herodyno import __version__
from herodyno.errors import NotAuthenticated, UsageError

ACCEPT = "application/vnd.heroku+json; version=3.sdk"
USER_AGENT = f"herodyno/{__version__}"

_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_VALUE = re.compile(r"[ -~]*", re.ASCII)
# A variable must not decide who sees the token, nor where a request ends.
_OURS = {"authorization", "proxy-authorization", "host", "connection", "content-length", "transfer-encoding"}


def request_headers(token: str, heroku_headers: str) -> dict[str, str]:
    """All headers but those of a body. `heroku_headers` is the value of HEROKU_HEADERS (a JSON object or "").

    Raises UsageError when HEROKU_HEADERS is no such object, or sets a header that it may not set.
    """
    return {
        "user-agent": USER_AGENT,
        **_headers_from(heroku_headers),
        "accept": ACCEPT,
        "accept-encoding": "gzip",
        "authorization": f"Bearer {token}",
    }


def checked_token(token: str, *, source: str) -> str:
    """The token without white space around it. Raises NotAuthenticated, without the token in it, for other text.

    A header carries visible ASCII only. For anything else httpx would raise an error that shows the whole header.
    `source` names in the error where the token comes from.
    """
    token = token.strip()
    if not token or not all("!" <= letter <= "~" for letter in token):
        raise NotAuthenticated(
            f"the token from {source} cannot be one: blanks, control characters or letters outside ASCII in it",
            next_step="copy it again: a Heroku token is one word of letters, digits, - and _",
        )
    return token


def _headers_from(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    try:
        headers = json.loads(text)
    except (ValueError, RecursionError):
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
