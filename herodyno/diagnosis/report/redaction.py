"""Query strings, addresses, e-mails and tokens are taken out of a report, since reports are passed on.

Times, dynos, dyno ids, codes, paths, statuses and sizes stay. A verdict is made of them.
"""

from __future__ import annotations

import re

_QUERY = re.compile(r"\?[^\s\"'<>]+")
_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})")
# 0.0.0.0 and 127.0.0.1 are nobody's, and say what a server listens on or cannot reach.
_IPV4 = re.compile(r"(?<![\d.])(?!(?:127\.0\.0\.1|0\.0\.0\.0)(?![\d.]))(\d{1,3})\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:])(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4}){1,4}(?![0-9A-Za-z:])")
_TOKEN = re.compile(
    r"HRKU-[0-9A-Za-z_-]{8,}|\b(?:Bearer|Basic)\s+[0-9A-Za-z._~+/=-]{8,}|\bd\.[0-9a-f]{8}-[0-9a-f-]{27}"
    r"|\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_.-]{8,}|\bAKIA[0-9A-Z]{12,}|\bgh[pousr]_[0-9A-Za-z]{20,}|\bsk_(?:live|test)_\w{8,}"
)
_SECRET_PAIR = re.compile(
    r"(?i)((?:password|passwd|secret|token|api[_-]?key|authorization|cookie|session)[\w-]{0,64})(\s{0,9}[=:]\s{0,9})"
    r"(\"[^\"]*\"|'[^']*'|[^\s,;&\"']+)"
)
_USERINFO = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@:]+:[^\s/@]+@")


def redact(text: str) -> str:
    """The text with a mark in place of whatever identifies a person or gives access. Idempotent."""
    text = _EMAIL.sub(r"\1***@\2", _QUERY.sub("?[query]", redact_tokens(text)))
    text = _IPV4.sub(r"\1.x.x.x", text)
    return _IPV6.sub("[address]", text)


def redact_tokens(text: str) -> str:
    """The text without passwords, tokens and what follows a word like "secret=". This much is always done."""
    text = _USERINFO.sub(r"\1[redacted]@", text)
    return _SECRET_PAIR.sub(_keep_key, _TOKEN.sub(_mark, text))


class LogRedactor:
    """`redact` for the lines of one log that will be judged again.

    Addresses are numbered (203.x.x.7), so that one client still differs from many.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        """The line redacted. The same lines in the same order give the same bytes."""
        text = _EMAIL.sub(r"\1***@\2", _QUERY.sub("?[query]", redact_tokens(text)))
        text = _IPV4.sub(lambda found: f"{found[1]}.x.x.{self._number(found[0])}", text)
        return _IPV6.sub(lambda found: f"[address-{self._number(found[0])}]", text)

    def _number(self, address: str) -> int:
        return self._numbers.setdefault(address, len(self._numbers) + 1)


def redact_path(path: str) -> str:
    """A request path without its query string and without what looks like a token or an e-mail."""
    return redact(path.partition("?")[0])


def _mark(found: re.Match[str]) -> str:
    # A frame of 2012 is known by the drain's token in it, so the first letter of the token stays.
    return "d.[token]" if found[0].startswith("d.") else "[token]"


def _keep_key(found: re.Match[str]) -> str:
    value = found[3]
    return found[0] if value in ("[token]", "[redacted]") else f"{found[1]}{found[2]}[redacted]"
