"""A fast test by one pattern rejects texts that surely hold no secret, so that the redaction need not read them.

The test errs to one side: a text that redact_tokens changes always fits the pattern. The pattern has no look-around and
keeps to what RE2 and Python's `re` share, so that an engine can test a column of texts at once.
"""

from __future__ import annotations

# What is no printable ASCII may be a blank of Unicode.
_BLANK = r"[^!-~]"
# A name that counts only where no letter stands before it and no small one behind it: `sk`, but not `task`.
_ALONE = ("pwd", "pw", "otp", "sid", "sig", "pin", "cvv", "cvc", "sk", "pk", "code")

# Of logs/secret_names: in any case.
_NAMES = (
    "key", "secret", "token", "auth", "credential", "cookie", "session", "sess_?id", "csrf", "xsrf", "signature",
    "senha", "contrase", "mot[_ ]?de", "identified", "jwt", "bearer", "pepper", "salt", "hmac", r"connect\.sid",
    "pass(?:w|phrase|code)",
)  # fmt: skip
# Of secret_places: in any case, then as they are.
_PLACES = (
    "%3a%2f%2f", "config:", "pgpass", "redis-cli", "openssl", rf"insert{_BLANK}", r'value\\*"', rf"basic{_BLANK}",
    r"(?:reset|confirm|verif|invit|unlock|activat|token|magic|unsubscribe|password|login|signin)[^\s/]*/",
)  # fmt: skip
_EXACT_PLACES = (
    r"//[^\s/@:\"'<>?]*[:@]", r":[^\s:@/\"']+@", r"[^!#-&(-_a-~]-[uUpPWka-]", r"^-[uUpPWka-]", r"connect\(",
    r"->__construct\(", r"Auth\(", "AUTH", "PASS ", "LOGIN ", "echo ", "BEGIN",
)  # fmt: skip
# Of secret_forms, and the tokens of drains.
_FORMS = (
    "HRKU-", "eyJ", "AKIA", "ASIA", "AIza", r"ya29\.", "GOCSPX-", "1//0", "gh[pousr]_", "github_pat_",
    "gl(?:pat|dt|rt)-", "_(?:live|test)_", "whsec_", r"sk-\S{8}", "gsk_", "xai-", "r8_", "xox[abceoprs]", "xapp-",
    r"SG\.", "xkeysib-", r"-us\d", "npm_", "pypi-", "dckr_pat_", "rubygems_", "shp(?:at|ss|ca|pa)_", "sq0",
    "EAA[A-Z]", "access-(?:sandbox|development|production)",
    "(?:hf|v1|pat|tkn|oauth|sbp|glsa|glc|fo1|fm2|api|ntn|sntry[su])_", "SK[0-9a-f]{8}", r"hv[sb]\.", "NRA[AKL]-",
    "PMAK-", "TT3", r"dp\.(?:pt|st|ct)\.", "dapi[0-9a-f]", r"\.atlasv1\.", r"/bot\d", ":AA", r"hooks\.", "webhook",
    r"[MNO][\w-]{8}[\w-]*\.[^\s.]{6}\.", r"\$2[abxy]?\$", r"\$argon2", "pbkdf2", r"\$[56y]\$", "scrypt:",
    "LS0tLS1CRUdJTi", r"d\.[0-9a-f]{8}-",
)  # fmt: skip
_KEY_BODY = r"[A-Za-z0-9+/]{18}(?:={1,2}|[A-Za-z0-9+/]{46}={0,2}\\?)" + f"{_BLANK}*$"
# Letters whose small or great form is one of ASCII.
_FOLDED = "[\u0130\u212a\u017f]"

MAY_HOLD_SECRET = "|".join(
    [
        f"(?i:{'|'.join((*_NAMES, *_PLACES))})",
        "(?i:pass)(?:[^a-z]|$)",
        f"(?:^|[^A-Za-z])(?i:{'|'.join(_ALONE)})(?:[^a-z]|$)",
        f"[^A-Z](?:{'|'.join(name[0].upper() + f'(?i:{name[1:]})' for name in _ALONE)})(?:[^a-z]|$)",
        *_EXACT_PLACES,
        *_FORMS,
        _KEY_BODY,
        _FOLDED,
    ]
)
