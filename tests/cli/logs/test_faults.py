"""Table C of the faults, row by row, as far as the whole command is needed; the others stand where their part is.

C9 to C12: tests/logs/decoding/test_live.py. C13 to C18, C20: tests/heroku/log/test_tail.py. C5, C6, C26 on a terminal:
tests/render/logs/test_terminal.py. C21 to C25: tests/cli/logs/test_process.py.
"""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.cli.logs.log_stage import Heroku, logs, text_of
from tests.logs.log_lines import raw, request

FIRST, SECOND = raw("app[web.1]: first", 1), raw("app[web.1]: second", 2)
CUT = httpx.ReadError("connection reset")


def test_c1_a_reset_shows_what_came_and_says_that_the_log_is_incomplete() -> None:
    told = logs(Heroku([text_of([FIRST, SECOND]), CUT]))
    assert told.stdout == f"{FIRST}\n{SECOND}\n"
    assert told.code == 6
    assert "herodyno: log incomplete" in told.stderr


def test_c2_a_line_that_was_cut_in_two_is_shown_and_marked() -> None:
    told = logs(Heroku([text_of([FIRST]), SECOND[:-3].encode(), CUT]))
    assert told.stdout == f"{FIRST}\n{SECOND[:-3]} [cut off here]\n"
    assert told.code == 6


def test_an_end_without_a_line_end_is_no_cut() -> None:
    told = logs(Heroku([FIRST.encode()]))
    assert (told.stdout, told.code) == (FIRST + "\n", 0)


def test_c3_invalid_utf8_is_the_replacement_character() -> None:
    told = logs(Heroku([FIRST.encode() + b" \xff\xfe\xc3\n"]))
    assert told.stdout == f"{FIRST} \ufffd\ufffd\ufffd\n"


def test_c4_a_nul_inside_a_line_is_seen_and_one_before_it_is_a_heartbeat() -> None:
    told = logs(Heroku([b"\0\0" + FIRST.encode() + b"a\0b\n\0"]))
    assert told.stdout == f"{FIRST}a^@b\n"


@pytest.mark.parametrize("text", ["\x1b]52;c;cm0=\x07", "\x1b]0;title\x07", "\x1b[8mhidden", "\x1b[31mred", "\u009b2J"])
def test_c5_c6_no_escape_leaves_through_a_pipe(text: str) -> None:
    told = logs(Heroku([text_of([FIRST + text])]))
    assert "\x1b" not in told.stdout
    assert "\u009b" not in told.stdout
    assert told.stdout.startswith(FIRST)


def test_c5_raw_is_exact_in_a_pipe_and_refused_on_a_terminal_unless_asked_twice() -> None:
    text = FIRST + "\x1b[31mred\x1b[0m\ttab "
    assert logs(Heroku([text_of([text])]), "-o", "raw").stdout == text + "\n"
    refused = logs(Heroku(), "-o", "raw", terminal=True)
    assert (refused.stdout, refused.code) == ("", 2)
    assert "HERODYNO_RAW=1" in refused.stderr
    allowed = logs(Heroku([text_of([text])]), "-o", "raw", terminal=True, environ={"HERODYNO_RAW": "1"})
    assert allowed.stdout == text + "\n"


def test_c7_of_a_20_mb_line_256_kb_are_kept_and_the_rest_is_counted() -> None:
    told = logs(Heroku([FIRST.encode(), *[b"x" * (1 << 20)] * 20, b"\n", text_of([SECOND])]))
    long, second = told.stdout.splitlines()
    assert long.endswith("bytes more]")
    assert len(long) < 300_000
    assert second == SECOND


HOSTILE = [
    request(path="/" + '" x=' * 100_000),
    "app[web.1]: " + "a=" * 200_000,
    "app[web.1]: {" * 1 + '"a":' * 100_000,
    "app[web.1]: " + "\x1b[0;" * 100_000,
    "heroku[router]: at=info " + "path=" * 80_000,
    "app[web.1]: " + "0-" * 200_000,
    "heroku[web.1]: source=web.1 " + "sample#a=1 " * 36_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
@pytest.mark.parametrize("words", [("status>=500",), ("-o", "text"), ("-o", "jsonl"), ("--fuse", "5s"), ("--redact",)])
def test_c8_400_kb_against_the_patterns_take_linear_time(text: str, words: tuple[str, ...]) -> None:
    began = time.process_time()
    assert logs(Heroku([text_of([raw(text[:400_000])])]), *words).code == 0
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "stamp",
    ["2026-11-23T02:00:00.5+01:00", "2026-11-23T02:00:00Z", "1970-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00",
     "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-13-41T25:61:61+00:00", "not-a-time", ""],
)  # fmt: skip
@pytest.mark.parametrize("words", [(), ("-o", "text"), ("--json",), ("--gaps", "10s", "--since", "1d"), ("-o", "csv")])
def test_c19_no_timestamp_is_a_reason_to_fail(stamp: str, words: tuple[str, ...]) -> None:
    odd = f"{stamp} app[web.1]: odd"
    told = logs(Heroku([text_of([FIRST, odd, SECOND])]), *words)
    assert told.code == 0, told.stderr
    if not words:
        assert told.stdout == f"{FIRST}\n{odd}\n{SECOND}\n"  # kept as it came, in its place
    if words == ("--json",):
        assert len(json.loads(told.stdout)["lines"]) == 3


def test_c18_late_and_equal_lines_stay_in_the_order_of_their_arrival() -> None:
    lines = [SECOND, FIRST, SECOND, SECOND]
    assert logs(Heroku([text_of(lines)])).stdout == "".join(f"{line}\n" for line in lines)


def test_sse_and_text_are_told_apart_by_content_type() -> None:
    events = "".join(f"id: 7\ndata: {line}\n\n\n" for line in (FIRST, SECOND)).encode()
    told = logs(Heroku([events], kind="text/event-stream"))
    assert told.stdout == f"{FIRST}\n{SECOND}\n"
    odd = raw("app[web.1]: x").encode()
    assert logs(Heroku([b"data: looks like an event\n" + odd])).stdout.startswith("data: looks like an event\n")
