"""What redaction wrote gives way to a specimen of what it stood for, so that both are masked alike.

The marks are those of bundles and of `logs --redact` (diagnosis/report/redaction.py).
"""

from __future__ import annotations

import re

_SECRET = "wJalrXUtnFEMI0K0MDENGbPxRfi"  # noqa: S105 - random letters; a secret of nobody's
_UUID = "00000000-0000-0000-0000-000000000000"
# Pattern, specimen. Digits are zero already.
_MARKS = (
    (r"\*\*\*(?=@|%00)", "a"),  # a***@example.com, a***%40example.com
    (r"\b0{1,3}\.x\.x\.(?:x|0+)(?![\w.]*\w)", "000.0.0.0"),
    (r"(?<=-)0{1,3}-x-x-x\b", "000-0-0-0"),
    (r"\[address(?:-0+)?\]", "0000:db0::0"),
    (r"(?<=\?)\[query\]", "a=a"),
    (r"(?<=\bd\.)\[token-[0a-f]{8}\]", _UUID),
    (r"\[(?:token|redacted)\]", _SECRET),
)
_REDACTED = re.compile("|".join(f"({pattern})" for pattern, _ in _MARKS))


def unredacted(text: str) -> str:
    """A line whose digits are all zero, with a specimen in place of each mark."""
    # Few lines have a mark, and to look for these words takes a fiftieth of the time of the pattern.
    if (
        ("[" in text and ("[redacted]" in text or "[token" in text or "[address" in text or "?[query]" in text))
        or "***" in text
        or ".x.x." in text
        or "-x-x-x" in text
    ):
        return _REDACTED.sub(_specimen, text)
    return text


def _specimen(found: re.Match[str]) -> str:
    return _MARKS[(found.lastindex or 1) - 1][1]
