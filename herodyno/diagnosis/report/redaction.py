"""Query strings, addresses, e-mails and secrets are taken out of a report, since reports are passed on.

Times, dynos, dyno ids, codes, paths, statuses and sizes stay. A verdict is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from herodyno.diagnosis.report.secret_words import without_secrets

_QUERY = re.compile(r"\?[^\s\"'<>]+")
_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})")
# 0.0.0.0 and 127.0.0.1 are nobody's, and say what a server listens on or cannot reach.
_IPV4 = re.compile(r"(?<![\d.])(?!(?:127\.0\.0\.1|0\.0\.0\.0)(?![\d.]))(\d{1,3})\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])")
# What may be an address of IPv6. A time of day, a name of Ruby and `::1` have the same letters.
_MAYBE_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?=[0-9a-fA-F:]*\d)(?:[0-9a-fA-F]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4})(?:%\w{1,16})?"
    r"(?![0-9A-Za-z:])"
)
_NOBODYS = frozenset({"::", "::1"})


def redact(text: str) -> str:
    """The text with a mark in place of whatever identifies a person or gives access. Idempotent."""
    return _EMAIL.sub(r"\1***@\2", redact_but_people(text))


def redact_but_people(text: str) -> str:
    """`redact`, but with e-mail addresses: who deployed is shown as Heroku shows it. In a bundle they are masked."""
    text = _without_ipv6(_QUERY.sub("?[query]", redact_tokens(text)), lambda address: "[address]")
    return _IPV4.sub(r"\1.x.x.x", text)


def redact_tokens(text: str) -> str:
    """The text without passwords, tokens and what follows a word like "secret=". This much is always done."""
    return without_secrets(text)


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
        return _without_ipv6(text, lambda address: f"[address-{self._number(address)}]")

    def _number(self, address: str) -> int:
        return self._numbers.setdefault(address, len(self._numbers) + 1)


def redact_path(path: str) -> str:
    """A request path without its query string and without what looks like a token or an e-mail."""
    return redact(path.partition("?")[0])


def _without_ipv6(text: str, mark: Callable[[str], str]) -> str:
    if text.count(":") < 2:
        return text

    def marked(found: re.Match[str]) -> str:
        from ipaddress import ip_address  # only for what may be an address

        try:
            ip_address(found[0])
        except ValueError:
            return found[0]
        return found[0] if found[0] in _NOBODYS else mark(found[0])

    return _MAYBE_IPV6.sub(marked, text)
