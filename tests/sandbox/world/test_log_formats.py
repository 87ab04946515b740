"""The three forms in which readers get log lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world import log_formats
from herodyno.sandbox.world.log_buffer import LogEntry

AT = datetime(2026, 6, 9, 16, 13, 38, 140819, tzinfo=UTC)
ENTRY = LogEntry(AT, "heroku", "web.1", "Starting process with command `serve`")


def frames_of(body: bytes) -> list[bytes]:
    """Split by the counts, as a drain must."""
    found = []
    while body:
        length, _, rest = body.partition(b" ")
        found.append(rest[: int(length)])
        body = rest[int(length) :]
    return found


def test_a_log_session_gives_text() -> None:
    assert log_formats.text([ENTRY]) == (
        "2026-06-09T16:13:38.140819+00:00 heroku[web.1]: Starting process with command `serve`\n"
    )


def test_a_stamp_in_whole_seconds_keeps_its_six_digits() -> None:
    api = LogEntry(AT.replace(microsecond=0), "app", "api", "Build succeeded")
    assert log_formats.line(api) == "2026-06-09T16:13:38.000000+00:00 app[api]: Build succeeded"


def test_a_drain_gets_counted_frames() -> None:
    assert log_formats.frame(ENTRY) == (
        b"98 <134>1 2026-06-09T16:13:38.140819+00:00 host heroku web.1 - Starting process with command `serve`\n"
    )


@pytest.mark.parametrize(
    ("source", "proc", "priority"),
    [
        ("heroku", "web.1", 134),
        ("app", "api", 134),
        ("app", "web.1", 190),
        ("heroku", "router", 158),
        ("heroku", "logplex", 172),
    ],
)
def test_who_speaks_is_told_by_the_priority(source: str, proc: str, priority: int) -> None:
    assert f" <{priority}>1 ".encode() in log_formats.frame(LogEntry(AT, source, proc, "x"))


def test_every_frame_of_a_scenario_can_be_split_by_its_count() -> None:
    entries = scenario("one-bad-dyno").app("example-app").log.everything
    found = frames_of(log_formats.frames(entries))
    assert len(found) == len(entries)
    assert all(each.startswith(b"<") and each.endswith(b"\n") for each in found)


def test_a_long_message_is_cut_into_pieces_of_10000_bytes() -> None:
    found = frames_of(log_formats.frame(LogEntry(AT, "app", "web.1", "x" * 15_059)))
    assert [each.split(b" - ", 1)[1] for each in found] == [b"x" * 10_000, b"x" * 5_059 + b"\n"]


def test_an_overflow_frame_has_no_line_end() -> None:
    lost = LogEntry(AT, "heroku", "logplex", "Error L10 (output buffer overflow): 1 messages dropped since 2026.")
    body = log_formats.frames([lost, ENTRY])
    assert b"2026.98 <134>1" in body
    assert len(frames_of(body)) == 2


def test_papertrail_rows_have_ten_columns() -> None:
    row = log_formats.papertrail([LogEntry(AT, "app", "web.2", "a\tb")], app="example-app").rstrip("\n").split("\t")
    assert len(row) == 10
    assert (row[1], row[4], row[8], row[9]) == ("2026-06-09T16:13:38Z", "example-app", "app/web.2", "a    b")
