"""A line of text becomes masked words: numbers, ids, addresses, times and secrets give way to a mark.

The masked words depend on the line alone. They do not depend on the value of a digit: a line whose digits are all
zero has the same masked words. So lines that differ in digits only are masked once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

# Characters read of a line, and words kept of it. Both bound the work for a line.
LONGEST_LINE = 400
MOST_WORDS = 32
_LONGEST_WORD = 80

ANY = "<*>"  # what varies between lines of one template; templates.py alone writes it
NUMBER, ID, TEXT, SECRET, MAIL, ADDRESS, TIME = "<n>", "<id>", "<text>", "<secret>", "<email>", "<ip>", "<time>"

ZEROS = bytes.maketrans(b"123456789", b"000000000")
_ZEROS = str.maketrans("123456789", "000000000")

_ANSI = re.compile(r"\x1b\[[0-9;]{0,16}[A-Za-z]")
# A time, alone or in a word: 2026-11-30T09:00:19.123Z, 2026-11-30, 09:00:19,123, 30/Nov/2026:09:00:19.
_TIMES = re.compile(
    r"\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?: ?(?:Z\b|[+-]\d\d:?\d\d\b|UTC\b))?"
    r"|\b\d\d?/[A-Z][a-z]{2}/\d{4}(?::\d\d:\d\d:\d\d)?(?: [+-]\d{4})?"
    r"|(?<![\d:.])\d\d?:\d\d:\d\d(?:[.,]\d{1,9})?(?![\d:])(?: ?[+-]\d{4}\b)?"
    r"|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d\d? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"(?: {1,2}\d\d?)?(?: \d{4})? <time>(?: \d{4})?(?: GMT| UTC)?"
)
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.){0,400}+(?:\"|$)|(?<![\w'])'[^']{0,400}+'(?!\w)|`[^`']{0,400}+[`']")
# A value of Ruby or Python that names what it is: 'basket:17' keeps its first word.
_NAMED_KEY = re.compile(r"([\"'`])([A-Za-z_]{1,24}[:/])\d[\w:.-]{0,80}\1?")
_JSON_PAIR = re.compile(r"\"([\w.@-]{1,60})\" ?: ?(\"(?:[^\"\\]|\\.){0,400}+(?:\"|$)|[\[{]|[^\s,}\]\"]{1,80})")
# The values of these keys say what a line of JSON tells.
_TELLING_KEYS = frozenset(
    ("msg", "message", "event", "level", "severity", "lvl", "error", "err", "type", "kind", "logger", "name", "status",
     "code", "reason", "action", "method")
)  # fmt: skip
_KEY = re.compile(r"([A-Za-z_][\w.@#-]{0,60}?)(=>?|:)(?=.)")
_SECRET_NAME = re.compile(
    r"(?i)(?:pass(?:w|phrase|code|$)|pwd|pw$|secret|token|api_?-?key|_key$|-key$|^key$|auth|credential|cookie|sid$|sess|csrf|xsrf"
    r"|signature|^sig$|salt|hmac|jwt|bearer|otp$|pin$|cvv|senha|contrase|private|dsn$)"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,20}://)([^/\s?#]{0,200})([^\s]*)", re.I)
_EMAIL = re.compile(r"[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?")
_IPV6 = re.compile(r"(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?")
_EDGES = re.compile(r"([\[({<\"'`,;:|*=-]*)(.*?)([\])}>\"'`,;:.!?|*-]*)", re.S)
_PLAIN_NUMBER = re.compile(r"[#+-]{0,2}\d[\d.,_]*(?:[eE][+-]?\d+)?")
_UNIT = re.compile(r"([#$€£v+-]{0,2})\d[\d.,]*([A-Za-zµ]{1,3}(?:/[a-z]{1,3})?|%)")
_WITH_NUMBER = re.compile(r"([A-Za-z]{1,24}(?:[._-][A-Za-z]{1,23}){0,3}[._:#-]?)\d{1,6}([A-Z]?[a-z]{0,12})")
_ALTERNATING = re.compile(r"[A-Za-z]\d+[A-Za-z]+\d|\d[A-Za-z]+\d+[A-Za-z]")
_RUN = re.compile(r"\d+(?:[.,]\d+)*")
_PIECES = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[a-z](?=[A-Z])|[A-Z]{2}(?=[a-z])")


def masked(text: str) -> tuple[str, ...]:
    """The masked words of a line; none for a blank line."""
    return _masked(text[:LONGEST_LINE].translate(_ZEROS))


@lru_cache(maxsize=4096)
def _masked(text: str) -> tuple[str, ...]:
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    text = text.replace(ANY, "<>")
    text = _without_json(text) if text.lstrip()[:1] in "{[" and '":' in text else _without_quotes(_times(text))
    words: list[str] = []
    is_secret = False
    for word in text.split():
        mark = SECRET if is_secret and not word.startswith("<") else _word(word[:_LONGEST_WORD])
        is_secret = word[-1] in ":=" and _SECRET_NAME.search(word.rstrip(":=\"'")) is not None
        if words and "<" in mark and mark.rstrip(",]})") == words[-1].rstrip(","):
            words[-1] = mark  # a list of numbers is one number, however many there are
            continue
        words.append(mark)
        if len(words) == MOST_WORDS:
            break
    return tuple(words)


def _times(text: str) -> str:
    if ":" not in text and "-" not in text and "/" not in text:
        return text
    return _TIMES.sub(TIME, _TIMES.sub(TIME, text))


def _without_quotes(text: str) -> str:
    if '"' not in text and "'" not in text and "`" not in text:
        return text
    return _QUOTED.sub(_quoted, text)


def _quoted(found: re.Match[str]) -> str:
    value = found[0]
    if named := _NAMED_KEY.fullmatch(value):
        return f"{named[1]}{named[2]}{ID}{named[1]}"
    return f"{value[0]}{TEXT}{value[-1] if value[-1] in chr(34) + chr(39) + '`' else value[0]}"


def _without_json(text: str) -> str:
    """The pairs of a line of JSON, one a word, and the words of what says what happened."""
    words = []
    for name, value in _JSON_PAIR.findall(text):
        key = name.lower()
        if value in "[{":
            words.append(f"{name}:")
        elif key in _TELLING_KEYS:
            words.append(f"{name}: {_without_quotes(_times(value.strip(chr(34))))}")
        else:
            words.append(f"{name}={TEXT}" if value[0] == '"' else f"{name}={value}")
    return " ".join(words)


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    """One word masked. Marks put in before stay."""
    if word.isalpha() and len(word) < 16:
        return word
    before, inner, after = _EDGES.fullmatch(word).groups()  # type: ignore[union-attr]
    if not inner or inner in ("n", "id", "text", "secret", "email", "ip", "time"):
        return word
    return f"{before}{_inner(inner)}{after}"


def _inner(word: str) -> str:
    if "://" in word and (found := _SCHEME.search(word)):
        return word[: found.start()] + _url(found)
    if ("@" in word or "%40" in word) and _EMAIL.search(word):
        return _EMAIL.sub(MAIL, word)
    if (key := _KEY.match(word)) and not word.startswith("::", key.end() - 1) and not _IPV6.fullmatch(word):
        value = word[key.end() :]
        return (
            f"{key[1]}{key[2]}{SECRET if _SECRET_NAME.search(key[1]) and not value.startswith('<') else _word(value)}"
        )
    if "/" in word:
        return _path(word)
    if "<" in word:
        return word if not any(map(str.isdigit, word)) else _RUN.sub(NUMBER, word)
    return _value(word)


def _url(found: re.Match[str]) -> str:
    scheme, host, rest = found.groups()
    if "@" in host:
        host = SECRET
    elif _IPV4.fullmatch(host):
        host = ADDRESS
    else:
        host = ".".join(_value(part) for part in host.split("."))
    return f"{scheme}{host}{_path(rest)}"


def _path(word: str) -> str:
    path, query, _ = word.partition("?")
    return "/".join(map(_value, path.split("/"))) + (f"?{TEXT}" if query else "")


def _value(word: str) -> str:
    """What has neither a key nor a slash."""
    if not any(map(str.isdigit, word)):
        return ID if len(word) >= 16 and _looks_made_up(word) else word
    if _PLAIN_NUMBER.fullmatch(word) and word.count(".") < 2:
        return NUMBER
    if _IPV4.fullmatch(word) or (_IPV6.fullmatch(word) and len(word) > 4):
        return ADDRESS
    if found := _UNIT.fullmatch(word):
        return f"{found[1]}{NUMBER}{found[2]}"
    if found := _WITH_NUMBER.fullmatch(word):
        return f"{found[1]}{NUMBER}{found[2]}"
    if len(_PIECES.findall(word)) > 1 and not _ALTERNATING.search(word) and len(word) <= 40:
        return _RUN.sub(NUMBER, word)
    return ID


def _looks_made_up(word: str) -> bool:
    """Whether a long word without digits is random: it changes between small and great letters too often."""
    return any(len(piece) >= 16 and _changes(piece) * 4 > len(piece) for piece in _PIECES.findall(word))


def _changes(piece: str) -> int:
    return sum(one.isupper() != other.isupper() for one, other in pairwise(piece))
