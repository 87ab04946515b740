"""Lines of the router: one request each, as `key=value` pairs.

One pattern reads today's layout; any other order is read pair by pair. Both ways give the same request.
A quoted value ends at a quote before the next key, because Router 2.0 leaves blanks in paths.
Clients write the path, the request id and X-Forwarded-For, which stand in the middle of the line, and can forge
keys in them. So a key that the router writes before the path counts only there, and of a key that the router writes
after the path the last one counts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from herodyno.logs.events import LogLine, RouterRequest
from herodyno.logs.late_patterns import late

_TODAY = late(
    r"(?:sock=(\w{1,16}) )?at=(\w{1,16}) (?:code=(H\d\d) desc=\"([^\"=]*+)\" )?method=([A-Z]{1,16}) "
    r"path=\"([^\"]*+)\" host=([^ \"=]*+) request_id=([^ \"=]*+) fwd=\"([^\"=]*+)\" dyno=([^ \"=]*+) "
    r"connect=(\d{0,9})(?:ms)? service=(\d{0,9})(?:ms)? status=(\d{0,9}) bytes=(\d{0,18})"
    r"(?: protocol=([\w.]{1,16})(?: tls=\w{1,8}(?: tls_version=[\w.]{1,16})?)?)?",
    re.ASCII,
)
# Lines in another layout, so long at most, are mostly written by something that repeats itself.
_LONGEST_KNOWN = 1000
_KEY = late(r"([a-z_]{1,32})=", re.ASCII)
_CLOSING = late(r"\"(?= [a-z_]{1,32}=| *$)", re.ASCII)
_OF_2012 = late(r"(?:Error (H\d\d) \(([^()]{0,128})\) -> )?([A-Z]{3,16}) ([^ /]{1,255})(/[^ ]*)?(?= )", re.ASCII)
_BEFORE_PATH = frozenset({"sock", "at", "code", "desc", "cause", "agent", "method", "path"})
_AFTER_PATH = frozenset({"host", "request_id", "fwd", "dyno", "connect", "service", "status", "bytes", "protocol"})


def router_request(line: LogLine) -> RouterRequest | None:
    """The request, or None when the line is not a request."""
    text = line.text.strip()
    if found := _TODAY.fullmatch(text):
        sock, at, code, desc, method, path, host, request_id, fwd, dyno, connect, service, status, size, protocol = (
            found.groups("")
        )
        return RouterRequest(
            line, dyno, at, code, desc, sock, method, path, host, request_id, fwd,
            int(connect) if connect else None, int(service) if service else None,
            int(status) if status else None, int(size) if size else None, protocol, "",
        )  # fmt: skip
    fields = _known(text) if len(text) <= _LONGEST_KNOWN else _fields(text)
    return RouterRequest(line, *fields) if fields else None


def _fields(text: str) -> tuple[Any, ...] | None:
    return _of_pairs(_pairs(text)) or _of_2012(text)


_known = lru_cache(maxsize=64)(_fields)


def _of_pairs(pairs: dict[str, str]) -> tuple[Any, ...] | None:
    """The fields of a request behind its line."""
    if "at" not in pairs and "code" not in pairs:
        return None
    get = pairs.get
    return (
        get("dyno", ""),
        get("at", ""),
        get("code", ""),
        get("desc", ""),
        get("sock", ""),
        get("method", ""),
        get("path", ""),
        get("host", ""),
        get("request_id", ""),
        get("fwd", ""),
        _number(get("connect", "")),
        _number(get("service", "")),
        _number(get("status", "")),
        _number(get("bytes", "")),
        get("protocol", ""),
        get("cause", "") or get("agent", ""),
    )


def _of_2012(text: str) -> tuple[Any, ...] | None:
    """`GET example.com/path dyno=web.1 queue=0 …`, after `Error H12 (Request timeout) -> ` if it failed."""
    found = _OF_2012.match(text)
    if not found:
        return None
    code, desc, method, host, path = found.groups("")
    pairs = _pairs(text[found.end() + 1 :])
    pairs |= {"at": "error" if code else "info", "code": code, "desc": desc}
    return _of_pairs(pairs | {"method": method, "host": host, "path": path})


def _pairs(text: str) -> dict[str, str]:
    """The values of the keys. Where no quote closes, each value ends at a blank."""
    pairs: dict[str, str] = {}
    if not _CLOSING.search(text):
        for word in text.split(" "):
            name, is_pair, value = word.partition("=")
            if name in _BEFORE_PATH:
                if is_pair and "path" not in pairs:
                    pairs.setdefault(name, value)
            elif is_pair and name in _AFTER_PATH:
                pairs[name] = value
        return pairs
    at, closes = 0, True
    while at < len(text):
        key = _KEY.match(text, at)
        if not key:  # a blank in an unquoted path (before 2014), or a word that is no pair
            at = text.find(" ", at) + 1 or len(text)
            continue
        begin = key.end()
        closing = _CLOSING.search(text, begin + 1) if closes and text.startswith('"', begin) else None
        if closing:
            value, at = text[begin + 1 : closing.start()], closing.end() + 1
        else:
            closes = closes and not text.startswith('"', begin)  # no closing quote here, so none further on
            end = text.find(" ", begin)
            end = len(text) if end < 0 else end
            value, at = text[begin:end], end + 1
        if key[1] in _BEFORE_PATH:
            if "path" not in pairs:
                pairs.setdefault(key[1], value)
        else:
            pairs[key[1]] = value
    return pairs


def _number(text: str) -> int | None:
    """A time in ms, a status or a size: "30000ms", "0"; None for "" and for what is no number."""
    digits = text.removesuffix("ms")
    return int(digits) if 0 < len(digits) <= 18 and digits.isascii() and digits.isdecimal() else None
