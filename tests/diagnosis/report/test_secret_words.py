"""A corpus of lines with secrets, and of lines that only look so: what must go goes, what must stay stays.

In `secrets.txt` {V} and {U} stand for a secret, made up for each line, so that no file holds what looks like one.
"""

from __future__ import annotations

import random
import string
import time
from pathlib import Path

import pytest

from herodyno.diagnosis.report.redaction import LogRedactor, redact, redact_tokens
from herodyno.diagnosis.report.secret_words import without_secrets

HERE = Path(__file__).parent
SECRETS = (HERE / "secrets.txt").read_text().splitlines()
LOOK_ALIKES = (HERE / "look-alikes.txt").read_text().splitlines()
AT = "2026-11-23T02:00:00.000001+00:00 app[web.1]: "


def made_up(line: str, seed: int) -> tuple[str, list[str]]:
    """The line with secrets put in, and the secrets."""
    rng = random.Random(f"{seed} {line}")
    secrets = []
    for mark, letters, least in (
        ("{V}", string.ascii_letters + string.digits, 20),
        ("{U}", string.ascii_uppercase + string.digits, 16),
    ):
        while mark in line:
            value = "".join(rng.choices(letters, k=least - 3)) + "aB7"[: 3 if mark == "{V}" else 0].ljust(3, "Q")
            secrets.append(value)
            line = line.replace(mark, value, 1)
    return line, secrets


@pytest.mark.parametrize("line", SECRETS)
def test_a_secret_is_gone_in_every_notation_and_stays_gone(line: str) -> None:
    for seed in range(2):
        text, secrets = made_up(line, seed)
        for clean in (redact, redact_tokens, LogRedactor()):
            for around in ("", AT):
                once = clean(around + text)
                assert not [secret for secret in secrets if secret in once], once
                assert clean(once) == once
                assert once.startswith(around)


@pytest.mark.parametrize("line", LOOK_ALIKES)
def test_what_only_looks_like_a_secret_stays(line: str) -> None:
    assert without_secrets(AT + line) == AT + line


def test_the_corpus_is_as_large_as_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [made_up(line, 1) for line in SECRETS]
    found = sum(not any(secret in without_secrets(text) for secret in secrets) for text, secrets in lines)
    wrong = sum(without_secrets(line) != line for line in LOOK_ALIKES)
    with capsys.disabled():
        print(f"\nsecrets found: {found} of {len(lines)}; look-alikes taken for one: {wrong} of {len(LOOK_ALIKES)}")
    assert min(len(set(SECRETS)), len(set(LOOK_ALIKES))) >= 150
    assert (found, wrong) == (len(lines), 0)


@pytest.mark.parametrize(
    "piece",
    ["sk=", "key=", "pass: ", 'password="', "token:'is ", "password ", "auth=(", "cookie: a=", "<password ", "1.1.1.1 ",
     "insert into a (pass", "-----BEGIN PRIVATE KEY-----", "eyJ-", "a://b:", "password%3D", 'key=\\"', "a@", "1%3A",
     "--token ", "config:set "],
)  # fmt: skip
def test_a_hostile_line_takes_no_square_of_its_length(piece: str) -> None:
    begin = time.process_time()
    redact(piece * (40_000 // len(piece)))
    assert time.process_time() - begin < 3  # where time grew with the square it was ten seconds and more


@pytest.mark.parametrize(
    "address",
    ["2001:db8::1", "2001:db8:85a3::8a2e:370:7334", "2001:db8:85a3:8d3:1319:8a2e:370:7348",
     "fe80::1ff:fe23:4567:890a%eth0", "::ffff:198.51.100.7", "64:ff9b::198.51.100.7", "2001:DB8::A"],
)  # fmt: skip
def test_every_form_of_ipv6_is_an_address(address: str) -> None:
    for text in (f"client {address} left", f"[{address}]:443", f'fwd="203.0.113.7, {address}"', f"from={address},"):
        once = redact(text)
        assert address not in once
        assert "[address]" in once
        assert "198.51" not in once
        assert redact(once) == once
        assert address not in LogRedactor()(text)
