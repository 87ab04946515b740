"""The buffer of 1,500 lines, and tails that follow it or fall behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from herodyno.sandbox.heroku_facts import LOG_BUFFER_LINES
from herodyno.sandbox.world.log_buffer import LogBuffer, LogEntry

START = datetime(2026, 11, 23, tzinfo=UTC)


def entries(count: int) -> list[LogEntry]:
    return [LogEntry(START + timedelta(seconds=n), "app", "web.1", f"line {n}") for n in range(count)]


def test_only_the_last_1500_lines_are_kept() -> None:
    log = LogBuffer()
    log.extend(entries(2000))
    assert len(log.history(5000)) == LOG_BUFFER_LINES == 1500
    assert log.history(1)[0].text == "line 1999"
    assert (log.history(0), log.total) == ([], 2000)


def test_everything_is_kept_when_asked_for() -> None:
    log = LogBuffer(keep_all=True)
    log.extend(entries(2000))
    assert len(log.everything) == 2000


def test_where_no_history_is_kept_only_a_tail_sees_lines() -> None:
    log = LogBuffer(keeps_history=False)
    tail = log.follow()
    log.extend(entries(3))
    assert log.history(100) == []
    assert [each.text for each in tail.take()] == ["line 0", "line 1", "line 2"]


def test_a_tail_sees_each_later_line_once_until_it_is_closed() -> None:
    log = LogBuffer()
    log.extend(entries(2))
    tail = log.follow()
    log.extend(entries(1))
    assert len(tail.take()) == 1
    assert tail.take() == []
    log.unfollow(tail)
    log.extend(entries(1))
    assert tail.take() == []


def test_a_slow_tail_loses_its_oldest_lines_and_is_told() -> None:
    log = LogBuffer()
    tail = log.follow(room=10)
    log.extend(entries(25))
    taken = tail.take()
    assert taken[0].text == (
        "Error L11 (Tail buffer overflow) -> This tail session dropped 15 messages "
        "since 2026-11-23 00:00:14.000000000 +0000 UTC."
    )
    assert [each.text for each in taken[1:]] == [f"line {n}" for n in range(15, 25)]
    assert tail.take() == []


def test_a_tail_can_be_made_to_lose_lines() -> None:
    log = LogBuffer()
    tail = log.follow()
    log.extend(entries(5))
    tail.lose(50)
    assert [each.text[:9] for each in tail.take()] == ["Error L11"]


def test_lines_that_are_not_shipped_reach_nobody_and_only_those_of_the_dyno() -> None:
    log = LogBuffer(keep_all=True)
    tail = log.follow()
    log.lose("web.1", 3, "L12")
    platform = LogEntry(START, "heroku", "web.1", "Cycling")
    log.extend([*entries(2), platform, LogEntry(START, "app", "web.2", "other"), *entries(2)])
    text = "Error L12: 3 messages dropped since 2026-11-23T00:00:00.000000+00:00."
    assert [each.text for each in tail.take()] == ["Cycling", "other", text, "line 1"]
    assert [each.text for each in log.everything] == ["Cycling", "other", text, "line 1"]
    assert log.total == 4
