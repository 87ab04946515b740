"""The hosts that are spoken to: Heroku's own domains, this machine, and for logs those that the config file adds."""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from herodyno.errors import BadReply, UsageError

DEFAULT_URL = "https://api.heroku.com"

# The domains the Heroku CLI accepts. They are compared by whole labels, never as substrings.
HEROKU_DOMAINS = ("heroku.com", "herokai.com", "herokuspace.com", "herokudev.com")
# Where Logplex itself is, by the add-on partner API ("log_input_url"). No token of the API is sent there.
_LOGPLEX = "logplex.io"
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(?P<port>\d{1,5}))?/?", re.ASCII)
_USER = re.compile(r"^(\s*[a-z]+://)?.*@", re.DOTALL | re.IGNORECASE)
_AGAIN = "ask for the log again"
_NEXT = "set HEROKU_HOST to a Heroku domain, or to http://127.0.0.1:PORT for a sandbox; or unset it"


def api_url(heroku_host: str = "") -> str:
    """The API's base URL from the value of HEROKU_HOST: empty, a Heroku domain ("heroku.com"), or a full URL.

    Raises UsageError for a host that is neither Heroku's nor loopback, and for plain http to any other host than
    loopback.
    """
    text = heroku_host.strip().lower()
    if not text:
        return DEFAULT_URL
    if "://" not in text:
        text = f"https://{text}" if text.startswith("api.") else f"https://api.{text}"
    found = _URL.fullmatch(text)
    if not found or int(found["port"] or 443) > 65535:
        raise UsageError(f"HEROKU_HOST is no host or URL: {_shown(heroku_host)}", next_step=_NEXT)
    host = found["host"]
    if not is_heroku(host) and not is_loopback(host):
        raise UsageError(f"HEROKU_HOST is not a host of Heroku's: {_shown(heroku_host)}", next_step=_NEXT)
    if found["scheme"] == "http" and not is_loopback(host):
        raise UsageError(f"HEROKU_HOST would send the token in plain text: {_shown(heroku_host)}", next_step=_NEXT)
    return text.rstrip("/")


def _shown(heroku_host: str) -> str:
    """The value for an error's text, without a user name and password before an @."""
    return repr(_USER.sub(r"\1[hidden]@", heroku_host))


def is_loopback(host: str) -> bool:
    """Whether the host is this machine: exactly `localhost`, an address in 127.0.0.0/8, or ::1 (brackets allowed)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_heroku(host: str) -> bool:
    """Whether the host is one of Heroku's domains or below one."""
    return any(host == domain or host.endswith("." + domain) for domain in HEROKU_DOMAINS)


class LogHosts(NamedTuple):
    """Where a log session may be: at Heroku, at the hosts `more` or below them, on this machine if the API is here."""

    api_url: str
    more: tuple[str, ...] = ()

    def checked(self, url: str) -> str:
        """The host of a log session's address. Raises BadReply, which names only the host, for any other address."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            raise BadReply("the address of the log session is no URL", next_step=_AGAIN) from None
        if is_loopback(host):
            is_known = parts.scheme in ("http", "https") and is_loopback(urlsplit(self.api_url).hostname or "")
        else:
            if parts.scheme != "https":
                raise BadReply("the address of the log session is not https", next_step=_AGAIN)
            known = (_LOGPLEX, *self.more)
            is_known = is_heroku(host) or any(host == each or host.endswith(f".{each}") for each in known)
        if not is_known:
            raise BadReply(
                f"the log session is at {host or 'no host'}, which is not Heroku's: not read",
                next_step=f'if you trust that host, add to config.toml: log_hosts = ["{host}"]',
            )
        return host
