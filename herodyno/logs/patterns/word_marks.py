"""One word is masked: a number, an id, an address, a time or a secret in it gives way to a mark."""

from __future__ import annotations

import re

from herodyno.logs.late_patterns import late
from herodyno.logs.secret_names import SECRET_NAME

ANY = "<*>"  # what varies between lines of one template; templates.py alone writes it
NUMBER, ID, TEXT, SECRET, MAIL, ADDRESS, TIME = "<n>", "<id>", "<text>", "<secret>", "<email>", "<ip>", "<time>"
_KEY = late(r"([A-Za-z_][\w.@#-]{0,60}?)(=>?|:)(?=.)")
_SCHEME = late(r"([a-z][a-z0-9+.-]{1,20}://)([^/\s?#]{0,200})([^\s]*)", re.I)
_EMAIL = late(r"[\w.+%-]{1,64}@[A-Za-z][\w-]{0,63}(?:\.[\w-]{1,63}){0,8}")
_IPV4 = late(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?")
_IPV6 = late(r"(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?")
_IPV6_WITH_PORT = late(rf"\[?{_IPV6.pattern}\](?::\d{{1,5}})?")
TIME_FORM = late(
    r"(?:\d{4}[-/]\d\d[-/]\d\d|\d\d?/(?:\d\d|[A-Z][a-z]{2})/\d{4})?(?:[T:]?\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?"
    r"(?:Z|[+-]\d\d:?\d\d){0,2}"
)
_EDGES = late(r"([\[({<\"'`,;|*=-]*)(.*?)([\])}>\"'`,;:.!?|*-]*)", re.S)
_NUMBER = late(r"[#+-]{0,2}\d[\d.,_]*(?:[eE][+-]?\d+)?")
_WITH_UNIT = late(r"([#$€£v+-]{0,2})\d[\d.,]*([A-Za-zµ]{1,3}(?:/[a-z]{1,3})?|%|pages|bytes|seconds)")
_WITH_NUMBER = late(r"([A-Za-z]{1,24}(?:[._-][A-Za-z]{1,23}){0,3}[._:#-]?)\d{1,6}([A-Z]?[a-z]{0,12})")
_ALTERNATING = late(r"[A-Za-z]\d+[A-Za-z]+\d|\d[A-Za-z]+\d+[A-Za-z]")
_HEX_VALUE = late(r"[\da-fA-F]{8}(?:-?[\da-fA-F]+)*")
_ESCAPED = late(r"%[\dA-Fa-f]{2}")  # of a URL; %40 is an @
_RUN = late(r"\d+(?:[.,]\d+)*")
_PIECES = late(r"[^\W_]+")
_LETTERS = late(r"[A-Za-z]+")
_LETTERS_AND_DIGITS = late(r"[A-Za-z\d]{12,}")
_PARTS = late(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SHORTEST_PARTS = 3.3  # letters, on average
_LONGEST_PART = 28  # letters; words are shorter
_BASE64 = late(r"[A-Za-z\d+][A-Za-z\d+/]{30,}={0,2}")
_MARKS = frozenset(mark.strip("<>") for mark in (NUMBER, ID, TEXT, SECRET, MAIL, ADDRESS, TIME))


def mark_of(word: str) -> str:
    """One word masked. Marks put in before stay."""
    before, inner, after = _EDGES.fullmatch(word).groups()  # type: ignore[union-attr]
    mark = word if not inner or inner in _MARKS else f"{before}{_inner(inner)}{after}"
    return _RUN.sub(NUMBER, mark.replace(ANY, TEXT).replace(f"{SECRET}>", SECRET))  # no digit stays, whatever the word


def _inner(word: str) -> str:
    if "://" in word and (found := _SCHEME.search(word)):
        return word[: found.start()] + _url(found)
    if "@" in word:
        word = _EMAIL.sub(MAIL, word)
    if _IPV6_WITH_PORT.fullmatch(word):
        return ADDRESS
    if TIME_FORM.fullmatch(word) and (":" in word or len(word) in (5, 10)):  # 5: an offset
        return TIME
    if (key := _KEY.match(word)) and not word.startswith("::", key.end() - 1) and not _IPV6.fullmatch(word):
        value = word[key.end() :]
        is_secret = value[0] != "<" and not value.isdigit() and SECRET_NAME.search(key[1])
        return f"{_RUN.sub(NUMBER, key[1])}{key[2]}{SECRET if is_secret else mark_of(value)}"
    if "/" in word:
        return _path(word)
    if "<" in word:
        return _RUN.sub(NUMBER, word)
    return _value(word)


def _url(found: re.Match[str]) -> str:
    scheme, host, rest = found.groups()
    if "@" in host:
        host = SECRET
    elif _IPV4.fullmatch(host):
        host = ADDRESS
    else:
        host = ".".join(map(_value, host.split(".")))
    return f"{scheme}{host}{_path(rest)}"


def _path(word: str) -> str:
    path, query, _ = word.partition("?")
    if _BASE64.fullmatch(word) and any(map(_looks_made_up, word.split("/"))):
        return ID
    return "/".join(map(_step, path.split("/"))) + (f"?{TEXT}" if query else "")


def _step(step: str) -> str:
    return _value(step) if _IPV4.fullmatch(step) else ".".join(map(_value, step.split(".")))


def _value(word: str) -> str:
    """A word without a key, a slash or a mark."""
    if len(word) >= 12 and _looks_made_up(word):
        return ID
    if not any(map(str.isdigit, word)):
        return word
    if not word.isascii() and not _LETTERS.search(word):
        return _RUN.sub(NUMBER, word)
    if _ESCAPED.search(word):
        return TEXT
    if _NUMBER.fullmatch(word) and word.count(".") < 2:
        return NUMBER
    if _IPV4.fullmatch(word) or (_IPV6.fullmatch(word) and ("::" in word or word.count(":") > 3)):
        return ADDRESS
    if _HEX_VALUE.fullmatch(word) or len(_RUN.findall(word)) > 2:
        return ID
    if found := _WITH_UNIT.fullmatch(word) or _WITH_NUMBER.fullmatch(word):
        return f"{found[1]}{NUMBER}{found[2]}"
    if len(_PIECES.findall(word)) > 1 and not _ALTERNATING.search(word) and len(word) <= 40:
        return _RUN.sub(NUMBER, word)
    return ID


def _looks_made_up(word: str) -> bool:
    """Whether a long piece of a word is random: its parts, each begun by a great letter, are too short for words."""
    pieces = [piece for piece in _LETTERS.findall(word) if len(piece) >= 12]
    pieces += [piece for piece in _LETTERS_AND_DIGITS.findall(word) if len(_PARTS.findall(piece)) > 3]
    for piece in pieces:
        parts = _PARTS.findall(piece)
        if sum(map(len, parts)) < _SHORTEST_PARTS * len(parts) or max(map(len, parts)) >= _LONGEST_PART:
            return True
    return False
