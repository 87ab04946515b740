"""NO_PROXY as curl, Go and Python together read it: names and names below them, addresses, networks, ports, `*`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

# [address]:port or name:port. A bare IPv6 address does not match: it has colons of its own.
_WITH_PORT = re.compile(r"(\[[^\]]+\]|[^:]+):(\d+)")


def is_exempt(url: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether NO_PROXY exempts this URL's host. A host name is not looked up in DNS to match a network."""
    text = environ.get("no_proxy", environ.get("NO_PROXY", ""))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return False
    return any(_fits(entry, host, port) for entry in re.split(r"[\s,]+", text.casefold()) if entry)


def _fits(entry: str, host: str, port: int) -> bool:
    found = _WITH_PORT.fullmatch(entry)
    if found:
        entry = found[1]
        if int(found[2]) != port:
            return False
    if entry == "*":
        return True
    address = _address(host)
    if address is not None:
        try:
            return address in ip_network(entry.replace("[", "").replace("]", ""), strict=False)
        except ValueError:
            return False
    name = entry.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
