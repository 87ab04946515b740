"""Lines that npm and gunicorn print around what they run: they bury the line that says why it ended."""

from __future__ import annotations

from herodyno.logs.late_patterns import late

_CHATTER = late(
    r"npm (?:ERR!|error)(?:$| (?:code|errno|path|command|signal|Exit status|Failed at the|This is probably not"
    r"|A complete log of this run|Lifecycle script| */app/\.npm/_logs|\S+ \w+: `))"
    r"|> "
    r"|.{0,60}\[INFO\] (?:Worker exiting|Shutting down|Handling signal)"
)
# Matches the bytes of each such line, and of others. A character of UTF-8 has at most four bytes.
MAY_BE_CHATTER = late(rb"npm (?:ERR!|error)|> |[^\n]{0,240}\[INFO\] (?:Worker exiting|Shutting down|Handling signal)")


def is_chatter(text: str) -> bool:
    """Whether a line says nothing but that a process begins or has ended."""
    return (text.startswith(("npm ", "> ")) or "[INFO]" in text) and _CHATTER.match(text) is not None
