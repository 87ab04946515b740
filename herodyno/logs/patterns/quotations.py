"""A quotation stays where it says what happened: a message of a record, plain words. Else a mark stands for it."""

from __future__ import annotations

import re

from herodyno.logs.late_patterns import late
from herodyno.logs.patterns.word_marks import ID, TEXT, TIME, TIME_FORM
from herodyno.logs.possessive import repeated
from herodyno.logs.secret_names import SECRET_NAME

_IN_QUOTES = repeated(r"[^\"\\]|\\.", "{0,400}")
QUOTED = late(r"\"" + _IN_QUOTES + r"(?:\"|$)|(?<![\w'])'[^']{0,400}+'(?!\w)|`[^`']{0,400}+[`']")
QUOTES = frozenset("\"'`")
# A value of Ruby or Python that names what it is: 'basket:17' keeps its first word.
_NAMED = late(r"([\"'`])([A-Za-z_]{1,24}[:/])\d[\w:.-]{0,80}[\"'`]")
_JSON_PAIR = late(r"\"([\w.@-]{1,60})\" ?: ?(\"" + _IN_QUOTES + r"(?:\"|$)|[\[{]|[^\s,}\]\"]{1,80})")
# The values of these keys say what a line of JSON tells.
_TELLING_KEYS = frozenset(
    ("msg", "message", "event", "level", "severity", "lvl", "error", "err", "type", "kind", "logger", "name", "status",
     "code", "reason", "action", "method", "outcome", "state", "result", "cause", "exception", "desc",
     "error.message", "error.type", "exception.message", "log.level", "error_message", "error_code")
)  # fmt: skip
# What stands before a value that is named, and before a name of Python: msg="...", {'state': '...'}.
_NAME_BEFORE = late(r"(?:^|[\s{,(;])[\"']?([\w.@-]{1,60})[\"']?(?:=|[\"']: ?)$")
_NAMES_BEGIN = late(r"[{,]\s?$")
# A quotation in plain words says what happened. One word, or several with great letters, may be a name.
_PLAIN_WORDS = late(r"[A-Z]?[a-z]{1,20}(?:[,:]? [a-z]{1,20}){1,7}[.!?]?")
_LONGEST_BEFORE = 60


def quoted(found: re.Match[str]) -> str:
    """What stands for a quotation: itself where it says what happened, else a mark between its quotes."""
    value = found[0]
    if named := _NAMED.fullmatch(value):
        return f"{named[1]}{named[2]}{ID}{named[1]}"
    inner, before = value[1:-1], found.string[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
    if TIME_FORM.fullmatch(inner) and ":" in inner:
        return f"{value[0]}{TIME}{value[0]}"
    name = _NAME_BEFORE.search(before)
    if name and name[1].lower() in _TELLING_KEYS and value[-1] == value[0]:
        return f"{value[0]}{_inside(inner)}{value[0]}"
    is_name = found.string[found.end() : found.end() + 1] == ":" and _NAMES_BEGIN.search(before)
    if is_name or (not name and _PLAIN_WORDS.fullmatch(inner) and not SECRET_NAME.search(before)):
        return value
    return f"{value[0]}{TEXT}{value[-1] if value[-1] in QUOTES else value[0]}"


def _inside(value: str) -> str:
    """A quoted value that says what happened, with the quotations in it masked."""
    return QUOTED.sub(quoted, value.replace('\\"', '"'))


def pairs_of_json(text: str) -> str:
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
