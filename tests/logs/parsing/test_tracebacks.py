"""Joining is bounded in memory and loses no line; cases/traceback-*.txt hold the languages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.events import AppException, AppOutput, Event, Exited, LogLine, Unread
from herodyno.logs.parsing.tracebacks import join_tracebacks

START = datetime(2026, 3, 2, 8, tzinfo=UTC)

TEXTS = st.sampled_from(
    [
        "Traceback (most recent call last):", '  File "/app/a.py", line 1, in a', "    return b()", "KeyError: 'a'", "",
        "During handling of the above exception, another exception occurred:", "TypeError: x",
        "    at f (/app/a.js:1:2)", "/app/a.js:12", "Caused by: E: x", "... 3 more", "GET / 200", "^^^", "panic: x",
    ]
)  # fmt: skip
GAPS = st.sampled_from([-20, 0, 1, 900, 1100, 30_000, 60_000, 2_000_000])
DYNOS = st.sampled_from(["web.1", "web.2", "worker.1", ""])


def output(number: int, at: datetime | None, dyno: str, text: str) -> AppOutput:
    return AppOutput(LogLine(at, "app", dyno, text, text, number), dyno)


def lines_of(events: list[Event]) -> int:
    return sum(event.lines if isinstance(event, AppException) else 1 for event in events)


@given(st.lists(st.tuples(TEXTS, GAPS, DYNOS, st.sampled_from(["app", "unread", "exit"])), max_size=60))
def test_every_line_is_counted_once(steps: list[tuple[str, int, str, str]]) -> None:
    events: list[Event] = []
    at = START
    for number, (text, gap, dyno, kind) in enumerate(steps, start=1):
        at += timedelta(microseconds=gap)
        event = output(number, at, dyno, text)
        if kind == "unread":
            events.append(Unread(event.line._replace(at=None, source="", proc="")))
        else:
            events.append(event if kind == "app" else Exited(event.line._replace(source="heroku"), dyno, 1))

    out = list(join_tracebacks(events))

    assert lines_of(out) == len(events)
    assert len({event.line.number for event in out}) == len(out)


def test_dynos_without_end_do_not_fill_memory() -> None:
    """Ever new dynos open a traceback. The first tracebacks come out while the log goes on."""
    taken = 0

    def endless() -> Iterator[Event]:
        nonlocal taken
        while True:
            taken += 1
            yield output(taken, START, f"web.{taken}", "Traceback (most recent call last):")

    next(join_tracebacks(endless()))

    assert taken < 1000


def test_lines_that_might_become_a_traceback_are_not_held_for_ever() -> None:
    taken = 0

    def endless() -> Iterator[Event]:
        nonlocal taken
        while True:
            taken += 1
            yield output(taken, START + timedelta(microseconds=taken), "web.1", "x" if taken > 1 else "/app/a.js:1")

    next(join_tracebacks(endless()))

    assert taken < 100


def test_a_traceback_comes_out_before_the_exit_it_explains() -> None:
    exit_line = LogLine(START, "heroku", "web.1", "Process exited with status 1", "", 2)

    out = list(join_tracebacks([output(1, START, "web.1", "KeyError: 'a'"), Exited(exit_line, "web.1", 1)]))

    assert [type(event) for event in out] == [AppException, Exited]


def test_a_traceback_is_not_held_back_by_a_quiet_dyno() -> None:
    later = START + timedelta(seconds=5)

    out = list(join_tracebacks([output(1, START, "web.1", "KeyError: 'a'"), output(2, later, "web.2", "GET / 200")]))

    assert [event.line.number for event in out] == [1, 2]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            [
                "thread 'worker' panicked at src/db.rs:41:5:",
                "called `unwrap()` on an `Err` value: PoolTimedOut",
                "note: run",
            ],
            "src/db.rs:41:5: called `unwrap()` on an `Err` value: PoolTimedOut",
        ),
        (
            ["http: panic serving 10.0.0.1:4314: runtime error: index out of range", "goroutine 9 [running]:"],
            "runtime error: index out of range",
        ),
    ],
)
def test_a_panic_says_why(lines: list[str], message: str) -> None:
    events = [output(n, START + timedelta(microseconds=20 * n), "web.1", text) for n, text in enumerate(lines, 1)]

    [raised] = join_tracebacks(events)

    assert isinstance(raised, AppException)
    assert (raised.kind, raised.message, raised.lines) == ("panic", message, len(lines))
