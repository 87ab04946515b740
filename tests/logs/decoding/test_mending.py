"""Broken lines of text are mended: wrapped ones joined, glued ones cut, and an app's own words are left alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest

from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.decoding.mending import Mender, is_sound
from herodyno.logs.events import AppOutput, DynoError, Event, Unread
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan.blocks import line_blocks
from tests.diagnosis.oracle import facts_by_events
from tests.diagnosis.plain_values import plain
from tests.real_parts import case_bytes

ID = "0c1abc57-d574-4f93-ba53-765133c0ef3a"
REQUEST = (
    'method=GET path="/items?a=1&b=2" host=example-app.herokuapp.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 '
    'fwd="198.51.100.7, 192.0.2.1" dyno=web.1 connect=0ms service={}ms status={} bytes=120 protocol=http1.1 tls=true '
    "tls_version=tls1.3"
)
SPOKEN = [
    ("heroku", "router", f"at=info {REQUEST.format(12, 200)}"),
    ("app", "web.1", "handled"),
    ("heroku", "router", f'at=error code=H12 desc="Request timeout" {REQUEST.format(30001, 503)}'),
    ("heroku", "router", f'sock=backend at=error code=H18 desc="Server Request Interrupted" {REQUEST.format(9, 503)}'),
    ("heroku", "web.1", f"source=web.1 dyno=heroku.1234567.{ID} sample#memory_total=700.00MB "
     "sample#memory_rss=500.00MB sample#memory_cache=0.00MB sample#memory_swap=200.00MB sample#memory_pgpgin=1pages "
     "sample#memory_pgpgout=1pages sample#memory_quota=512.00MB"),
    ("heroku", "web.1", f"source=web.1 dyno=heroku.1234567.{ID} sample#load_avg_1m=0.12 sample#load_avg_5m=0.10 "
     "sample#load_avg_15m=0.05"),
    ("heroku", "web.1", "Process running mem=700M(136.7%)"),
    ("heroku", "web.1", "Error R14 (Memory quota exceeded)"),
    ("heroku", "web.1", "Stopping all processes with SIGTERM"),
    ("heroku", "web.1", "Process exited with status 143"),
    ("heroku", "web.1", "State changed from up to crashed"),
    ("heroku", "release.4711", "Starting process with command `bin/rails db:migrate`"),
    ("app", "api", "Release v3 created by user me@example.com"),
    ("app", "api", "Scaled to web@2:Standard-1X worker@1:Standard-2X by user me@example.com"),
    ("heroku", "logplex", "Error L11 (Tail buffer overflow): this tail dropped 1101 messages since "
     "2026-11-23T02:00:00+00:00."),
]  # fmt: skip
LINES = [
    f"2026-11-23T02:00:{second:02}.000001+00:00 {source}[{proc}]: {text}"
    for second, (source, proc, text) in enumerate(SPOKEN)
]
CHUNKS = (1, 7, 100, 1 << 16)


def mailed(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


def on_a_terminal(line: str, width: int) -> list[str]:
    return [line[at : at + width] for at in range(0, len(line), width)]


def events_of(data: bytes, size: int = 1 << 16) -> list[Event]:
    return list(read_events([data[at : at + size] for at in range(0, len(data), size)], year=2026))


def said(events: list[Event]) -> list[tuple[object, ...]]:
    """What the platform said."""
    return [
        (type(event), event.line.at, event.line.source, event.line.proc, *event[1:])
        for event in events
        if not isinstance(event, AppOutput | Unread)
    ]


@pytest.mark.parametrize("before", ["", "> ", "    "])
@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n"])
def test_a_mail_wraps_at_a_column_and_nothing_is_lost(before: str, between: str) -> None:
    whole = said(events_of("\n".join(LINES).encode()))
    assert len(whole) == len(LINES) - 1
    for width in (61, 72, 76, 78, 80, 100, 120, 160, 200):
        data = between.join("\n".join(before + piece for piece in mailed(line, width)) for line in LINES).encode()
        events = events_of(data)
        assert said(events) == whole, width
        assert not any(isinstance(event, Unread) for event in events)


def test_a_terminal_cuts_within_words() -> None:
    whole = said(events_of("\n".join(LINES[:12]).encode()))
    for width in (64, 80, 100, 120, 132, 160, 200):
        data = "\n".join(piece for line in LINES[:12] for piece in on_a_terminal(line, width)).encode()
        # Whether a blank stood where a command was cut cannot be known.
        assert [re.sub("[ `]", "", str(it)) for it in said(events_of(data))] == [
            re.sub("[ `]", "", str(it)) for it in whole
        ]


@pytest.mark.parametrize("cut", [mailed, on_a_terminal])
def test_the_cuts_between_chunks_do_not_matter_and_both_ways_of_counting_agree(
    cut: Callable[[str, int], list[str]],
) -> None:
    for width in (66, 80, 132):
        data = ("\n".join(piece for line in LINES for piece in cut(line, width)) + "\n").encode()
        events = events_of(data)
        for size in CHUNKS:
            chunks = [data[at : at + size] for at in range(0, len(data), size)]
            assert events_of(data, size) == events
            counted = OnePass(Log(logs=[lambda chunks=chunks: line_blocks(chunks)], year=2026))
            times = timeline(counted.boundaries, None, ())
            assert plain(counted.facts(times)) == plain(facts_by_events(events, times))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T02:00:01+00:00 app[web.1]: three things:\n  one\n  two\n",
        f"{LINES[0]}\nand then it went wrong:\n{LINES[2]}\n",
        f"{LINES[7]}\n(Memory quota exceeded) again and again\n",
        "2026-11-23T02:00:01+00:00 heroku[web.1]: some words of tomorrow\nat=info method=GET\n",
        "2026-11-23T02:00:01+00:00 heroku[router]: at=info method=GET path=\"/\" status=200 bytes=5\nSee you\n",
        f"{LINES[6]}\n\nmem=900M(175.8%)\n",
        f"{LINES[12]}\nThe release was made by user me@example.com\n",
    ],
)  # fmt: skip
def test_what_is_no_rest_of_a_platform_line_stays_a_line(text: str) -> None:
    events = events_of(text.encode())
    assert [event.line.raw for event in events] == [line for line in text.split("\n") if line]


def test_a_time_that_was_wrapped_alone_belongs_to_the_head_behind_it() -> None:
    stamp, _, rest = LINES[7].partition(" ")
    assert said(events_of(f"{stamp}\n{rest}\n".encode())) == said(events_of(LINES[7].encode()))


@pytest.mark.parametrize("first", [4, 5, 6, 7, 8, 9, 10, 12, 13, 14])
def test_a_head_glued_to_whole_words_of_the_platform_begins_a_line(first: int) -> None:
    glued = f"{LINES[first]}{LINES[7]}\n{LINES[1]}\n".encode()
    for size in CHUNKS:
        assert [event.line.raw for event in events_of(glued, size)] == [LINES[first], LINES[7], LINES[1]]
    blocks = b"".join(line_blocks([glued[:70], glued[70:]]))
    assert blocks.decode().splitlines() == [LINES[first], LINES[7], LINES[1]]


@pytest.mark.parametrize(
    "line",
    [
        f"2026-11-23T02:00:01.000001+00:00 app[web.1]: hi{LINES[7]}",
        f"2026-11-23T02:00:01+00:00 app[api]: Starting process with command `{LINES[7]}` by user me@example.com",
        f"2026-11-23T02:00:01+00:00 app[api]: Starting process with command `a`{LINES[7]}` by user me@example.com",
        f"2026-11-23T02:00:01.000001+00:00 heroku[run.1]: Starting process with command `echo {LINES[7]}`",
        f"2026-11-23T02:00:01.000001+00:00 heroku[web.1]: Process exited with {LINES[7]}",
        LINES[2].replace("/items", f"/{LINES[7]}"),
    ],
)
def test_a_head_that_somebody_may_have_printed_begins_none(line: str) -> None:
    events = events_of(f"{line}\n".encode())
    assert [event.line.raw for event in events] == [line]
    assert not any(isinstance(event, DynoError) for event in events)


def test_a_log_that_travels_whole_is_not_mended() -> None:
    glued = f"{LINES[12]}{LINES[7]}"
    assert len(events_of(f"data: {glued}\n\n".encode())) == 1
    assert len(events_of(f"<158>1 2026-11-23T02:00:01+00:00 host app api - x by user a@b{LINES[7]}\n".encode())) == 1


def test_a_line_that_may_go_on_waits_only_for_the_next() -> None:
    mender = Mender()
    assert mender.feed([LINES[2].encode()[:100]]) == []
    assert mender.is_holding
    assert mender.feed([LINES[1].encode()]) == [LINES[2].encode()[:100], LINES[1].encode()]
    assert mender.feed([LINES[0].encode()]) == [LINES[0].encode()]
    assert not mender.is_holding


def test_a_block_of_usual_lines_is_sound() -> None:
    text = "".join(f"{line}\n" for line in LINES[:-1]).encode()
    assert is_sound(text)
    assert not is_sound(text + b"more\n")
    assert not is_sound(b"more\n" + text)
    assert not is_sound(text.replace(b"\n", b"", 1))


def test_case_22_a_log_wrapped_by_mail_keeps_the_dyno_of_its_h12() -> None:
    events = events_of(case_bytes("22-mail-wrapped.log"))
    assert not any(isinstance(event, Unread) for event in events)
    assert [(type(event).__name__, *event[1:4]) for event in events[1:]] == [
        ("RouterRequest", "web.1", "info", ""),
        ("RouterRequest", "web.1", "error", "H12"),
        ("ProcessMemory", "web.1", 600, 117.2),
        ("DynoError", "web.1", "R14", "(Memory quota exceeded)"),
    ]


def test_case_40_a_glued_line_is_a_line() -> None:
    events = events_of(case_bytes("40-glued.log"))
    assert [type(event).__name__ for event in events] == ["ApiAction", "DynoError", "AppOutput"]
    assert events[0].line.text.endswith("by user me@example.com")
