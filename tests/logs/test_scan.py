"""The pattern reads no line differently from the grammar, and hostile lines neither cross lines nor cost more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.logs import scan
from herodyno.logs.events import AppOutput, Event, LogLine, MemorySample, RouterRequest
from herodyno.logs.exceptions import look_of
from herodyno.logs.grammar import event_of
from herodyno.logs.ordinary import is_suspect
from herodyno.logs.read import read_events
from herodyno.logs.scan import APP, CLIENT, DYNO, HOST, METHOD, PATH, SERVICE, STATUS, Scanner

AT = "2026-03-02T12:00:01.000002+00:00"
ROUTER = (
    'at=info method=GET path="/a?b=1" host=a.example request_id=4f0c-1 fwd="192.0.2.7, 10.0.0.1" dyno=web.1 '
    "connect=0ms service=40ms status=200 bytes=312 protocol=http1.1 tls=true tls_version=tls1.3"
)
MEMORY = (
    "source=web.1 dyno=heroku.1.8c1d7a55-0000-4000-8000-000000000001 sample#memory_total=400.25MB "
    "sample#memory_rss=399.00MB sample#memory_cache=0.00MB sample#memory_swap=1.25MB sample#memory_pgpgin=12pages "
    "sample#memory_pgpgout=9pages sample#memory_quota=512.00MB"
)
WORDS = [
    "Error", "FooError: x", "Traceback (most recent call last):", "at Foo (/x.js:1)", "level=info", "Started", "[x]",
    "[4f0c] ", "(x 1.2) a/b:3", "panic: ", ": ", "::", "Foo::Bar (x)", ":1:in `f': ", "Saving", "é", "\u00a0", " ",
    'File "', "thread 'm' panicked at ", "** (Foo) ", "/x/y.js:3", "node:fs:1", "Uncaught ", "E, [x] ERROR -- : ",
    "#3 /x",
]  # fmt: skip


def lines_of(*texts: str) -> list[bytes]:
    return [f"{AT} {text}".encode() for text in texts]


def event(text: str) -> Event:
    (found,) = read_events([f"{AT} {text}\n".encode()], year=2026)
    return found


def changed(text: str, at: int, what: str) -> str:
    return text[: at % len(text)] + what + text[at % len(text) + len(what) % 2 :]


CHANGES = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(['"', "=", " ", ",", "?", "9", "\t", "é", "ms", ""])), max_size=3
)


@settings(max_examples=500, deadline=None)
@given(CHANGES)
def test_a_request_is_read_as_the_grammar_reads_it_or_refused(changes: list[tuple[int, str]]) -> None:
    text = ROUTER
    for at, what in changes:
        text = changed(text, at, what)
    for row in Scanner(year=2026).block(lines_of(f"heroku[router]: {text}")).rows:
        read = event(f"heroku[router]: {text}")
        assert isinstance(read, RouterRequest)
        assert row[METHOD].decode() == read.method
        assert row[PATH].decode() == read.path.partition("?")[0]
        assert row[HOST].decode() == read.host
        assert row[CLIENT].decode() == read.fwd.partition(",")[0]
        assert row[DYNO].decode() == read.dyno
        assert (int(row[SERVICE]), int(row[STATUS])) == (read.service_ms, read.status)
        assert read.code == ""


@settings(max_examples=300, deadline=None)
@given(CHANGES)
def test_a_memory_line_is_read_as_the_grammar_reads_it_or_refused(changes: list[tuple[int, str]]) -> None:
    text = MEMORY
    for at, what in changes:
        text = changed(text, at, what)
    for sample in Scanner(year=2026).block(lines_of(f"heroku[web.1]: {text}")).samples:
        read = event(f"heroku[web.1]: {text}")
        assert isinstance(read, MemorySample)
        assert sample.id.decode() == read.dyno_id
        assert float(sample.total) == read.total_mb
        assert float(sample.swap) == read.swap_mb
        assert (int(sample.pages), float(sample.quota)) == (read.pages_in, read.quota_mb)


def test_the_usual_lines_are_read_by_the_pattern() -> None:
    block = Scanner(year=2026).block(
        lines_of(
            f"heroku[router]: {ROUTER}", f"heroku[web.1]: {MEMORY}", "app[web.1]: level=info x=1", "app[web.1]: {}"
        )
    )
    assert (len(block.rows), len(block.samples), block.events) == (4, 1, [])


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=5))
def test_what_may_begin_a_traceback_is_never_called_ordinary(words: list[str]) -> None:
    text = "".join(words)
    rows = Scanner(year=2026)._rows(lines_of(f"app[web.1]: {text}"))
    if rows[0][APP] or not is_suspect(text.encode()):
        assert look_of(text) in ("plain", "detail")


@pytest.mark.parametrize(
    "text",
    [
        'app[web.1]: at=info method=GET path="/x host=a dyno=web.1 connect=1ms service=2ms status=200 bytes=1',
        "app[web.1]: at=info method=GET path=/x host=a fwd=1 dyno=web.1 connect=1ms service=2ms status=200 bytes=1",
        "app[web.1]: " + "x" * 250_000,
        "app[web.1]: " + "b c' -" * 500,
        'heroku[router]: at=info method=GET path="/x host=a',
        "heroku[router]: at=info method=GET path=",
    ],
)
def test_a_hostile_line_leaves_the_next_ones_alone(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the line itself may go to the grammar, however many of its kind come."""
    asked: list[Event] = []

    def counted(line: LogLine) -> Event:
        asked.append(known(line))
        return asked[-1]

    known = event_of
    monkeypatch.setattr(scan, "event_of", counted)
    block = Scanner(year=2026).block(lines_of(*[text, f"heroku[router]: {ROUTER}", "app[web.1]: level=info"] * 20))

    assert block.lines == 60
    assert len(asked) <= 20
    assert [row[DYNO] for row in block.rows].count(b"web.1") == 20
    assert all(not isinstance(found, AppOutput) or found.line.text != ROUTER for found in asked)
