"""Query strings, addresses, e-mails and secrets are taken out of a report, since reports are passed on.

Times, dynos, dyno ids, codes, paths, statuses, versions and sizes stay. A verdict is made of them.
"""

from __future__ import annotations

import re

from herodyno.diagnosis.report.addresses import mask_emails, mask_ipv4, mask_ipv6
from herodyno.diagnosis.report.secret_words import without_secrets
from herodyno.logs.late_patterns import late

_QUERY = late(r"\?[^\s\"'<>]+")
_DRAIN = late(r"\bd\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")


def redact(text: str) -> str:
    """The text with a mark in place of whatever identifies a person or gives access. Idempotent."""
    return mask_emails(redact_but_people(text))


def redact_but_people(text: str) -> str:
    """`redact`, but with e-mail addresses: who deployed is shown as Heroku shows it. In a bundle they are masked."""
    text = mask_ipv6(_QUERY.sub("?[query]", redact_tokens(text)), lambda address: "[address]")
    return mask_ipv4(text, lambda address: "x")


def redact_tokens(text: str) -> str:
    """The text without passwords, tokens and what follows a word like "secret=". This much is always done."""
    return without_secrets(_DRAIN.sub(_drain_mark, text) if "d." in text else text)


class LogRedactor:
    """`redact` for the lines of one log that will be judged again.

    Addresses are numbered (203.x.x.7), so that one client still differs from many.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        """The line redacted. The same lines in the same order give the same bytes."""
        text = mask_emails(_QUERY.sub("?[query]", redact_tokens(text)))
        text = mask_ipv6(text, lambda address: f"[address-{self._number(address)}]")
        return mask_ipv4(text, lambda address: str(self._number(address)))

    def _number(self, address: str) -> int:
        return self._numbers.setdefault(address, len(self._numbers) + 1)


def redact_path(path: str) -> str:
    """A request path without its query string and without what looks like a token or an e-mail."""
    return redact(path.partition("?")[0])


def _drain_mark(found: re.Match[str]) -> str:
    """The same mark for the same drain in every file: a drain's token tells apps apart, and frames by its letter."""
    from hashlib import sha256  # few logs name a drain

    return f"d.[token-{sha256(found[0].encode()).hexdigest()[:8]}]"
