"""Finds what opens a door in any text: values beside the names of secrets, and secrets that are known by their form.

Values stand beside their names in many notations: NAME=V, `name: V`, JSON (also inside a JSON text), Ruby hashes,
Python dicts, YAML, XML, URLs, SQL, lists of pairs, objects of a name and a value, plain words. So the names are looked
for first, then what may stand between a name and its value, then the value. The end of a line may cut off a value.
"""

from __future__ import annotations

import re

from herodyno.diagnosis.report.secret_forms import REDACTED, TOKEN, without_forms, without_key_body
from herodyno.diagnosis.report.secret_places import without_placed
from herodyno.diagnosis.report.secret_values import Sure, is_made_up, is_secret, sure_of, tells_about
from herodyno.logs.late_patterns import late
from herodyno.logs.possessive import repeated
from herodyno.logs.secret_names import NAME_WORDS, NAMES

__all__ = ["REDACTED", "TOKEN", "without_secrets"]

# A quote: bare, with up to seven backslashes, of HTML, as JSON's \u0022.
_Q = r"(?:\\{0,7}[\"'`]|&(?:quot|apos|#3[49]|#x2[27]);|\\{1,2}u002[27])"
_SUFFIX = late(r"(?:[\w.]|-(?!>)){0,64}")
_ENCODED = late(
    r"(?:%(?:25)?(?:22|27|5[BDbd])){0,4}(?:%(?:25)?20|\+)?(?:=|%(?:25)?3[ADad])(?:%(?:25)?(?:20|22|27|3[Ee])){0,4}"
)
_ASSIGNED = late(
    rf"(?:\s(?:\([\w -]{{1,20}}\)|hash|digest|value|string|generated|created|issued)(?=\s?[=:]))?{_Q}?[\])]?{_Q}?"
    r"\s{0,9}(?:=>|->|:=|=|:(?!:))\s{0,9}(?:[|>][+-]?\s{1,9})?"
)
_NAMED = late(rf"{_Q}\s{{0,4}},?\s{{0,4}}{_Q}?(?i:value|val|content){_Q}?\s{{0,4}}(?:=>|[=:])\s{{0,4}}")
_LISTED = late(rf"{_Q}?\s{{0,4}}[,;]\s{{0,4}}(?:s:\d{{1,5}}:|<<)?(?=[ub]?{_Q})")
_ELEMENT = late(rf"(?:{_Q}|\s[^<>]{{0,200}})?(?:>|&gt;)")
_SPACED = late(
    rf"(?:\s(?:for|of)(?:\s[^\s=]{{1,40}}){{1,3}}?(?=\s(?:is|was)\s))?{_Q}?"
    rf"(?:\s{{1,9}}(?:is|was|to|by|as|TO|BY|AS|\|):?\s{{1,9}}|\s{{1,9}}\(?)(?=\S)"
)
_ENCODED_VALUE = late(repeated(r"(?!%(?:25)?(?:2[0267Cc]|3[Bb]|7[Dd]|0[AaDd]))[^\s&\"'<>,;]", "+"))
_ELEMENT_VALUE = late(r"[^<&]++")
_WRAPPED = late(rf"(?:(?:string\(\d{{1,5}}\)\s|(?:new\s)?[A-Z]\w{{0,31}}[({{]\s?|<<)?[ubrfBU@$]{{0,2}})(?={_Q})")
_IN_DOUBLE, _IN_SINGLE = repeated(r"[^\"\\]|\\."), repeated(r"[^'\\]|\\.|(?<=\w)''(?=\w)")
_QUOTED = late(
    r"(?:\\{1,7}\")(?P<escaped>(?:[^\"\\]|\\(?!\"))*?)(?:\\{1,7}\"|(?=\")|\Z)"
    r"|(?:\\{1,7}')(?P<escaped2>(?:[^'\\]|\\(?!'))*?)(?:\\{1,7}'|(?=')|\Z)"
    rf"|\"(?P<double>{_IN_DOUBLE})(?:\\?\Z|\")"
    rf"|'(?P<single>{_IN_SINGLE})(?:\\?\Z|')"
    r"|`(?P<tick>[^`]*+)(?:`|\Z)"
    r"|&(?:quot|apos|#3[49]|#x2[27]);(?P<html>[^&]*+)|\\{1,2}u002[27](?P<unicode>[^\\]*+)",
    re.DOTALL,
)
_LIST = late(r"\[[^\]\n]{0,512}\]|\((?=[ub]?[\"'])[^)\n]{0,512}\)")
_OBJECT = late(r"\{[^{}\n]{1,512}\}?")
_IN_OBJECT = late(rf"((?:[:=]|=>)\s{{0,4}}{_Q})([^\"'\\&]{{1,400}})")
_SCHEME = late(r"(?:Bearer|Basic|Token|Digest|ApiKey|Key)\s+(?:[\w-]+=\"[^\"]*\"?|[^\s,;\"'\\]+)")
_PAIRS = repeated(r"[\w-]{1,32}=(?:\\{0,7}\"[^\"]*+\"?|[^\s,\"]+)(?:,\s*)?", "+")
_HEADER = late(rf"[A-Za-z][\w-]{{1,31}}\s+(?:{_PAIRS}|(?=\S{{0,64}}[\d=])[^\s,;\"'\\]{{8,}})")
# A bracket, comma or quote belongs to a value without quotes where more of it follows, and no further name.
_BARE = late(
    repeated(
        r"[^\s,;&\"'`})\]\\<]|<(?!/)|\\(?![nrt](?:[\w.-]{1,64}\s?[=:]|\\|\Z)|[\"'])"
        r"|[,;&\"'`})\]](?=[\w!#$%*+/@^~-])(?![\w.\[\]%-]{1,64}[\"']?[=:])(?!amp;|quot;|apos;|lt;|gt;|#\w)",
        "+",
    )
)
_WORD = late(r"(?:v\d=|sha\d{1,3}=)?[\w+/.~%$!@#^&*-]{8,}={0,2}(?![=:\w])")
_PLAIN = late(r"(?=\D{0,64}\d)(?=[^A-Z]{0,64}[A-Z])(?=[^a-z]{0,64}[a-z])[\w+/=-]{8,}\Z|(?=\D{0,64}\d)[\w+/=-]{16,}\Z")
_PAIR_START = late(rf"[\[({{]\s?[ub]?{_Q}[\w.-]*\Z|[{{(]\s?[\w.-]*\Z")
_PAIR_END = late(rf"{_Q}?(?:>>)?\s?[\])}}]")
# To judge a value, this much of it is enough: all of it at each of many names would take the square of the time.
_LONGEST_JUDGED = 400
_MARK = "secret"
_BARE_START = late(r"[^\s,;&\"'`})\]]")


