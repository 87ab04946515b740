"""The proxy that the environment names: whether it is for a host, and its name in an error, never with its password."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from herodyno.heroku.net.hosts import is_loopback

_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")  # in httpx's order
_USUAL_PORT = {"https": 443}  # httpx's; 80 for any other scheme


class Proxy(NamedTuple):
    """A proxy as `variable` names it.

    `host` is "" where it cannot be told from a password. `port` is None if none is given.
    """

    variable: str
    host: str
    port: int | None
    usual_port: int

    def __str__(self) -> str:
        """ "the proxy proxy.example:3128 of HTTPS_PROXY"."""
        if not self.host:
            return f"the proxy of {self.variable}"
        if self.port is None:
            return f"the proxy {self.host} of {self.variable} (no port number is given: {self.usual_port} was tried)"
        return f"the proxy {self.host}:{self.port} of {self.variable}"


def is_direct(url: str) -> bool:
    """Whether this URL's host is reached without a proxy.

    That is this machine, where a proxy would see the token in plain text, and what NO_PROXY exempts. httpx reads
    NO_PROXY too, but does not understand networks (10.0.0.0/8).
    """
    if is_loopback(urlsplit(url).hostname or ""):
        return True
    if not (os.environ.get("no_proxy") or os.environ.get("NO_PROXY")):
        return False
    from herodyno.heroku.net.no_proxy import is_exempt

    return is_exempt(url)


def proxy_variable(environ: Mapping[str, str]) -> str:
    """The name of the variable that holds the proxy for https, or ""."""
    return next((name for name in _VARIABLES if environ.get(name)), "")


def proxy_for(host: str) -> Proxy | None:
    """The proxy by which this host is reached over https; None without one."""
    variable = proxy_variable(os.environ)
    if not variable or is_direct(f"https://{host}"):
        return None
    try:
        parts = _split(os.environ[variable])
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return Proxy(variable, "", None, 0)
    if "@" in parts.path + parts.query + parts.fragment:
        name = ""  # a password with a / in it: what looks like the host is a part of it
    return Proxy(variable, name, port, _USUAL_PORT.get(parts.scheme, 80))


def require_port(environ: Mapping[str, str]) -> None:
    """Raise ValueError for a proxy whose port is no number from 0 to 65535. httpx takes 99999."""
    if variable := proxy_variable(environ):
        _ = _split(environ[variable]).port


def why_unusable(environ: Mapping[str, str]) -> str:
    """What is wrong with a proxy that httpx refused: "HTTPS_PROXY names a proxy whose port is no number"."""
    variable = proxy_variable(environ)
    if not variable:
        return "the proxy cannot be used"
    try:
        require_port(environ)
    except ValueError:
        return f"{variable} holds a proxy that cannot be used: its port is no number from 0 to 65535"
    return f"{variable} holds a proxy that cannot be used"


def _split(proxy: str) -> SplitResult:
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}")
