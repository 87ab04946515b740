"""A redacted line has the masked words of the line as it was, so a bundle has the patterns of its log."""

from __future__ import annotations

import random

import pytest

from herodyno.diagnosis.report.redaction import LogRedactor, redact
from herodyno.logs.patterns.masks import masked
from herodyno.logs.patterns.redacted import unredacted

# What the redactor knows, all made up, and frames that such a thing stands in.
SUBJECTS = [
    "kim@example.com", "kim.o+x@mail.example.co.uk", "203.0.113.9", "10.1.2.3:5432", "198.51.100.255",
    "2001:db8::1", "2001:db8:0:1::ab", "::ffff:10.1.2.3",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEFghi12", "HRKU-9a8b7c6d-1234-5678-9012-123456789012",  # made up
    "AKIAIOSFODNN7EXAMPLE", "ghp_wJalrXUtnFEMI7K7MDENGbPxRfiCYEXAMP",
]  # fmt: skip
FRAMES = [
    "{}", "lost {}", "lost {}, again", "lost {}: again", "lost {}.", "lost ({}) at once", "lost <{}>", "lost '{}'",
    'lost "{}"',
    "peer={} up", "peer: {}", "peer={},", "peer={};", 'msg="lost {} at once"', '{{"level":"warn","msg":"lost {}"}}',
    '{{"level":"warn","peer":"{}"}}', "{{'level': 'warn', 'peer': '{}'}}", "a {} b {}", "\x1b[31m{}\x1b[0m is red",
]  # fmt: skip
LINES = [
    *(frame.format(subject, subject) for frame in FRAMES for subject in SUBJECTS),
    "mail to kim@example.com from 203.0.113.9 queued", "from [2001:db8::1]:443 lost", "kim%40example.com asked",
    "GET /orders/12?email=kim@example.com done", "path=/orders?a=b took 3ms", "http://10.1.2.3:8080/a up",
    "https://ann:hunter2222@db.example.com:5432/shop refused", "password=hunter2222 bad", "password: hunter2222 bad",
    "--password hunter2222 now", 'password="hunter2222" bad', '{"password":"hunter2222","msg":"bad"}',
    "Authorization: Bearer abcdEFGH1234567 next", "mailto:kim@example.com bad", "host ip-10-1-2-3.ec2.internal down",
    "ip-10-1-2-3 down", "drain d.12345678-1234-1234-1234-123456789012 lost", "10.1.2.0/24 refused",
    "reset /password/reset/abcDEF1234567890 sent", "Key (email)=(kim@example.com) is there",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_masked_alike_before_and_after_redaction(line: str) -> None:
    log = LogRedactor()
    for number in range(12):  # the numbers of addresses grow
        log(f"10.9.8.{number}")
    assert [masked(redact(line)), masked(log(line))] == [masked(line)] * 2


def test_nearly_each_line_is_changed_by_redaction() -> None:
    assert sum(redact(line) != line for line in LINES) > 0.9 * len(LINES)


def test_what_no_redactor_wrote_stays() -> None:
    for text in ("[info] a 0.x.x of rails", "a ** b *** c", "x-x-x", "[address book] [tokens]", "0.x.x.example"):
        assert unredacted(text) == text


def test_no_line_takes_long() -> None:
    dice = random.Random(1)
    for unit in ("[address-", "0.x.x.", "***@", "[token-00000000", "0-x-x-x"):
        assert len(masked(unit * 9000 + str(dice.random()))) <= 2
