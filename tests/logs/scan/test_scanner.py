"""The pattern reads no line differently from `event_of`. Hostile lines do not cross lines and do not cost more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.logs.events import AppOutput, Event, LogLine, MemorySample, RouterRequest
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.exceptions import role_of
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan import unmatched
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.blocks import line_blocks
from herodyno.logs.scan.fast_reject import may_mean_more
from herodyno.logs.scan.scanner import Scanner

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
    "#3 /x", "pid=4 tid=x ", "WARN: ", " ERROR: ", "PG::Bad: x",
]  # fmt: skip


def block(*texts: str) -> Block:
    return Scanner(year=2026).block("".join(f"{AT} {text}\n" for text in texts).encode())


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
def test_a_request_is_read_as_event_of_reads_it_or_left_unmatched(changes: list[tuple[int, str]]) -> None:
    text = ROUTER
    for at, what in changes:
        text = changed(text, at, what)
    for _, method, path, host, fwd, dyno, service, status in zip(
        *block(f"heroku[router]: {text}").requests, strict=True
    ):
        read = event(f"heroku[router]: {text}")
        assert isinstance(read, RouterRequest)
        assert method.decode() == read.method
        assert path.decode() == read.path.partition("?")[0]
        assert host.decode() == read.host
        assert fwd.decode() == read.fwd
        assert dyno.decode() == read.dyno
        assert (int(service), int(status)) == (read.service_ms, read.status)
        assert read.code == ""


@settings(max_examples=300, deadline=None)
@given(CHANGES, st.sampled_from(['at=error code=H12 desc="Request timeout"', "at=info"]))
def test_a_failed_request_is_read_as_event_of_reads_it_or_left_unmatched(
    changes: list[tuple[int, str]], head: str
) -> None:
    text = ROUTER.replace("at=info", head).replace("status=200", "status=503")
    for at, what in changes:
        text = changed(text, at, what)
    for row in zip(*block(f"heroku[router]: {text}").failures, strict=True):
        _, method, path, host, fwd, dyno, service, status, code, number, line = row
        read = event(f"heroku[router]: {text}")
        assert isinstance(read, RouterRequest)
        assert method.decode() == read.method
        assert path.decode() == read.path.partition("?")[0]
        assert (host.decode(), fwd.decode(), dyno.decode()) == (read.host, read.fwd, read.dyno)
        assert (int(service), int(status), code.decode()) == (read.service_ms, read.status, read.code)
        assert (number, line.decode()) == (read.line.number, read.line.raw)


def test_failed_requests_are_apart_from_good_ones_and_those_of_no_dyno_are_events() -> None:
    failed = ROUTER.replace("at=info", 'at=error code=H12 desc="Request timeout"').replace("status=200", "status=503")
    found = block(
        f"heroku[router]: {ROUTER}",
        f"heroku[router]: {failed}",
        f"heroku[router]: {failed.replace('dyno=web.1', 'dyno=')}",
        f"heroku[router]: {ROUTER.replace('status=200', 'status=500')}",
        f"heroku[router]: {failed.replace('H12', 'H27')}",
    )
    assert (found.rows, len(found.events), found.requests.statuses) == (3, 2, [b"200"])
    assert (found.failures.codes, found.failures.numbers) == ([b"H12", b""], [2, 4])


@settings(max_examples=300, deadline=None)
@given(CHANGES)
def test_a_memory_line_is_read_as_event_of_reads_it_or_left_unmatched(changes: list[tuple[int, str]]) -> None:
    text = MEMORY
    for at, what in changes:
        text = changed(text, at, what)
    samples = block(f"heroku[web.1]: {text}").samples
    for place, dyno_id in enumerate(samples.ids):
        read = event(f"heroku[web.1]: {text}")
        assert isinstance(read, MemorySample)
        assert dyno_id == read.dyno_id.encode()
        assert float(samples.totals[place] or 0) == read.total_mb
        assert float(samples.swaps[place] or 0) == read.swap_mb
        assert (int(samples.pages[place] or 0), float(samples.quotas[place] or 0)) == (read.pages_in, read.quota_mb)
        assert b"%b+00:00 heroku[%b]: %b" % samples.said(place) == read.line.raw.encode()


def test_the_usual_lines_are_read_by_the_pattern() -> None:
    found = block(
        f"heroku[router]: {ROUTER}",
        f"heroku[web.1]: {MEMORY}",
        "heroku[web.1]: Error R14 (Memory quota exceeded)",
        "app[web.1]: level=info x=1",
        "app[web.1]: {}",
    )
    assert (len(found.requests.dynos), len(found.samples.names), len(found.plain.names)) == (1, 2, 2)
    assert (found.rows, found.events, found.samples.numbers) == (5, [], [2, 3])


def test_columns_are_in_the_order_of_time_and_lines_keep_their_numbers() -> None:
    late, early = (f"2026-03-02T12:00:0{second}.000000+00:00 heroku[web.1]: {MEMORY}\n" for second in (5, 3))
    between = f"{AT} heroku[web.1]: State changed from up to down\n\n"
    samples = Scanner(year=2026).block(f"{late}{between}{early}".encode()).samples
    assert samples.numbers == [3, 1]
    assert samples.stamps == sorted(samples.stamps)


@pytest.mark.parametrize(
    "stamp", ["2026-02-30T12:00:00", "2026-03-02T24:00:00", "2026-03-02T12:60:00", "2026-03-02T12:00:6 "]
)
def test_a_time_that_there_is_not_leaves_the_other_lines_to_the_pattern(stamp: str) -> None:
    good = f"{AT} app[web.1]: level=info\n"
    found = Scanner(year=2026).block(f"{good}{stamp}.000001+00:00 app[web.1]: level=info\n{good}".encode())
    assert (found.rows, len(found.events)) == (2, 1)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=5))
def test_what_may_begin_a_traceback_is_never_rejected(words: list[str]) -> None:
    text = "".join(words)
    if block(f"app[web.1]: {text}").plain.names or not may_mean_more(text.encode()):
        assert role_of(text) in ("plain", "detail")


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
    """Only the line itself may go to `event_of`, however many of its kind come."""
    asked: list[Event] = []

    def counted(line: LogLine) -> Event:
        asked.append(known(line))
        return asked[-1]

    known = event_of
    monkeypatch.setattr(unmatched, "event_of", counted)
    found = block(*[text, f"heroku[router]: {ROUTER}", "app[web.1]: level=info"] * 20)

    assert found.rows + len(found.events) == 60
    assert len(asked) <= 20
    assert found.requests.dynos == [b"web.1"] * 20
    assert all(not isinstance(event, AppOutput) or event.line.text != ROUTER for event in asked)


def test_lines_of_windows_and_long_ones_come_out_as_read_lines_has_them() -> None:
    long = f"{AT} app[web.1]: {'x' * 300_000}"
    chunks = [
        f"\ufeff{AT} a\r\n{AT}".encode(),
        f" b\n{long[:9]}".encode(),
        f"{long[9:]}\n{AT} c\r".encode(),
        b"\nd",
    ]
    lines = b"".join(line_blocks(chunks)).split(b"\n")
    assert lines[:2] == [f"{AT} a".encode(), f"{AT} b".encode()]
    assert lines[2].endswith(b" bytes more]")
    assert lines[3:] == [f"{AT} c".encode(), b"d", b""]
