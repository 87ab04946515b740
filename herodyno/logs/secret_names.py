"""The names beside which secrets stand: one list, for the redaction of lines and for the masks of their patterns."""

from __future__ import annotations

import re

from herodyno.logs.late_patterns import late

_KEYS = (
    "api", "access", "private", "encrypt", "encryption", "account", "license", "licence", "master", "shared",
    "signing", "sentry", "deploy", "consumer", "app", "application", "client", "stripe", "auth", "hmac", "jwt",
    "cipher", "crypto", "ssh", "server", "secret", "service", "webhook",
)  # fmt: skip
_SPACED_KEYS = (
    "api", "access", "private", "secret", "encryption", "master", "license", "licence", "signing",
)  # fmt: skip
_OWNERS = (
    "auth", "priv", "db", "user", "smtp", "ftp", "root", "admin", "mail", "key", "store", "http", "proxy", "login",
    "app", "redis", "mysql", "pg",
)  # fmt: skip
_WORDS = (
    r"pass(?:words?|worte?|wd|phrases?|codes?)",
    *(f"{owner}[_-]?keys?" for owner in _KEYS),
    *(f"{owner} keys?" for owner in _SPACED_KEYS),
    *(f"{owner}pass(?![a-z])" for owner in _OWNERS),
    r"secrets?(?!ar)", r"tokens?(?!i[sz])", "authori[sz]ation", "credentials?", "cookies?", r"connect\.sid",
    "sess(?:ion)?_?id", "sessions?", "csrf", "xsrf", "signature", "senha", "contrase.a", "mot[_ ]?de[_ ]?passe",
    "identified(?= )", "auth[_-]?(?:code|hash)",
)  # fmt: skip
# Words of common use too: what stands around one, or its value, says whether it is the name of a secret.
SHORT = (
    "pass", "pwd", "pw", "otp", "keys", "key", "sid", "jwt", "bearer", "pepper", "salt", "hmac", "sig", "pin", "cvv",
    "cvc", "auth", "sk", "pk", "code",
)  # fmt: skip
# For text in small letters. Each name begins with a letter: a search for one of many letters is fast.
NAMES = late("|".join((*_WORDS, *SHORT)))
# A text without any of these words holds no name. To look for words takes a tenth of the time of a pattern.
NAME_WORDS = (
    "pass", "key", "secret", "token", "auth", "credential", "cookie", "sid", "sess", "csrf", "xsrf", "signature",
    "senha", "contrase", "mot", "identified", "pw", "otp", "jwt", "bearer", "pepper", "salt", "hmac", "sig", "pin",
    "cv", "sk", "pk", "code=",
)  # fmt: skip

# Where a pattern hides a value without a look at it, a short name must be the end of a key (`db_pw`, `cache-key`), or
# the whole key, or a word that is in no other. A code is shown: it is one of HTTP or of Heroku.
_ENDS = ("pass", "pw", "otp", "pin", "sid")
_PARTS = ("keys", "key", "sig", "sk", "pk")
_ANYWHERE = tuple(name for name in SHORT if name not in (*_ENDS, *_PARTS, "code"))
# What hides more than the list: wrong spellings, the addresses of databases, whatever is said to be private.
_WIDER = ("passw", "contrase", "sess", "private", "dsn$")
SECRET_NAME = late(
    "|".join((*_WORDS, rf"(?:{'|'.join(_ENDS)})$", rf"(?:^|[_-])(?:{'|'.join(_PARTS)})$", *_ANYWHERE, *_WIDER)), re.I
)
