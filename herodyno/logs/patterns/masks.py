"""A line of text becomes masked words: numbers, ids, addresses, times and secrets give way to a mark.

The masked words depend on the line alone. They do not depend on the value of a digit: a line whose digits are all
zero has the same masked words. So lines that differ in digits only are masked once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Characters read of a line, and words kept of it. Both bound the work for a line.
LONGEST_LINE = 400
MOST_WORDS = 32
_LONGEST_WORD = 80

ANY = "<*>"  # what varies between lines of one template; templates.py alone writes it
NUMBER, ID, TEXT, SECRET, MAIL, ADDRESS, TIME = "<n>", "<id>", "<text>", "<secret>", "<email>", "<ip>", "<time>"

ZEROS = bytes.maketrans(b"123456789", b"000000000")

# The colours of a terminal, and its titles and links.
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\|$))")
# Words of Chinese, Japanese and Korean stand close to Latin ones.
_CLOSE = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])(?=\d{0,9}[A-Za-z\u00c0-\u024f])"
                    r"|(?<=[A-Za-z\u00c0-\u024f])(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])")  # fmt: skip
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.){0,400}+(?:\"|$)|(?<![\w'])'[^']{0,400}+'(?!\w)|`[^`']{0,400}+[`']")
_CLOSED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)|`[^`']*[`']")
_OPEN_QUOTE = re.compile(r"\"|(?<!\w)'|`")
_QUOTES = frozenset("\"'`")
# A value of Ruby or Python that names what it is: 'basket:17' keeps its first word.
_NAMED = re.compile(r"([\"'`])([A-Za-z_]{1,24}[:/])\d[\w:.-]{0,80}[\"'`]")
_JSON_PAIR = re.compile(r"\"([\w.@-]{1,60})\" ?: ?(\"(?:[^\"\\]|\\.){0,400}+(?:\"|$)|[\[{]|[^\s,}\]\"]{1,80})")
# The values of these keys say what a line of JSON tells.
_TELLING_KEYS = frozenset(
    ("msg", "message", "event", "level", "severity", "lvl", "error", "err", "type", "kind", "logger", "name", "status",
     "code", "reason", "action", "method", "outcome", "state", "result", "cause", "exception", "desc",
     "error.message", "error.type", "exception.message", "log.level", "error_message", "error_code")
)  # fmt: skip
# What stands before a value that is named, and before a name of Python: msg="...", {'state': '...'}.
_NAME_BEFORE = re.compile(r"(?:^|[\s{,(;])[\"']?([\w.@-]{1,60})[\"']?(?:=|[\"']: ?)$")
_NAMES_BEGIN = re.compile(r"[{,]\s?$")
# A quotation in plain words says what happened. One word, or several with great letters, may be a name.
_PLAIN_WORDS = re.compile(r"[A-Z]?[a-z]{1,20}(?:[,:]? [a-z]{1,20}){1,7}[.!?]?")
_LONGEST_BEFORE = 60
_KEY = re.compile(r"([A-Za-z_][\w.@#-]{0,60}?)(=>?|:)(?=.)")
_SECRET_NAME = re.compile(
    r"pass(?:w|phrase|code|$)|pwd|pw$|secret|token|api_?-?key|_key$|-key$|^key$|auth|credential|cookie|sid$|sess|csrf|xsrf"
    r"|signature|^sig$|salt|hmac|jwt|bearer|otp$|pin$|cvv|senha|contrase|private|dsn$",
    re.I,
)
# The schemes of an Authorization header: the secret stands behind them.
_BEARER = "bearer"
_SCHEMES = frozenset({_BEARER, "basic", "digest", "token", "apikey", "negotiate"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,20}://)([^/\s?#]{0,200})([^\s]*)", re.I)
_ELEMENT = re.compile(r"<([\w.:-]{1,40})>[^<>]{1,400}+</")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[A-Za-z][\w-]{0,63}(?:\.[\w-]{1,63}){0,8}")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?")
_IPV6 = re.compile(r"(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?")
_IPV6_WITH_PORT = re.compile(rf"\[?{_IPV6.pattern}\](?::\d{{1,5}})?")
_TIME = re.compile(
    r"(?:\d{4}[-/]\d\d[-/]\d\d|\d\d?/(?:\d\d|[A-Z][a-z]{2})/\d{4})?(?:[T:]?\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?"
    r"(?:Z|[+-]\d\d:?\d\d){0,2}"
)
_EDGES = re.compile(r"([\[({<\"'`,;|*=-]*)(.*?)([\])}>\"'`,;:.!?|*-]*)", re.S)
_NUMBER = re.compile(r"[#+-]{0,2}\d[\d.,_]*(?:[eE][+-]?\d+)?")
_WITH_UNIT = re.compile(r"([#$€£v+-]{0,2})\d[\d.,]*([A-Za-zµ]{1,3}(?:/[a-z]{1,3})?|%|pages|bytes|seconds)")
_WITH_NUMBER = re.compile(r"([A-Za-z]{1,24}(?:[._-][A-Za-z]{1,23}){0,3}[._:#-]?)\d{1,6}([A-Z]?[a-z]{0,12})")
_ALTERNATING = re.compile(r"[A-Za-z]\d+[A-Za-z]+\d|\d[A-Za-z]+\d+[A-Za-z]")
_HEX = re.compile(r"[\[(]?(?=[a-f-]*\d)[\da-f]{8}[\da-f-]{4,}[\])]?")
_HEX_VALUE = re.compile(r"[\da-fA-F]{8}(?:-?[\da-fA-F]+)*")
_ESCAPED = re.compile(r"%[\dA-Fa-f]{2}")  # of a URL; %40 is an @
_RUN = re.compile(r"\d+(?:[.,]\d+)*")
_PIECES = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_LETTERS_AND_DIGITS = re.compile(r"[A-Za-z\d]{12,}")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SHORTEST_PARTS = 3.3  # letters, on average
_LONGEST_PART = 28  # letters; words are shorter
_BASE64 = re.compile(r"[A-Za-z\d+][A-Za-z\d+/]{30,}={0,2}")
_MARKS = frozenset(mark.strip("<>") for mark in (NUMBER, ID, TEXT, SECRET, MAIL, ADDRESS, TIME))

# A word that its neighbours decide: a quotation of several words begins in it, or a secret follows.
_OF_LINE = "\0"
_BRACKETS = "[({,})]"
_MOST_KNOWN = 20_000
_known_words: dict[str, str] = {}
_known_lines: dict[tuple[str, ...], tuple[str, ...]] = {}


def masked(text: str) -> tuple[str, ...]:
    """The masked words of a line; none for a blank line."""
    return masked_zeroed(text[:LONGEST_LINE].encode("utf-8", "replace").translate(ZEROS).decode())


def masked_zeroed(text: str) -> tuple[str, ...]:
    """The masked words of a line whose digits are all zero already."""
    text = text[:LONGEST_LINE]
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "</" in text:
        text = _ELEMENT.sub(_element, text)
    if not text.isascii():
        text = _CLOSE.sub(" ", text)
    known = _known_words.get
    marks = tuple([known(word) or _learned(word) for word in text.split()])
    if _OF_LINE in marks:
        return _with_neighbours(text)
    words = _known_lines.get(marks)
    if words is None:
        if len(_known_lines) >= _MOST_KNOWN:
            _known_lines.clear()
        words = _known_lines[marks] = _joined(marks)
    return words


def _joined(marks: Iterable[str]) -> tuple[str, ...]:
    """A list of numbers is one number, however many there are; a line has MOST_WORDS at most."""
    words: list[str] = []
    for mark in marks:
        core = mark.strip(_BRACKETS)
        if words and "<" in core and core == words[-1].strip(_BRACKETS):
            words[-1] = words[-1][: words[-1].index(core)] + mark[mark.index(core) :]
        elif len(words) < MOST_WORDS:
            words.append(mark)
    return tuple(words)


def _learned(word: str) -> str:
    """The mark of a word that is not known. Ids are not remembered: they do not come again."""
    if _HEX.fullmatch(word):
        return f"{word[0]}{ID}{word[-1]}" if word[0] in "[(" and word[-1] in "])" else ID
    mark = _word(word[:_LONGEST_WORD])
    if ID not in mark:
        if len(_known_words) >= _MOST_KNOWN:
            _known_words.clear()
        _known_words[word] = mark
    return mark


def _with_neighbours(text: str) -> tuple[str, ...]:
    begin = text.find('{"') if '":' in text else -1
    pairs = _of_json(text[begin:]) if begin >= 0 else ""
    text = f"{_QUOTED.sub(_quoted, text[:begin] if begin >= 0 else text)} {pairs}"
    marks: list[str] = []
    is_secret = False
    for word in text.split():
        is_secret = is_secret and word[0] != "<" and not word.isdigit()
        marks.append(SECRET if is_secret else _mark(word[:_LONGEST_WORD]))
        is_secret = _announces_secret(word) or (is_secret and word.lower() in _SCHEMES)
    return _joined(marks)


def _announces_secret(word: str) -> bool:
    """Whether a secret follows a word: "token:", "--password", "-p", "Bearer"."""
    word = word.rpartition('="')[2] or word
    if word[0] == "-":
        return word in ("-p", "-u", "--user") or (
            word.isascii() and "=" not in word and bool(_SECRET_NAME.search(word))
        )
    name, sign, value = word.rpartition("=" if "=" in word else ":")
    if not sign:
        return word.lower() == _BEARER
    is_open = not value or value.lower() in _SCHEMES
    return is_open and "::" not in word and _SECRET_NAME.search(name.rstrip(":=\"'")) is not None


def _quoted(found: re.Match[str]) -> str:
    value = found[0]
    if named := _NAMED.fullmatch(value):
        return f"{named[1]}{named[2]}{ID}{named[1]}"
    inner, before = value[1:-1], found.string[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
    if _TIME.fullmatch(inner) and ":" in inner:
        return f"{value[0]}{TIME}{value[0]}"
    name = _NAME_BEFORE.search(before)
    if name and name[1].lower() in _TELLING_KEYS and value[-1] == value[0]:
        return f"{value[0]}{_inside(inner)}{value[0]}"
    is_name = found.string[found.end() : found.end() + 1] == ":" and _NAMES_BEGIN.search(before)
    if is_name or (not name and _PLAIN_WORDS.fullmatch(inner) and not _SECRET_NAME.search(before)):
        return value
    return f"{value[0]}{TEXT}{value[-1] if value[-1] in _QUOTES else value[0]}"


def _inside(value: str) -> str:
    """A quoted value that says what happened, with the quotations in it masked."""
    return _QUOTED.sub(_quoted, value.replace('\\"', '"'))


def _of_json(text: str) -> str:
    """The pairs of a line of JSON, one a word, and the words of what says what happened."""
    words = []
    for name, value in _JSON_PAIR.findall(text):
        if value in "[{":
            words.append(f"{name}:")
        elif name.lower() in _TELLING_KEYS:
            words.append(f"{name}: {_inside(value[1:-1] if value[0] == chr(34) else value)}")
        else:
            words.append(f"{name}={TEXT}" if value[0] == '"' else f"{name}={value}")
    return " ".join(words)


def _word(word: str) -> str:
    """A word masked, or _OF_LINE."""
    if word.isalpha() and len(word) < 16 and word.lower() != _BEARER:
        return word
    if not _QUOTES.isdisjoint(word):
        if '":' in word or "':" in word or _OPEN_QUOTE.search(_CLOSED.sub("", word)):
            return _OF_LINE
        word = _QUOTED.sub(_quoted, word)
    return _OF_LINE if _announces_secret(word) else _mark(word)


def _mark(word: str) -> str:
    """One word masked. Marks put in before stay."""
    before, inner, after = _EDGES.fullmatch(word).groups()  # type: ignore[union-attr]
    mark = word if not inner or inner in _MARKS else f"{before}{_inner(inner)}{after}"
    return _RUN.sub(NUMBER, mark.replace(ANY, TEXT).replace(f"{SECRET}>", SECRET))  # no digit stays, whatever the word


def _element(found: re.Match[str]) -> str:
    return f"<{found[1]}>{SECRET}</" if _SECRET_NAME.search(found[1]) else found[0]


def _inner(word: str) -> str:
    if "://" in word and (found := _SCHEME.search(word)):
        return word[: found.start()] + _url(found)
    if "@" in word:
        word = _EMAIL.sub(MAIL, word)
    if _IPV6_WITH_PORT.fullmatch(word):
        return ADDRESS
    if _TIME.fullmatch(word) and (":" in word or len(word) in (5, 10)):  # 5: an offset
        return TIME
    if (key := _KEY.match(word)) and not word.startswith("::", key.end() - 1) and not _IPV6.fullmatch(word):
        value = word[key.end() :]
        is_secret = value[0] != "<" and not value.isdigit() and _SECRET_NAME.search(key[1])
        return f"{_RUN.sub(NUMBER, key[1])}{key[2]}{SECRET if is_secret else _mark(value)}"
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