def without_secrets(text: str) -> str:
    """The text with a mark in place of each secret. Idempotent."""
    text = without_placed(without_forms(text))
    small = text.lower()
    if any(word in small for word in NAME_WORDS):
        text = _without_named(text, small if len(small) == len(text) else "".join(map(_small, text)))
    return without_key_body(text)


def _small(letter: str) -> str:
    return letter.lower() if letter.isascii() else letter


def _without_named(text: str, small: str) -> str:
    kept, done, place = [], 0, 0
    while found := NAMES.search(small, place):
        place = found.end()
        sure = sure_of(text, found.start(), place)
        span = None if sure is None else _value_of(text, found, sure)
        if span is not None:
            start, end, mark = span
            kept += [text[done:start], mark]
            done = place = end
    return "".join([*kept, text[done:]]) if kept else text


def _value_of(text: str, found: re.Match[str], sure: Sure) -> tuple[int, int, str] | None:
    """Where the secret beside a name stands, and what is to stand there. None where there is no secret."""
    suffix = _SUFFIX.match(text, found.end())
    assert suffix is not None
    name, at = found[0], suffix.end()
    if tells_about(found[0], suffix[0]):
        return None
    following = text[at : at + 1]
    if following in ("%", "+") and (between := _ENCODED.match(text, at)):
        return _bare(text, between.end(), name, sure, _ENCODED_VALUE)
    if following == "=" and (between := _ENCODED.match(text, at)) and "%" in between[0]:
        return _bare(text, between.end(), name, sure, _ENCODED_VALUE)
    if between := _NAMED.match(text, at):
        return _assigned(text, between.end(), name, sure, between[0])
    if between := _ASSIGNED.match(text, at):
        return _assigned(text, between.end(), name, sure, between[0])
    if between := _LISTED.match(text, at):
        return _listed(text, found.start(), between.end(), name, sure)
    if (between := _ELEMENT.match(text, at)) and _is_in_tag(text, found.start()):
        return _bare(text, between.end(), name, sure, _ELEMENT_VALUE)
    if between := _SPACED.match(text, at):
        return _spaced(text, between, name, sure)
    return None


def _bare(
    text: str, at: int, name: str, sure: Sure, pattern: re.Pattern[str], *, in_prose: bool = False
) -> tuple[int, int, str] | None:
    value = pattern.match(text, at, at + _LONGEST_JUDGED)
    if not value or not is_secret(name, sure, value[0].strip(), in_prose=in_prose):
        return None
    whole = pattern.match(text, at)
    return (at, whole.end(), REDACTED) if whole else None


