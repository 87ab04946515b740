"""Secrets that are known by their place: in URLs, cookies, command lines, and the values of an SQL statement."""

from __future__ import annotations

import re

from herodyno.diagnosis.report.secret_forms import REDACTED
from herodyno.logs.late_patterns import late

_SCHEME = r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://"
# A password may hold "@" and "/": it ends at the last "@" of the host, and what begins like a port is none.
_USERINFO = late(
    rf"({_SCHEME}|(?<![\w:/])//)(?:[^\s/@:\"'<>?]{{0,256}}:(?:[^\s/\"'<>]{{0,512}}@|(?!\d{{1,5}}[/?#,;])[^\s\"'<>@]{{1,512}}@)"
    r"|(?=[^\s@]{0,64}\d)[^\s/@:\"'<>?]{12,512}@)"
)
_CUT_USERINFO = late(
    rf"({_SCHEME})[^\s/@:\"'<>?\[]{{0,256}}:(?=[^\d\s]|\d{{1,20}}[A-Za-z])[^\s/@\"'<>{{}}$,;\[]{{6,512}}\Z"
)
_PACKED_USERINFO = late(r"(?i)(%3A%2F%2F)[\w.%~+-]{0,128}?%3A[^\s&\"'/]{1,256}?(%40)")
_COOKIES = late(
    r"(?i)((?<!\w)(?:set-)?cookies?(?:\\{0,7}[\"'])?\s{0,9}(?:=>|[:=])\s{0,9}(?:\[\s?)?)(\\{1,7}\"|[\"']?)(?![\[{])"
    r"((?:[^\s\"'\\]|\s(?=[\w.-]{1,64}=))+)"
)
_COUNTED = late(r"\d{1,6}\s")
_FLAG = r"(?:(?<=\s)|(?<=[\"'`]))"
# What may stand between an option and its value: a blank, "=", or the next word of a list.
_THEN = r"(?:[= ]|\\{0,3}[\"'],\s?(?=\\{0,3}[\"']))"
_OPTION = late(
    rf"(?i)((?:{_FLAG}--(?![\w-]*(?:file|path|stdin|no-|without-)\b)[\w.-]{{0,32}}(?:pass(?:word|wd|phrase|code)?(?![a-z])|secret"
    r"|token(?!i)|(?:api|access|private|secret|auth|encryption|master)-?key|credential|cookie|session-?(?:id|key|token))"
    rf"[\w-]{{0,32}}{_THEN})|\bsshpass -p ?|\bredis-cli [^|;]{{0,64}}?-a "
    r"|\bopenssl [^|;]{0,64}?-(?:k|passin|passout) )"
    r"(\\{0,3}\"[^\"\\]*\\{0,3}\"?|'[^']*'?|(?!-)[^\s`\"']+)"
)
_LOGIN = late(rf"({_FLAG}(?:-u|--user|--proxy-user|--basic){_THEN}?\\{{0,3}}[\"']?)([^\s:\"'/]{{1,64}}):([^\s\"'\\]+)")
_USER_THEN_PASSWORD = late(r"(\s(?:-u|-U|--user(?:name)?)[ =]\S{1,128} -[pP] )((?!-)[^\s`\"']+)")
_SHORT_OPTION = late(rf"({_FLAG}-[pP])(?=\S{{0,64}}\d)(?=\S{{0,64}}[A-Za-z])([^\s/:.\"'`-][^\s\"'`/]{{7,}})")
_SPACED_OPTION = late(
    rf"({_FLAG}(?:-[pPWka]|--auth|--login|--pw|--[\w-]{{0,32}}key)[ =])"
    r"(?=\S{0,64}\d)(?=\S{0,64}[A-Z])(?=\S{0,64}[a-z])"
    r"([^\s/:.\"'`-][^\s/:.\"'`]{9,})"
)
_CONFIG_VARS = late(r"(\bconfig:(?:set|add)\s)([^\n|;`]{1,2000})")
_CONFIG_VAR = late(r"(\b[A-Za-z_]\w{0,64}=)(\"[^\"]*\"?|'[^']*'?|[^\s\"']+)")
_LINK = late(
    r"(?i)(/[\w-]{0,64}(?:reset|confirm|verify|verification|invit|unlock|activat|token|magic|unsubscribe|password|login|signin)"
    r"[\w-]{0,64}/)(?=[\w.~-]{0,64}\d)(?![0-9a-f]{8}-[0-9a-f]{4}-)([\w.~-]{16,})"
)
_LINK_WORDS = (
    "reset", "confirm", "verif", "invit", "unlock", "activat", "token", "magic", "unsubscribe", "password", "login",
    "signin",
)  # fmt: skip
_VALUE_FIRST = late(
    r"(?i)((?P<quote>\\{0,3}\")value(?P=quote)\s?:\s?(?P=quote))[^\"\\]{1,512}((?P=quote)\s?,\s?(?P=quote)(?:name|key|field)(?P=quote)\s?:\s?"
    r"(?P=quote)[\w.-]{0,64}(?:pass|pwd|secret|token|api_?key|_key|credential)[\w.-]{0,64}(?P=quote))"
)
_INSERTED = late(r"(?i)(insert\s{1,4}into\s[^(]{1,128}\(([^)]{1,1000})\)\s{0,4}values\s{0,4}\()([^\n]*)")
_SECRET_COLUMN = late(r"(?i)pass|pwd|secret|token|api_?key")
# The commands of Redis, FTP, POP and IMAP; ~/.pgpass; a DSN of Go's.
_COMMAND = late(
    r"(\b(?:AUTH(?:\"?\s\"?(?:PLAIN|LOGIN|XOAUTH2|[a-z]\w{0,31}))?|requirepass)\"?\s\"?)(?=\S{0,64}\d)"
    r"(?=\S{0,64}[A-Za-z])([^\s\"'()]{8,})"
    r"|(\b(?:PASS|LOGIN\s\S{1,64})\s\"?)(?=\S{0,64}\d)(?=\S{0,64}[A-Z])(?=\S{0,64}[a-z])([^\s\"'()./]{8,})"
)
_PGPASS = late(r"([\w.*]:\d{2,5}:[A-Za-z*][\w-]{0,63}:[A-Za-z][\w-]{0,63}:)(?=\S{0,64}\d)(?=\S{0,64}[A-Za-z])(\S{8,})")
_DSN = late(
    r"(?<![\w/.:-])(?!mailto)([A-Za-z][\w.-]{0,63}:)(?=[^\s@]{0,256}\d|[^\s@]{1,256}@(?:tcp|unix)\()([^\s:@/\"']{1,256})@(?!sha\d)(?=[A-Za-z][\w.-]{0,127}[(:/])"
)
# PHP shows the arguments of the calls in a trace; a shell pipes a password into what asks for it.
_CONNECTED = late(
    r"(\b(?:(?:PDO|mysqli|mysqli?_connect)(?:->__construct)?\((?:'[^']{0,256}',\s?){2}'"
    r"|(?:HTTP)?(?:Basic|Digest)Auth\(b?[\"'][^\"']{0,256}[\"'],\s?b?[\"']))([^\"']+)"
)
_PIPED = late(r"(\becho\s(?:-n\s)?)([^\s|]{1,256})(?=\s*\|[^|]{0,256}(?:-stdin|--with-token|sudo -S))")
_COMMAND_WORDS = ("AUTH", "PASS ", "LOGIN ", "requirepass")
_SQL_TEXT = late(r"'(?:[^']|'')*(?:'|\Z)")


