"""One list of the names of secrets serves the redaction and the masks, which hide no less."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.secret_values import _SHORT
from herodyno.logs.patterns.masks import masked
from herodyno.logs.secret_names import NAME_WORDS, NAMES, SECRET_NAME, SHORT

KEYS = [
    "password", "DB_PASS", "userPwd", "smtp_pw", "api_key", "apiKey", "accesskey", "SECRET_KEY_BASE", "cache-key",
    "key", "X-Auth-Token", "cookie", "JSESSIONID", "sess", "csrf", "signature", "sig", "payload_sig", "salt", "pepper",
    "hmac", "jwt", "otp", "pin", "cvv", "senha", "contraseña", "private", "SENTRY_DSN", "connect.sid",
    "Authorization", "stripe_sk",
]  # fmt: skip
OTHERS = ["code", "status", "task", "disk", "risk", "design", "monkeys", "secretary", "tokenizer", "path", "service"]


@pytest.mark.parametrize("key", KEYS)
def test_a_pattern_shows_no_value_beside_the_name_of_a_secret(key: str) -> None:
    assert SECRET_NAME.search(key)
    assert masked(f"set {key}=Wxyzabcd now") == ("set", f"{key}=<secret>", "now")


def test_a_pattern_shows_what_stands_beside_other_words() -> None:
    for key in OTHERS:
        assert "Wxyzabcd" in " ".join(masked(f"set {key}=Wxyzabcd now")), key


def test_each_short_name_says_how_sure_it_is_and_is_in_the_words_that_are_looked_for_first() -> None:
    assert set(SHORT) == set(_SHORT)
    for name in SHORT:
        assert NAMES.fullmatch(name)
        assert any(word in f"{name}=x" for word in NAME_WORDS)
