"""Finds what opens a door in any text: values beside the names of secrets, and secrets that are known by their form.

Values stand beside their names as NAME=V, `name: V`, JSON (also inside a JSON text), Ruby hashes, Python dicts, YAML,
headers, shell options. Forms are those that each vendor documents for its tokens. A package of such patterns
(detect-secrets) was weighed: it looks through source files with plugins and entropy, keeps no text around a find, and
takes 60 ms to import.
"""

from __future__ import annotations

import re

REDACTED, TOKEN = "[redacted]", "[token]"

_FORMS = re.compile(
    r"""HRKU-[0-9A-Za-z_-]{8,}                             # Heroku
    |\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_.-]*)?  # JWT
    |\b(?:AKIA|ASIA)[0-9A-Z]{12,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}
    |\bgh[pousr]_[0-9A-Za-z]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}
    |\b(?:sk|rk)_(?:live|test)_\w{8,}|\bwhsec_[\w+/=]{8,}|\bsk-[\w-]{20,}
    |\bxox[abeprs]-[\w-]{8,}|\bxapp-[\w-]{8,}|\bSG\.[\w-]{16,}\.[\w-]{16,}
    |\b(?:npm|shpat|shpss|dckr_pat|hf|dop_v1|pat)_[0-9A-Za-z_-]{20,}|\bkey-[0-9a-f]{32}\b|\bSK[0-9a-f]{32}\b
    |(?<=/bot)\d{6,12}:[\w-]{30,}|\b\d{8,12}:AA[\w-]{30,}  # Telegram
    |(?<=hooks\.slack\.com/services/)[\w/]{20,}|(?<=/api/webhooks/)\d{10,}/[\w-]{20,}
    |\b(?:Bearer|Basic)\s+[0-9A-Za-z._~+/=-]{8,}""",
    re.VERBOSE,
)
_DRAIN = re.compile(r"d\.[0-9a-f]{8}-[0-9a-f-]{27}")
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,32}PRIVATE KEY-----|$)", re.DOTALL
)
# A private key over several log lines: one line of its body is all that a line holds.
_KEY_LINE = 64
_KEY_BODY = re.compile(
    rf"(?m)(?:^|(?<=\s))(?=\S{{0,64}}[A-Z])(?=\S{{0,64}}[a-z])(?=\S{{0,64}}\d)[A-Za-z0-9+/]{{{_KEY_LINE}}}={{0,2}}$"
)
_USERINFO = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)(?:[^\s/@:\"']*:[^\s/@]+|[^\s/@:\"']{12,})@")

_NAME = (
    r"(?:pass(?:word|wd|phrase|code)|(?<![a-z])pwd|(?<=_)pass(?![a-z])|secret(?!ar)|token(?!iz)|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|(?-i:(?<=[A-Z]_)KEY(?![a-z]))|authorization|credential|cookie|session(?![_-]?(?:count|time|length|size))"
    r"|csrf|xsrf|signature|otp(?![a-z])|(?<![a-z])auth(?=[_-]?(?:key|code|hash)))"
)
_VALUE = (
    r"\\{1,7}\"(?:[^\"\\]|\\(?!\"))*\\{1,7}\"|\"(?:[^\"\\]|\\.)*\"|u?'(?:[^'\\]|\\.)*'"
    r"|\[[^\]\n]{0,2000}\]|(?:Bearer|Basic|Token|Digest)\s+[^\s,;\"']+(?:\"[^\"]*\")?|[^\s,;&\"'`}\)]+"
)
_PAIR = re.compile(
    rf"(?i:({_NAME}[\w.-]{{0,64}}))"
    rf"((?:\\{{0,7}}[\"'])?\]?\s{{0,9}}(?:=>|[=:])\s{{0,9}}|\s(?:is|was)\s(?=\S*\d)(?=\S{{8}}))({_VALUE})"
)
_COOKIES = re.compile(
    r"(?i)((?:set-)?cookie(?:\\{0,7}[\"'])?\s{0,9}(?:=>|[:=])\s{0,9})(\\{1,7}\"|[\"']?)(?!\[)((?:[^\s\"'\\]|\s(?=[\w.-]+=))+)"
)
_OPTION = re.compile(
    rf"(?i)((?<=\s)--(?![\w-]*(?:file|path|stdin))[\w-]{{0,32}}{_NAME}[\w-]{{0,32}}[= ]|\bsshpass -p "
    r"|\bredis-cli [^|;]{0,64}?-a )(\"[^\"]*\"|'[^']*'|(?!-)[^\s`]+)"
)
_LOGIN = re.compile(r"((?<=\s)(?:-u|--user|--proxy-user)[= ]?[\"']?)([^\s:\"']{1,64}):([^\s\"']+)")
_SHORT_OPTION = re.compile(r"(?<=\s)-p(?=\S*\d)(?=\S*[A-Za-z])[^\s/:.-]\S{7,}")
_LINK = re.compile(
    r"(?i)(/[\w-]*(?:reset|confirm|verify|verification|invit|unlock|activat|token|magic|unsubscribe|password)[\w-]*/)"
    r"(?=[\w.~-]*\d)(?![0-9a-f]{8}-[0-9a-f]{4}-)([\w.~-]{16,})"
)
# A text without any of these words holds no such secret. To look for words takes a tenth of the time of a pattern.
_FORM_WORDS = (
    "HRKU-", "eyJ", "AKIA", "ASIA", "AIza", "ya29.", "gh", "glpat-", "_live_", "_test_", "whsec_", "sk-", "xox",
    "xapp-", "SG.", "npm_", "shp", "dckr_pat_", "hf_", "dop_v1_", "pat_", "key-", "SK", "/bot", ":AA", "hooks.slack",
    "webhooks", "Bearer", "Basic",
)  # fmt: skip
_NAME_WORDS = (
    "pass", "pwd", "secret", "token", "key", "authorization", "credential", "cookie", "session", "csrf", "xsrf",
    "signature", "otp", "auth",
)  # fmt: skip
_LINK_WORDS = ("reset", "confirm", "verif", "invit", "unlock", "activat", "token", "magic", "unsubscribe", "password")
# Values that are none: what a form holds when it is empty, and counts.
_NO_VALUE = re.compile(r"(?i)\[[\w -]*\]|\*+|true|false|null|nil|none|undefined|yes|no|\d{1,4}|\{|\[")
_NEVER = re.compile(r"(?i)pass(?!words?\Z)|password\Z|pwd|otp")  # with these names a short number is a value


def without_secrets(text: str) -> str:
    """The text with a mark in place of each secret. Idempotent."""
    if "-----BEGIN" in text:
        text = _PRIVATE_KEY.sub(REDACTED, text)
    if "@" in text:
        text = _USERINFO.sub(rf"\1{REDACTED}@", text)
    if _has(text, _FORM_WORDS):
        text = _FORMS.sub(TOKEN, text)
    if "d." in text:  # A frame of 2012 is known by the drain's token in it, so the first letter of the token stays.
        text = _DRAIN.sub(f"d.{TOKEN}", text)
    small = text.lower()
    if "cookie" in small:
        text = _COOKIES.sub(_keep_cookie_name, text)
    if _has(small, _NAME_WORDS):
        text = _PAIR.sub(_keep_name, text)
    if " -" in text:
        text = _LOGIN.sub(rf"\1\2:{REDACTED}", text)
        text = _OPTION.sub(_keep_option, text)
        text = _SHORT_OPTION.sub(f"-p{REDACTED}", text)
    if "/" in text and _has(small, _LINK_WORDS):
        text = _LINK.sub(rf"\1{REDACTED}", text)
    return _KEY_BODY.sub(REDACTED, text) if len(text) >= _KEY_LINE else text


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _keep_name(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    quote = re.match(r"u?(\\*[\"'])", value)
    inner = value[quote.end() : -len(quote[1])] if quote and len(value) > quote.end() else value
    is_count = inner.isdigit() and not _NEVER.search(name)
    if not inner or (_NO_VALUE.fullmatch(inner) and (is_count or not inner.isdigit())):
        return found[0]
    return f"{name}{between}{quote[0]}{REDACTED}{quote[1]}" if quote else f"{name}{between}{REDACTED}"


def _keep_cookie_name(found: re.Match[str]) -> str:
    value = found[3]
    return found[0] if _NO_VALUE.fullmatch(value) else f"{found[1]}{found[2]}{REDACTED}"


def _keep_option(found: re.Match[str]) -> str:
    return found[0] if _NO_VALUE.fullmatch(found[2]) else f"{found[1]}{REDACTED}"