def without_placed(text: str) -> str:
    """The text with a mark in place of each secret that its place gives away."""
    if "//" in text:
        text = _USERINFO.sub(rf"\1{REDACTED}@", text)
        text = _CUT_USERINFO.sub(rf"\1{REDACTED}", text)
    elif "%3" in text:
        text = _PACKED_USERINFO.sub(rf"\1{REDACTED}\2", text)
    small = text.lower()
    if "cookie" in small:
        text = _COOKIES.sub(_keep_cookie_name, text)
    if " -" in text or '"-' in text or "'-" in text or "`-" in text:
        text = _LOGIN.sub(rf"\1\2:{REDACTED}", text)
        text = _OPTION.sub(_keep_option, text)
        text = _USER_THEN_PASSWORD.sub(rf"\1{REDACTED}", text)
        text = _SHORT_OPTION.sub(rf"\1{REDACTED}", text)
        text = _SPACED_OPTION.sub(rf"\1{REDACTED}", text)
    if "config:" in small:
        text = _CONFIG_VARS.sub(lambda found: found[1] + _CONFIG_VAR.sub(rf"\1{REDACTED}", found[2]), text)
    if "/" in text and any(word in small for word in _LINK_WORDS):
        text = _LINK.sub(rf"\1{REDACTED}", text)
    if "connect(" in text or "->__construct(" in text or "Auth(" in text:
        text = _CONNECTED.sub(rf"\1{REDACTED}", text)
    if any(word in text for word in _COMMAND_WORDS):
        text = _COMMAND.sub(lambda found: f"{found[1] or found[3]}{REDACTED}", text)
    if "@" in text:
        text = _DSN.sub(rf"\1{REDACTED}@", text)
    if ":" in text and "pgpass" in small:
        text = _PGPASS.sub(rf"\1{REDACTED}", text)
    if "echo " in text:
        text = _PIPED.sub(rf"\1{REDACTED}", text)
    if "value" in small:
        text = _VALUE_FIRST.sub(rf"\1{REDACTED}\3", text)
    if "insert" in small:
        text = _INSERTED.sub(_keep_columns, text)
    return text


def _keep_cookie_name(found: re.Match[str]) -> str:
    if _COUNTED.match(found[3]):
        return found[0]
    is_none = found[3].startswith(REDACTED) or ("=" not in found[3] and len(found[3]) < 12)
    return found[0] if is_none else f"{found[1]}{found[2]}{REDACTED}"


def _keep_columns(found: re.Match[str]) -> str:
    values = _SQL_TEXT.sub(f"'{REDACTED}'", found[3]) if _SECRET_COLUMN.search(found[2]) else found[3]
    return found[1] + values


def _keep_option(found: re.Match[str]) -> str:
    value = found[2].strip("\\\"'")
    return found[0] if not value or value.startswith(("$", REDACTED)) else f"{found[1]}{REDACTED}"
