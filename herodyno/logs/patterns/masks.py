"""A line of text becomes masked words: numbers, ids, addresses, times and secrets give way to a mark.

The masked words depend on the line alone. They do not depend on the value of a digit: a line whose digits are all
zero has the same masked words. So lines that differ in digits only are masked once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from herodyno.logs.late_patterns import late
from herodyno.logs.patterns.quotations import QUOTED, QUOTES, pairs_of_json, quoted
from herodyno.logs.patterns.redacted import unredacted
from herodyno.logs.patterns.word_marks import ID, SECRET, mark_of
from herodyno.logs.secret_names import SECRET_NAME

# Characters read of a line, and words kept of it. Both bound the work for a line.
LONGEST_LINE = 400
MOST_WORDS = 32
_LONGEST_WORD = 80
ZEROS = bytes.maketrans(b"123456789", b"000000000")
# The colours of a terminal, and its titles and links.
_ANSI = late(r"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\|$))")
# Words of Chinese, Japanese and Korean stand close to Latin ones.
_CLOSE = late(r"(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])(?=\d{0,9}[A-Za-z\u00c0-\u024f])"
                    r"|(?<=[A-Za-z\u00c0-\u024f])(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])")  # fmt: skip
_CLOSED = late(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)|`[^`']*[`']")
_OPEN_QUOTE = late(r"\"|(?<!\w)'|`")
# The schemes of an Authorization header: the secret stands behind them.
_BEARER = "bearer"
_SCHEMES = frozenset({_BEARER, "basic", "digest", "token", "apikey", "negotiate"})
_ELEMENT = late(r"<([\w.:-]{1,40})>[^<>]{1,400}+</")
_HEX = late(r"[\[(]?(?=[a-f-]*\d)[\da-f]{8}[\da-f-]{4,}[\])]?")
# A word that its neighbours decide: a quotation of several words begins in it, or a secret follows.
_OF_LINE = "\0"
_BRACKETS = "[({,})]"
_MOST_KNOWN = 20_000
_known_words: dict[str, str] = {}
_known_lines: dict[tuple[str, ...], tuple[str, ...]] = {}
# Lines whose first word is an id or a time have the rest in common: (the first word's mark, the rest) -> masked words.
_MOST_RESTS = 1_000
_known_rests: dict[tuple[str, str], tuple[str, ...]] = {}
_known_firsts: dict[str, str] = {}


def masked(text: str) -> tuple[str, ...]:
    """The masked words of a line; none for a blank line."""
    return masked_zeroed(text[:LONGEST_LINE].encode("utf-8", "replace").translate(ZEROS).decode())


def masked_zeroed(text: str) -> tuple[str, ...]:
    """The masked words of a line whose digits are all zero already."""
    text = text[:LONGEST_LINE]
    first, _, rest = text.partition(" ")
    mark = _known_firsts.get(first)
    key = (_mark_of_first(first) if mark is None else mark, rest)
    return _known_rests.get(key) or _masked(text, key)


def _masked(text: str, key: tuple[str, str]) -> tuple[str, ...]:
    given = text
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    text = unredacted(text)
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
    if key[0] and text is given and "</" not in text:
        if len(_known_rests) >= _MOST_RESTS:
            _known_rests.clear()
        _known_rests[key] = words
    return words


def _mark_of_first(word: str) -> str:
    """The mark of the first word of a line where the word alone decides it; "" where the line must be looked at."""
    if not (mark := _mark_of_id(word)):
        is_plain = word.isascii() and [word] == word.split() and "\x1b" not in word and "</" not in word
        if is_plain and unredacted(word) is word:
            mark = _known_words.get(word) or _learned(word)
            mark = "" if mark == _OF_LINE else mark
        if len(_known_firsts) >= _MOST_RESTS:
            _known_firsts.clear()
        _known_firsts[word] = mark
    return mark


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
    if mark := _mark_of_id(word):
        return mark
    mark = _word(word[:_LONGEST_WORD])
    if ID not in mark:
        if len(_known_words) >= _MOST_KNOWN:
            _known_words.clear()
        _known_words[word] = mark
    return mark


def _mark_of_id(word: str) -> str:
    if not _HEX.fullmatch(word):
        return ""
    return f"{word[0]}{ID}{word[-1]}" if word[0] in "[(" and word[-1] in "])" else ID


def _with_neighbours(text: str) -> tuple[str, ...]:
    begin = text.find('{"') if '":' in text else -1
    pairs = pairs_of_json(text[begin:]) if begin >= 0 else ""
    text = f"{QUOTED.sub(quoted, text[:begin] if begin >= 0 else text)} {pairs}"
    marks: list[str] = []
    is_secret = False
    for word in text.split():
        is_secret = is_secret and word[0] != "<" and not word.isdigit()
        marks.append(SECRET if is_secret else mark_of(word[:_LONGEST_WORD]))
        is_secret = _announces_secret(word) or (is_secret and word.lower() in _SCHEMES)
    return _joined(marks)


def _announces_secret(word: str) -> bool:
    """Whether a secret follows a word: "token:", "--password", "-p", "Bearer"."""
    word = word.rpartition('="')[2] or word
    if word[0] == "-":
        return word in ("-p", "-u", "--user") or (word.isascii() and "=" not in word and bool(SECRET_NAME.search(word)))
    name, sign, value = word.rpartition("=" if "=" in word else ":")
    if not sign:
        return word.lower() == _BEARER
    is_open = not value or value.lower() in _SCHEMES
    return is_open and "::" not in word and SECRET_NAME.search(name.rstrip(":=\"'")) is not None


def _word(word: str) -> str:
    """A word masked, or _OF_LINE."""
    if word.isalpha() and len(word) < 16 and word.lower() != _BEARER:
        return word
    if not QUOTES.isdisjoint(word):
        if '":' in word or "':" in word or _OPEN_QUOTE.search(_CLOSED.sub("", word)):
            return _OF_LINE
        word = QUOTED.sub(quoted, word)
    return _OF_LINE if _announces_secret(word) else mark_of(word)


def _element(found: re.Match[str]) -> str:
    return f"<{found[1]}>{SECRET}</" if SECRET_NAME.search(found[1]) else found[0]
