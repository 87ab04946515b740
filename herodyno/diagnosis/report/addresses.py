"""Addresses of machines and people in any text: IPv4, IPv6, e-mail. A version or a time of day is none.

An address of IPv4 keeps its first part, which tells one network from another and no person.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from herodyno.logs.late_patterns import late

_EMAIL = late(
    r"((?:\x1b\[[0-9;]{0,16}m)?[^\W_])[\w.%+-]{0,63}(@|%40)((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z][A-Za-z0-9-]{1,62})"
)
# An e-mail that the end of its line cut off.
_CUT_EMAIL = late(r"(?<=[\"'])([^\W_])[\w.+-]{1,63}@[\w-]{0,63}\Z")
# Addresses that are nobody's say what a server listens on or cannot reach.
_IPV4 = late(r"(\d(?<![\d.]\d)\d{0,2})((?:\.\d{1,3}){3})(?![\d.]|-[a-z])")
_NOBODYS = frozenset({"127.0.0.1", "::", "::1"})
_DASHED = late(r"(?<![\w-])((?:ip|ec2|host|client|cpe|pool|dyn|static|a?dsl|customer)-\d{1,3})(?:-\d{1,3}){3}(?![\w-])")
_SOFTWARE = (
    r"rails|ruby|jruby|active\w+|action\w+|nokogiri|puma|sidekiq|rack|(?:open|boring|libre)ssl|postgres(?:ql)?|mysql|mariadb"
    r"|redis|sqlite|oracle|sql server|chrom(?:e|ium|edriver)|edge|opera|safari|firefox|node|npm|jdk|jre|java|openjdk"
    r"|python|django|windows|android|ios|dotnet|\.net|nginx|bundler|rubygems|spring|tomcat|kafka|elasticsearch|curl|git|php|perl"
    r"|erlang|otp|elixir|scala|kotlin|gradle|maven|protobuf|grpc|unicorn|passenger"
)
_NO_PRODUCT = r"(?!(?:ip|tcp|udp|https?|client|host|addr|address|peer|from|to|server|node|remote|via|by|at|ec2|ns)[/-])"
# What stands before four numbers that are a version: Chrome/119.0.0.1, rails 7.0.4.1, actionpack-7.0.4.1, v1.2.3.4.
_BEFORE_VERSION = late(
    rf"(?i:(?:\A|[\s\"'(,;\[=]){_NO_PRODUCT}[a-z][\w+-]{{0,40}}/v?|(?<![a-z]){_NO_PRODUCT}[a-z][a-z_]{{1,40}}-v?"
    rf"|(?<![a-z0-9])v|(?:version|release|build|ver)\sv?|(?:[=~<>]=|~>|\^|~)\s?"
    rf"|(?<![a-z])(?:{_SOFTWARE})\s\(?v?"
    rf"|(?<![a-z])(?:gem|package|using|installing|fetching|upgraded)\s[\w.-]{{1,40}}(?:\sto)?\s\(?v?)\Z"
)
_MAY_END_VERSION = frozenset("/-vV (=>^~")
_IN_VERSION_FIELD = late(r"(?i)(?:version|release|build|ver)[\"']?\s?(?:[=:]|=>)\s?[\"']?v?\Z")
# What may be an address of IPv6. A time of day, a name of Ruby and `::1` have the same letters.
_MAYBE_IPV6 = late(
    r"(?<![0-9A-Za-z:.])(?=[0-9a-fA-F:]{0,64}\d)(?:[0-9a-fA-F]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4})"
    r"(?:%(?![0-9A-F]{2})\w{1,16})?(?![0-9A-Za-z:])"
)
_PACKED_IPV6 = late(r"(?:(?<=%5B)|(?<![0-9A-Za-z%]))(?:[0-9a-fA-F]{0,4}%3A){2,7}[0-9a-fA-F]{0,4}(?![0-9A-Za-z])", re.I)


def mask_emails(text: str) -> str:
    """The text with the first letter and the host of each e-mail address left: a***@example.com."""
    if "@" in text:
        return _CUT_EMAIL.sub(r"\1***@", _EMAIL.sub(r"\1***\2\3", text))
    return _EMAIL.sub(r"\1***\2\3", text) if "%40" in text else text


def mask_ipv4(text: str, mark: Callable[[str], str]) -> str:
    """The text with each IPv4 address cut to its first part; `mark` gives what stands for the last."""

    def masked(found: re.Match[str]) -> str:
        address, rest = found[0], found[2]
        if rest == ".0.0.0" or address in _NOBODYS or any(int(part) > 255 for part in address.split(".")):
            return address
        before = text[max(0, found.start() - 48) : found.start()]
        if _IN_VERSION_FIELD.search(before[-16:]) or (
            before[-1:] in _MAY_END_VERSION and _BEFORE_VERSION.search(before)
        ):
            return address
        return f"{found[1]}.x.x.{mark(address)}"

    text = _IPV4.sub(masked, text)
    return _DASHED.sub(r"\1-x-x-x", text) if any(word in text for word in _DASHED_WORDS) else text


_DASHED_WORDS = ("ip-", "ec2-", "host-", "client-", "cpe-", "pool-", "dyn-", "static-", "dsl-", "customer-")


def mask_ipv6(text: str, mark: Callable[[str], str]) -> str:
    """The text with `mark` of each address in place of every IPv6 address, also one within a URL's %3A."""
    if "%3A" in text or "%3a" in text:
        text = _PACKED_IPV6.sub(
            lambda found: _marked(found[0], found[0].replace("%3A", ":").replace("%3a", ":"), mark), text
        )
    if text.count(":") < 2:
        return text
    return _MAYBE_IPV6.sub(lambda found: _marked(found[0], found[0], mark), text)


def _marked(shown: str, address: str, mark: Callable[[str], str]) -> str:
    from ipaddress import ip_address  # only for what may be an address

    try:
        ip_address(address)
    except ValueError:
        return shown
    return shown if address in _NOBODYS else mark(address)
