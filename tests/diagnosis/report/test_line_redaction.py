"""What goes over several lines is no less a secret: private keys, and values that were cut at a column."""

from __future__ import annotations

import base64
import random

import pytest

from herodyno.diagnosis.report.line_redaction import LineRedactor
from herodyno.diagnosis.report.redaction import redact
from herodyno.logs.decoding.decoder import Decoder
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import LogLine

AT = "2026-11-23T02:00:00.000001+00:00 "


def redacted(*lines: str) -> list[str]:
    """The lines of a log, read and redacted."""
    decoder = Decoder(LineReader(year=2026))
    read = [line for line in decoder.feed("".join(f"{line}\n" for line in lines).encode()) if isinstance(line, LogLine)]
    read += [line for line in decoder.unfinished() if isinstance(line, LogLine)]
    clean = LineRedactor(redact)
    return [clean(line).raw for line in read]


def private_key(kind: str, width: int, size: int) -> list[str]:
    body = base64.b64encode(random.Random(f"{kind} {size}").randbytes(size)).decode()
    lines = [body[at : at + width] for at in range(0, len(body), width)]
    return [f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"]


@pytest.mark.parametrize("size", [1190, 1191, 1193, 1200])
@pytest.mark.parametrize(
    ("kind", "width"),
    [("RSA PRIVATE KEY", 64), ("PRIVATE KEY", 64), ("OPENSSH PRIVATE KEY", 70), ("ENCRYPTED PRIVATE KEY", 76),
     ("PGP PRIVATE KEY BLOCK", 48)],
)  # fmt: skip
def test_no_line_of_a_private_key_is_left(kind: str, width: int, size: int) -> None:
    key = private_key(kind, width, size)
    for prefix in ("", "  ", "I, [2026-11-23T02:00:00 #4]  INFO -- : "):
        shown = redacted(*(f"{AT}app[web.1]: {prefix}{line}" for line in key), f"{AT}app[web.1]: done")
        assert len(shown) == len(key) + 1
        assert not [line for line in key[1:-2] for other in shown if line in other]
        assert prefix or not [other for other in shown[1:-2] if not other.endswith("[redacted]")]
        assert shown[-1] == f"{AT}app[web.1]: done"


def test_a_private_key_is_its_speakers_own() -> None:
    key = private_key("RSA PRIVATE KEY", 64, 300)
    lines = [f"{AT}{speaker}: {text}" for line in key for speaker, text in (("app[web.1]", line), ("app[web.2]", "up"))]
    assert [line for line in redacted(*lines) if "web.2" in line] == [line for line in lines if "web.2" in line]


def test_a_key_that_never_ends_takes_no_words_with_it() -> None:
    words = [f"{AT}app[web.1]: {word}" for word in ("no", "start", "line", "retrying", "GET /x 200")]
    assert redacted(f"{AT}app[web.1]: Expecting: -----BEGIN PRIVATE KEY-----", *words)[1:] == words
    many = [f"{AT}app[web.1]: word{n}" for n in range(300)]
    body = private_key("PRIVATE KEY", 64, 200)[1:2]
    shown = redacted(
        f"{AT}app[web.1]: -----BEGIN PRIVATE KEY-----", *(f"{AT}app[web.1]: {line}" for line in body), *many
    )
    assert shown[-150:] == many[-150:]


@pytest.mark.parametrize(
    ("first", "rest", "shown"),
    [
        ("db user=me password=Zq7", "TzKw0p2VbN4h sslmode=require", "[redacted] sslmode=require"),
        ('{"user":"x","password":"Zq7', 'TzKw0p2VbN4h","n":1}', '[redacted]","n":1}'),
        ('{"user":"x","password":', '"Zq7TzKw0p2VbN4h"}', '"[redacted]"}'),
        ("postgres://u:Zq7TzKw0", "p2VbN4h@db.example/x", "[redacted]@db.example/x"),
        ("Authorization: Bearer Zq7TzKw0", "p2VbN4h next", "[redacted] next"),
    ],
)
def test_a_value_that_was_cut_at_a_column_goes_on_in_the_next_line(first: str, rest: str, shown: str) -> None:
    lines = redacted(f"{AT}app[web.1]: {first}", rest)
    assert lines[1] == shown
    assert "Zq7" not in lines[0]


def test_what_follows_a_whole_line_stays_as_it_is() -> None:
    lines = [f"{AT}app[web.1]: started", "  from app.rb:3", "served token 3"]
    assert redacted(*lines) == lines
    assert redacted("password=Zq7TzKw0", "Listening")[1] == "Listening"  # a log without any head was cut nowhere


def test_the_same_drain_has_the_same_mark_in_every_file() -> None:
    one, two = (f"<13>1 {AT}d.73ea7440-270a-435a-a0ea-adf50b4e5f5{n} app web.1 - x" for n in "ab")
    first, second = redacted(one, two)
    assert first != second
    assert "73ea7440" not in first + second
    assert redacted(one)[0] == redact(one) == redact(redact(one)) == first
