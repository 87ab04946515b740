"""The address of a receiver as a person types it: checked, without its end."""

from __future__ import annotations

from urllib.parse import urlsplit

from herodyno.errors import UsageError


def receiver_address(url: str, *, flag: str = "--url") -> str:
    """The address. Raises UsageError for one with credentials or a query, and for what is no address."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_one = False
    if not is_one or "@" in parts.netloc or parts.query or parts.fragment or not url.isascii() or not url.isprintable():
        shown = url if "@" not in url else "[hidden]"
        raise UsageError(
            f"{flag} {shown!r} is no address of a receiver", next_step=f"write {flag} https://logs.example.com"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"
