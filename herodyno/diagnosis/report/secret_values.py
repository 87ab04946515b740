"""How sure each name beside a secret is, and the values that are none.

Beside a sure name every value is a secret that is not known to be none. Beside the others (key, salt, auth …) only a
value that looks made up is one: `cache_key=products/17` stays.
"""

from __future__ import annotations

import re
from enum import Enum

from herodyno.logs.late_patterns import late


class Sure(Enum):
    """What a value beside a name must be to count as a secret."""

    PASSWORD = "anything, numbers too"  # noqa: S105 - what counts, no password
    YES = "anything but a count or a state"
    PASS = "anything but a number or a word of prose"  # noqa: S105
    MADE_UP = "letters and digits"
    LONG = "16 or more letters and digits"
    STRICT = "12 or more small letters, great letters and digits"
    DIGITS = "3 to 8 digits"


# Words of common use are names only where they stand alone: `DBPASS`, `userPass`, `db-pass`, but not `compass`.
_SHORT = {
    "pass": Sure.PASS, "pwd": Sure.PASSWORD, "pw": Sure.PASSWORD, "otp": Sure.PASSWORD,
    "key": Sure.STRICT, "keys": Sure.STRICT,
    "sid": Sure.STRICT, "jwt": Sure.MADE_UP, "bearer": Sure.MADE_UP, "pepper": Sure.MADE_UP, "salt": Sure.MADE_UP,
    "hmac": Sure.LONG, "sig": Sure.LONG, "pin": Sure.DIGITS, "cvv": Sure.DIGITS, "cvc": Sure.DIGITS,
    "auth": Sure.MADE_UP, "sk": Sure.STRICT, "pk": Sure.STRICT, "code": Sure.STRICT,
}  # fmt: skip
_PASSWORD = late(r"pass(?:word|wort|wd|phrase|code)e?\Z|senha|contrase|mot[_ ]?de|identified")
_IN_CAPITALS = late(r"(?:BY|COM|TRES|SUR|ENCOM)\Z")  # BYPASS, COMPASS
_KEYS_OF_DATA = late(r"(?:CACHE|PARTITION|PRIMARY|FOREIGN|SORT|ROUTING|IDEMPOTENCY|PUBLIC|OBJECT)_\Z")
# The last part of a name that tells about a secret, and holds none.
_TELLS_ABOUT = late(
    r"(?:count|length|len|size|type|kind|times?|timeout|ttl|age|expiry|expires|expires_?in|expiration|_at|_on|[a-z]ed_?at|ur[li]s?"
    r"|endpoint|path|file|filename|names?|store|domain|method|policy|limit|usage|duration|version|status|state|fail|failed|failure|errors?|exception|warning|valid"
    r"|required|enabled|present|set|exists|fields?|params?|prefix|format|algorithm|strength|min|max|attempts|retries"
    r"|per_[a-z]{1,9}|ms|seconds|secs|bytes|kb|mb|hits|misses|less|service|manager|provider|generator|arn|region|port|reads?"
    r"|used|remaining|total|rate|cost|controller|middleware|serializer|handler|factory"
    r"|\.(?:[cm]?[jt]sx?|rb|py|go|java|kt|php|exs?|rs|cs|erb|html?|ya?ml|json|vue|s?css|scala|clj|lua|pl))\Z"
)

_STATES = (
    "true|false|null|nil|none|undefined|nan|yes|no|on|off|ok|okay|success(?:ful)?|succeeded|passed|fail(?:ed|ure)?|errors?"
    "|missing|invalid|expire[ds]?|rejected|accepted|created|required|optional|present|absent|(?:un)?set|empty|blank|revoked"
    "|denied|granted|refused|wrong|incorrect|mismatch(?:ed)?|matched|changed|reset|updated|rotated|deleted|destroyed|removed"
    "|started|stopped|closed|opened|ended|(?:in)?valid|verified|enabled|disabled|unknown|(?:un)?authori[sz]ed|forbidden|default"
    "|hidden|filtered|redacted|masked|not|is|are|was|were|has|have|had|must|can|can't|cannot|could|should|does|doesn't|do"
    "|don't|didn't|too|may|will|please|enter|this|needs?|at|if|when|string|str|text|varchar|integer|int|bool(?:ean)?|object"
    "|nonetype|bytes|uuid|function|bearer|oauth2?|found|loaded|malformed|ignored|cleared|(?:un)?authenticated|anonymous"
    "|lax|strict|unspecified|n/a"
    r"|sha\d{1,3}with\w{1,12}|(?:rsa|ecdsa|dsa|hmac|ed25519|sha|md5|aes|[hre]s)-?(?:sha)?-?\d{0,3}(?:-\w{1,8}){0,2}"
)
_NO_VALUE = late(
    rf"\[[\w -]*\]|[x*•.]{{3,}}|\*+|(?:{_STATES})[.!?:]?|<(?:[a-z]{{1,16}}[ _-]?){{0,3}}>|%[sdvqr]"
    r"|[{\[(<]|\{\}|-+|\?+|:[a-z_]+"
    r"|\$\{?(?-i:[A-Z_][A-Z0-9_]+)\}?|[{%]\{ ?[\w.-]+ ?\}\}|\(?\d{1,4}"
    r"|\d+(?::\d+)+\)?|0x[0-9a-f]{1,16}|\$\d{1,3}|%\(\w+\)s|\d+(?:\.\d+)?(?:ms|s|m|h|d|%|kb|mb)"
    r"|(?:self|this|params|request|req|settings|config|os\.environ|process\.env|env|getenv|current_user)[.(\[]\S{0,200}"
    # An object of Java, by its class and its place in memory.
    r"|(?-i:(?:[a-z]\w{0,64}\.){0,16}[A-Z][A-Za-z]{1,64})[@{][0-9a-f]{5,8}",
    re.IGNORECASE,
)
_SENTENCE = late(
    r"(?:is|are|was|were|must|can't|can ?not|has|have|should|does|do not|don't|didn't|this field|please|enter|required"
    r"|invalid|missing|incorrect|wrong|expired|too|at least|may|will|needs)\s",
    re.IGNORECASE,
)
_OF_SESSIONS = late(r"(?:id|ids|key|value|data|cookie|string|hash)\Z")
_NUMBER = late(r"\d+(?:\.\d+)?")
# Numbers of sessions that someone counts. A session that opens a door has letters.
_COUNTERS = late(r"\d{1,16}(?:[_.:-]\d{1,16}){0,4}")
_PROSE = late(r"(?:[A-Za-z][a-z']{0,15}|[A-Z]{2,12})[.,:!]?")

