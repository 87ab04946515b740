"""A line that goes on a traceback is taken in without an event, and the events are those of taking lines one by one."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import AppException, Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import TracebackJoiner
from herodyno.logs.scan import unmatched
from herodyno.logs.scan.by_pattern import matched
from herodyno.logs.scan.rows import text_lines
from herodyno.logs.scan.stamps import Stamps
from herodyno.logs.scan.unmatched import UnmatchedReader

TEXTS = (
    "Traceback (most recent call last):", '  File "/app/shop/cart.py", line 41, in total', "    return sum(rows)",
    "TypeError: unsupported", "ValueError: bad\r", "During handling of the above exception, another occurred:", "",
    "NoMethodError (undefined method):", "app/models/order.rb:7:in `total'", "hello", "at=info ]: x", "caf\xe9 \u2028",
)  # fmt: skip
FRACTIONS = ("000000", "000001", "000900", "001001", "060000", "999999", "12 456", "12345")
HEADS = (
    "2026-03-02T12:00:01.{}+00:00 app[web.1]: ",
    "2026-03-02T12:00:01.{}+00:00 app[web.10]: ",
    "2026-03-02T12:00:02.{}+00:00 app[web.1]: ",
    "2026-03-02T12:00:03.{}+00:00 heroku[web.1]: ",
    "2026-03-02T12:00:01.{}+00:00 host app[web.1]: ",
    "2016-12-31T23:59:60.{}+00:00 app[web.1]: ",
    "2026-03-02T14:00:01.{}+02:00 app[web.1]: ",
    "",
)
lines = st.builds(
    lambda head, fraction, text: (head.format(fraction) + text).encode("latin-1", "replace"),
    st.sampled_from(HEADS), st.sampled_from(FRACTIONS), st.sampled_from(TEXTS),
)  # fmt: skip
trace = [(HEADS[0].format("000000") + text).encode() for text in TEXTS[:4]]


def one_by_one(log: list[bytes]) -> list[Event]:
    """The events, each line made an event."""
    joiner, reader = TracebackJoiner(), LineReader(year=2026)
    events: list[Event] = []
    for number, line in enumerate(log, start=1):
        events += joiner.take(event_of(reader.numbered(line, number)))
    return events + joiner.close()


@given(st.lists(lines, max_size=20))
@example([*trace, HEADS[2].format("100000").encode() + b"hello", *trace])
@example([HEADS[5].format("000001").encode() + TEXTS[0].encode()] * 2)
def test_the_events_are_those_of_lines_taken_one_by_one(log: list[bytes]) -> None:
    reader = UnmatchedReader(year=2026)
    events = [event for number, line in enumerate(log, start=1) for event in reader.event(line, number)]
    assert events + reader.joiner.close() == one_by_one(log)


@given(st.lists(st.lists(lines, max_size=12), max_size=3))
@example([[*trace[:3], HEADS[0].format("000000").encode() + b"hello", trace[3]]])
@example([[trace[0]], [trace[1], HEADS[3].format("000000").encode() + b"hello"], [trace[3]]])
def test_rows_between_the_lines_of_a_traceback_are_taken_in(blocks: list[list[bytes]]) -> None:
    texts = [b"".join(b"%b\n" % line for line in block) for block in blocks]
    reader, stamps, number = UnmatchedReader(year=2026), Stamps(), 1
    read: list[Event] = []
    for text in texts:
        rows = matched(text, number, stamps).rows
        events, taken = reader.events(rows)
        assert taken == sorted(set(taken))
        read += events
        number += len(rows) + len(rows.unmatched)
    every = one_by_one([line for text in texts for line in text_lines(text)])
    assert tracebacks(read + reader.joiner.close()) == tracebacks(every)


def tracebacks(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, AppException)]


def calls_for(log: list[bytes]) -> int:
    """How many functions are called, those of the interpreter too, while a log is read by a new reader."""
    calls, reader = 0, UnmatchedReader(year=2026)

    def noted(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(noted)
    try:
        for number, line in enumerate(log, start=1):
            reader.event(line, number)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("step", [0, 1])
def test_a_line_that_goes_on_a_traceback_takes_few_calls(step: int) -> None:
    """`step`: microseconds between two lines. No time is parsed, and no role or place is looked for a second time."""

    def log(frames: int) -> list[bytes]:
        texts = [TEXTS[0], *[TEXTS[1], TEXTS[2]] * frames, TEXTS[3]]
        return [HEADS[0].format(f"{at * step:06d}").encode() + text.encode() for at, text in enumerate(texts)]

    calls_for(log(1))
    assert calls_for(log(200)) - calls_for(log(100)) <= 200 * 15


def test_of_a_traceback_of_any_length_two_lines_become_events(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[LogLine] = []

    def noted(line: LogLine) -> Event:
        read.append(line)
        return event_of(line)

    monkeypatch.setattr(unmatched, "event_of", noted)
    reader = UnmatchedReader(year=2026)
    long = [trace[0], *[trace[1], trace[2]] * 100, trace[3], HEADS[2].format("100000").encode() + b"hello"]
    events = [event for number, line in enumerate(long, start=1) for event in reader.event(line, number)]
    assert [event.lines for event in events if isinstance(event, AppException)] == [202]
    assert len(read) == 2
