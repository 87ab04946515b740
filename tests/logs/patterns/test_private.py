"""No secret, no address, no id and no digit is left in a template, whatever the line."""

from __future__ import annotations

import random
import re
import string
from pathlib import Path

import pytest

from herodyno.logs.events import AppException
from herodyno.logs.parsing.read import read_events
from herodyno.logs.patterns.masks import ZEROS, masked
from tests.real_parts import REAL_LOGS, case_bytes, need_shared_data, real_logs

SECRETS = (Path(__file__).parents[2] / "diagnosis" / "report" / "secrets.txt").read_text().splitlines()
LETTERS = string.ascii_letters + string.digits
ID = "4f0c1d2e-aa00-4b00-8c00-00d000e0f001"
FILES = real_logs(".log", ".txt", ".frames", ".drainlines")
# Left in a template these would be an address, a person, an id: a part of an address counts too.
PRIVATE = re.compile(r"\d|\w@\w|%40|(?<![\w-])[a-f]*(?:[a-f-]*<n>[a-f-]*){3,}|<n>\.<n>\.<n>\.<n>|eyJ|BEGIN|AKIA")
# What a value is put into: the words of the line around it stay.
AROUND = {
    "asked by {} at once": ["203.0.113.7", "2001:db8::ff00:42:8329", "ann.b+c@example.com", ID, "203.0.113.7:443"],
    "[{}] asked": ["203.0.113.7", "::ffff:203.0.113.7", ID, "0f" * 16, "2001:db8::1"],
    "user={} path=/orders/{}/items": ["ann@example.com", ID, "5f3a9c", "203.0.113.7"],
    "GET https://shop.example.com/u/{}?x=1 failed": [ID, "ann%40example.com", "5f3a9c1e"],
    'said "{} is late" to them': [ID, "203.0.113.7", "ann@example.com"],
    "{}: refused": ["redis://h:pw9xyzzy@ec2-203-0-113-7.example.com:6379", "203.0.113.7", ID],
    '{"level":"warn","msg":"for {}","user":{"mail":"{}"}}': ["ann@example.com", ID, "203.0.113.7"],
}  # fmt: skip


def test_no_part_of_a_secret_is_left() -> None:
    assert len(SECRETS) > 500
    left = []
    for line in SECRETS:
        dice = random.Random(line)
        secrets = []
        for mark, letters in (("{V}", LETTERS), ("{U}", LETTERS[26:])):
            while mark in line:
                secrets.append("".join(dice.choices(letters, k=17)) + "aB7")
                line = line.replace(mark, secrets[-1], 1)
        template = " ".join(masked(line))
        zeroed = [secret.encode().translate(ZEROS).decode() for secret in secrets]
        left += [template for secret in zeroed if any(secret[at : at + 6] in template for at in range(15))]
    assert left == []


@pytest.mark.parametrize("around", AROUND)
def test_what_is_private_is_masked_and_the_words_around_it_stay(around: str) -> None:
    for value in AROUND[around]:
        template = " ".join(masked(around.replace("{}", value)))
        assert not PRIVATE.search(template), template
        assert not re.search(r"ann|pw9|[^<]\b[a-f]{2,}\b", template), template
        assert len(template.split()) >= len(around.split()) - 2, template


def test_nothing_private_is_left_of_real_logs() -> None:
    need_shared_data()
    assert {name: found for name in FILES if (found := private((REAL_LOGS / name).read_bytes()))} == {}


@pytest.mark.parametrize(
    "name", ["01-redact-forms.log", "redact-structured.log", "44-exceptiongroup-h18.log", "verdict-r_mid.log.gz"]
)
def test_nothing_private_is_left_of_composed_cases(name: str) -> None:
    assert private(case_bytes(name)) == []


def private(data: bytes) -> list[str]:
    """The templates of a log that hold what must not be there."""
    texts = (
        f"{event.kind}: {event.message} {event.place}" if isinstance(event, AppException) else event.line.text
        for event in read_events([data], year=2026)
    )
    templates = {" ".join(masked(text)) for text in texts}
    return sorted(template for template in templates if PRIVATE.search(template))