_MADE_UP = late(r"(?=[^\d]{0,128}\d)(?=[^A-Za-z]{0,128}[A-Za-z])[\w+/.~%$!@#^&*=:-]{8,}\Z")
_STRICT = late(r"(?=[^\d]{0,128}\d)(?=[^A-Z]{0,128}[A-Z])(?=[^a-z]{0,128}[a-z])[\w+/~=%-]{12,}\Z")
_KNOWN = late(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d|v?\d+\.\d|[a-z_]+\.\d+\Z|0x[0-9a-f]{1,16}\b|(?-i:[A-Z]{2}[0-9a-f]{32})\Z|(?:hmac-?)?sha-?\d"
    r"|[a-z]{2,9}://|[\w.-]{1,64}:\d{1,5}\Z",
    re.IGNORECASE,
)


def sure_of(text: str, start: int, end: int) -> Sure | None:
    """How sure the name at text[start:end] is. None where it is a part of another word."""
    word = text[start:end]
    small = word.lower()
    if small not in _SHORT:
        return Sure.PASSWORD if _PASSWORD.match(small) else Sure.YES
    before, after = text[start - 1 : start], text[end : end + 1]
    capitals = word.isupper()
    if after.isalpha() and (capitals or after.islower()):
        return None
    if before.isalpha():
        if capitals and before.isupper():
            if small != "pass" or _IN_CAPITALS.search(text[max(0, start - 5) : start]):
                return None
        elif not (word[0].isupper() and before.islower()):
            return None
    if (
        capitals
        and before == "_"
        and small in ("key", "sk")
        and not _KEYS_OF_DATA.search(text[max(0, start - 12) : start])
    ):
        return Sure.YES
    if small == "sid" and not (before.isalnum() or before in ("_", "-")):
        return Sure.LONG
    return _SHORT[small]


def tells_about(name: str, suffix: str) -> bool:
    """Whether the rest of a name says that its value is no secret: `token_type`, `SessionTracker`."""
    if not suffix:
        return False
    if name in ("session", "sessions") and not _OF_SESSIONS.search(suffix.lower()):
        return True
    return bool(_TELLS_ABOUT.search(suffix.lower()))


def is_made_up(value: str) -> bool:
    """Whether a value has letters and digits in one piece, and is no UUID, version, time, dyno or address."""
    return bool(_MADE_UP.match(value)) and not _KNOWN.match(value)


def is_secret(name: str, sure: Sure, value: str, *, in_prose: bool = False) -> bool:
    """Whether the value beside a name is a secret. `in_prose`: it stands unquoted behind a colon and a blank."""
    if not value or "[redacted]" in value or value == "[token]":
        return False
    if sure is Sure.DIGITS:
        return bool(_STRICT.match(value)) or (value.isdigit() and (4 if name == "pin" else 3) <= len(value) <= 8)
    if sure is Sure.STRICT:
        return bool(_STRICT.match(value)) and not _KNOWN.match(value) and (name != "code" or len(value) >= 16)
    if sure in (Sure.MADE_UP, Sure.LONG):
        return is_made_up(value) and (sure is Sure.MADE_UP or len(value) >= 16)
    if sure is Sure.PASSWORD and value.isdigit():
        return True
    if _NO_VALUE.fullmatch(value) or (name == "pwd" and value[0] in "/~"):
        return False
    if _SENTENCE.match(value) and not any(map(is_made_up, value.split())):
        return False
    if name.startswith("sess") and _COUNTERS.fullmatch(value):
        return False
    if _NUMBER.fullmatch(value) and (sure is Sure.PASS or name.endswith("s")):
        return False
    return not (in_prose and sure is not Sure.PASSWORD and _PROSE.fullmatch(value))