def _quoted(text: str, at: int) -> tuple[int, int] | None:
    """Where the inner part of a quoted value stands."""
    wrapped = _WRAPPED.match(text, at)
    quoted = _QUOTED.match(text, wrapped.end()) if wrapped else None
    if quoted is None:
        return None
    group = next(
        name for name, inner in quoted.groupdict().items() if inner is not None and not name.startswith("open")
    )
    return quoted.span(group)


def _assigned(text: str, at: int, name: str, sure: Sure, between: str) -> tuple[int, int, str] | None:
    if name == "code" and between != "=":
        return None
    if inner := _quoted(text, at):
        return (*inner, REDACTED) if is_secret(name, sure, text[slice(*inner)]) else None
    first = text[at : at + 1]
    if first == "{" and sure in (Sure.YES, Sure.PASSWORD) and (value := _OBJECT.match(text, at)):
        inside = _IN_OBJECT.sub(lambda each: _in_object(each, name, sure), value[0])
        if inside != value[0] or re.search("[:=]", inside):
            return (at, value.end(), inside) if inside != value[0] else None
    if first in ("[", "(") and (value := _LIST.match(text, at)):
        words = [word.strip() for word in value[0][1:-1].split(",")]
        is_one = any(_is_listed_secret(name, sure, word) for word in words)
        return (at, value.end(), REDACTED) if is_one else None
    pattern = _HEADER if name.startswith("authori") else _SCHEME
    if value := pattern.match(text, at):
        return (at, value.end(), REDACTED)
    if not _BARE_START.match(text, at):
        return None
    in_prose = between.endswith((": ", ":\t")) and not between.startswith(('"', "'"))
    if in_prose and "::" in text[max(0, at - 64) : at] and text[at].isupper():
        return None  # a class of an exception, and its message
    return _bare(text, at, name, sure, _BARE, in_prose=in_prose)


def _is_listed_secret(name: str, sure: Sure, word: str) -> bool:
    inner = word.strip("ub\"'\\")
    return is_secret(name, sure, inner) and (inner != word or sure is Sure.PASSWORD or is_made_up(inner))


def _in_object(found: re.Match[str], name: str, sure: Sure) -> str:
    value = found[2]
    is_one = is_made_up(value) or (sure is Sure.PASSWORD and is_secret(name, sure, value))
    return f"{found[1]}{REDACTED}" if is_one else found[0]


def _listed(text: str, start: int, at: int, name: str, sure: Sure) -> tuple[int, int, str] | None:
    """`["password", "V"]`, `define('DB_PASSWORD', 'V')`: a pair in brackets, or a value that looks made up."""
    inner = _quoted(text, at)
    if inner is None:
        return None
    value = text[slice(*inner)]
    is_pair = bool(_PAIR_START.search(text, max(0, start - 80), start)) and bool(_PAIR_END.match(text, inner[1]))
    is_one = any(map(is_made_up, value.split())) or (is_pair and not NAMES.search(value.lower()))
    return (*inner, REDACTED) if is_one and is_secret(name, sure, value) else None


def _spaced(text: str, between: re.Match[str], name: str, sure: Sure) -> tuple[int, int, str] | None:
    """`PASSWORD 'V'` of SQL, `the password is V`: only what is quoted, or looks made up."""
    if sure not in (Sure.YES, Sure.PASSWORD):
        return None
    at = between.end()
    if inner := _quoted(text, at):
        value = text[slice(*inner)]
        is_one = is_made_up(value) or (sure is Sure.PASSWORD and not re.search(r"\s", value))
        return (*inner, REDACTED) if is_one and is_secret(name, sure, value) else None
    word = _WORD.match(text, at)
    if not word or not is_made_up(word[0]):
        return None
    is_said = between[0].strip(" \t\"'`") != "" or text[at - 1] == "\t"
    return (at, word.end(), REDACTED) if is_said or _PLAIN.match(word[0]) else None


def _is_mark(text: str, start: int) -> bool:
    """Whether <secret> is the mark of a template (logs/patterns): it opens no value, and nothing closes it."""
    behind = text[start + len(_MARK) + 1 : start + len(_MARK) + 2]
    return text.startswith(f"<{_MARK}", start - 1) and not behind.isalnum() and f"</{_MARK}" not in text[start:]


def _is_in_tag(text: str, start: int) -> bool:
    """Whether the name stands in a tag of XML that begins an element and is not closed yet."""
    before = text[max(0, start - 120) : start]
    if text.startswith(">", start + len(_MARK)) and _is_mark(text, start):
        return False
    opened = max(before.rfind("<"), before.rfind("&lt;"))
    return opened >= 0 and ">" not in before[opened:] and not before.startswith(("</", "&lt;/"), opened)
