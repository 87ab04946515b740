"""Secrets that are known by their own form, as each vendor documents it: tokens, webhooks, hashes of passwords, keys.

The words of a form are looked for first. To look for words takes a tenth of the time of a pattern.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from herodyno.logs.late_patterns import late

TOKEN, REDACTED = "[token]", "[redacted]"


class Form(NamedTuple):
    """How the secrets of one vendor look. A text without any of `words` holds none of them."""

    vendor: str
    words: tuple[str, ...]
    pattern: str


FORMS = (
    Form("Heroku", ("HRKU-",), r"HRKU-[0-9A-Za-z_-]{8,}"),
    Form("JWT", ("eyJ",), r"(?<![\w-])eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_.-]*(?<!\.))?"),
    Form("AWS", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{12,}(?:[\s:,/]{1,2}[0-9A-Za-z+/]{40}(?![\w+/]))?"),
    Form(
        "Google",
        ("AIza", "ya29.", "GOCSPX-", "1//0"),
        r"\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}|\bGOCSPX-[\w-]{16,}|\b1//0[\w-]{20,}",
    ),
    Form(
        "GitHub, GitLab",
        ("gh", "github_pat_", "gl"),
        r"\bgh[pousr]_[0-9A-Za-z]{20,}|\bgithub_pat_\w{20,}|\bgl(?:pat|dt|rt)-[\w-]{16,}",
    ),
    Form("Stripe", ("_live_", "_test_", "whsec_"), r"\b(?:sk|rk)_(?:live|test)_\w{8,}|\bwhsec_[\w+/=]{8,}"),
    Form("models", ("sk-", "gsk_", "xai-", "r8_"), r"\bsk-[\w-]{20,}|\bgsk_\w{20,}|\bxai-\w{20,}|\br8_\w{20,}"),
    Form("Slack", ("xox", "xapp-"), r"\bxox[abceoprs](?:\.xox[bp])?-[\w-]{8,}|\bxapp-[\w-]{8,}"),
    Form("mail", ("SG.", "key-", "xkeysib-", "-us"),
         r"\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-(?=\w*\d)[0-9A-Za-z]{32,}|\bxkeysib-[\w-]{20,}|\b[0-9a-f]{32}-us\d{1,2}\b"),
    Form(
        "registries",
        ("npm_", "pypi-", "dckr_pat_", "rubygems_"),
        r"\b(?:npm|dckr_pat|rubygems)_[0-9A-Za-z_-]{20,}|\bpypi-Ag[\w-]{16,}",
    ),
    Form(
        "shops",
        ("shp", "sq0", "EAA", "rzp_", "access-"),
        r"\bshp(?:at|ss|ca|pa)_[0-9A-Za-z_-]{20,}|\bsq0(?:atp|csp|idp)-[\w-]{20,}|\bEAA[A-Z][0-9A-Za-z]{20,}"
        r"|\brzp_(?:live|test)_\w{10,}|\baccess-(?:sandbox|development|production)-[0-9a-f-]{36}",
    ),
    Form(
        "platforms",
        ("hf_", "_v1_", "pat_", "SK", "hvs.", "hvb.", "sntry", "NRA", "lin_", "ntn_", "PMAK-", "dp.", "pscale_", "sbp_",
         "gl", "TT3", "fm2_", "fo1_", "AGE-SECRET", "dapi", "atlasv1"),
        r"\b(?:hf|do[op]_v1|pat|pscale_(?:tkn|pw|oauth)|sbp|glsa|glc|fo1|fm2|lin_(?:api|oauth)|ntn|sntry[su])_[0-9A-Za-z_+/=-]{20,}"
        r"|\bSK[0-9a-f]{32}\b|\bhv[sb]\.[\w-]{20,}|\bNRA[AKL]-\w{20,}|\bPMAK-[\w-]{20,}|\bA[TC]{1,2}TT3[\w=-]{20,}"
        r"|\bdp\.(?:pt|st|ct)\.[\w.-]{20,}|\bAGE-SECRET-KEY-1\w{20,}|\bdapi[0-9a-f]{32}|\b\w{14}\.atlasv1\.[\w=-]{20,}",
    ),
    Form(
        "bots and webhooks",
        ("/bot", ":AA", "hooks.", "webhook"),
        r"(?<=/bot)\d{6,12}:[\w-]{30,}|\b\d{8,12}:AA[\w-]{30,}|(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[\w/]{20,}"
        r"|(?<=hooks\.zapier\.com/hooks/catch/)[\w/]{8,}|(?<=/api/webhooks/)\d{10,}/[\w-]{20,}"
        r"|(?<=\.com/webhookb2/)[\w@/-]{20,}|(?<=\.com/webhook/)[\w@-]{20,}",
    ),
    Form("Discord", ("MT", "Nj", "Nz", "OD", "OT"), r"\b[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,}"),
    Form(
        "hashes of passwords",
        ("$", "pbkdf2", "scrypt:"),
        r"\$2[abxy]?\$\d\d\$[./0-9A-Za-z]{20,}|\$argon2(?:id|i|d)\$[^\s\"'<>]{20,}"
        r"|\bpbkdf2[_:]sha\d{1,3}[$:]\d[^\s\"'<>]{16,}|\$[56y]\$[./0-9A-Za-z$=]{20,}|\bscrypt:\d[^\s\"'<>]{20,}",
    ),
    Form(
        "schemes",
        ("earer", "BEARER", "asic"),
        r"\b(?:Bearer|BEARER)\s+(?!(?:authenti|token|schem|realm|error|auth\b))[0-9A-Za-z._~+/=-]{8,}"
        r"|\b(?:bearer|[Bb]asic)\s+(?=\S{0,64}[A-Z\d=])[0-9A-Za-z._~+/=-]{8,}",
    ),
    # A private key packed once more: base64 of "-----BEGIN".
    Form("packed keys", ("LS0tLS1CRUdJTi",), r"\bLS0tLS1CRUdJTi[0-9A-Za-z+/=_-]{16,}"),
)  # fmt: skip
_COMPILED = tuple((form.words, late(form.pattern)) for form in FORMS)

_BEGIN = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
_END = r"-{4,5} ?END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
_PRIVATE_KEY = late(rf"{_BEGIN}.*?(?:{_END}|\Z)", re.DOTALL)
BEGINS_KEY = late(_BEGIN)
ENDS_KEY = late(_END)
# One line of a private key's body is all that a log line holds: 64 characters, OpenSSH writes 70, MIME 76, the last
# line ends in "=".
_MIXED = r"(?=\S{0,80}[A-Z])(?=\S{0,80}[a-z])(?=\S{0,80}\d)"
_SHORTEST_BODY = 20
_KEY_BODY = late(
    rf"(?m)(?:^|(?<=\s)){_MIXED}(?:[A-Za-z0-9+/]{{64}}|[A-Za-z0-9+/]{{70}}|[A-Za-z0-9+/]{{76}}"
    rf")={{0,2}}(?=\\?\s*$)|(?:^|(?<=\]: )|(?<= - )){_MIXED}[A-Za-z0-9+/]{{18,75}}={{1,2}}$"
)


def without_forms(text: str) -> str:
    """The text with `[token]` in place of each secret whose form is known."""
    if "BEGIN" in text and "PRIVATE KEY" in text:
        text = _PRIVATE_KEY.sub(REDACTED, text)
    for words, pattern in _COMPILED:
        for word in words:
            if word in text:
                text = pattern.sub(TOKEN, text)
                break
    return text


def without_key_body(text: str) -> str:
    """The text without what is a line of a private key's body and nothing else."""
    last = text if "\n" in text else text[text.rfind(" ", 0, -2) + 1 :]
    return _KEY_BODY.sub(REDACTED, text) if len(last) >= _SHORTEST_BODY else text
