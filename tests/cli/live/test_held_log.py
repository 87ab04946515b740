"""The lines held are bounded; breaks are said once; only a lost login or an app that is gone ends it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from herodyno.cli.live import held_log
from herodyno.cli.live.held_log import Held, HeldLog
from herodyno.errors import HerodynoError, NotAuthenticated, Unreachable
from herodyno.heroku.log.tail import Gap
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)
CLOSED = "closed"


def lines(count: int, *, at: datetime = NOW) -> list[LogLine]:
    text = "".join(f"{at.isoformat(timespec='microseconds')} app[web.1]: line {number}\n" for number in range(count))
    return list(read_lines([text.encode()], year=2026))


class Tail:
    """Gives what is planned, then stays silent."""

    def __init__(self, plan: Iterator[Any]) -> None:
        self._plan = plan
        self.is_open = False

    def __enter__(self) -> Tail:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[Sequence[LogLine | Gap]]:
        for item in self._plan:
            if isinstance(item, HerodynoError):
                raise item
            self.is_open = item != CLOSED
            yield [] if item == CLOSED else item
        while True:
            time.sleep(0.005)
            yield []


class Session:
    """The parts of a session that a held log uses; each look at the clock is two seconds later."""

    def __init__(self, *plan: Any) -> None:
        self.told: list[str] = []
        self.output = SimpleNamespace(note=self.told.append, utc=True)
        self.at = NOW
        self._plan = iter(plan)

    def now(self) -> datetime:
        self.at += timedelta(seconds=2)
        return self.at

    def tail(self, app: str, **_: object) -> Tail:
        return Tail(self._plan)


def after(session: Session, number: int) -> Held:
    """What is held once so many lines have come."""
    with HeldLog(session, "shop", "cedar") as log:  # type: ignore[arg-type] # the parts that it uses
        deadline = time.monotonic() + 5
        while (held := log.held()).number < number or held.lost_at:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        return held


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_log, "max", lambda *_: 0.01, raising=False)  # seconds between two tries


def test_it_holds_the_newest_lines_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_log, "MOST_LINES", 50)
    held = after(Session(lines(40), lines(40), []), 80)
    assert (len(held.lines), held.number) == (50, 80)
    assert held.lines[0].text == "line 30"


def test_long_lines_count_by_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_log, "MOST_CHARACTERS", 600)
    held = after(Session(lines(40), []), 40)
    assert 0 < sum(len(line.raw) for line in held.lines) <= 600


def test_lines_of_hours_ago_are_dropped() -> None:
    held = after(Session(lines(5, at=NOW - timedelta(hours=4)) + lines(2), []), 7)
    assert [line.text for line in held.lines] == ["line 0", "line 1"]


def test_a_long_break_is_said_once_and_remembered() -> None:
    session = Session(lines(2), CLOSED, CLOSED, CLOSED, CLOSED, [Gap(None, 12.0), *lines(1)], [])
    held = after(session, 3)
    assert [text.partition(" (")[0][:12] for text in session.told] == ["no log since"]
    assert held.remarks == ("the log was interrupted once (12 s in all): lines may be missing",)


def test_a_log_that_cannot_be_had_yet_is_asked_for_again() -> None:
    assert after(Session(Unreachable("no route"), Unreachable("no route"), lines(3), []), 3).number == 3


def test_a_lost_login_ends_it() -> None:
    session = Session(lines(1), NotAuthenticated("the token was revoked"))
    with HeldLog(session, "shop", "cedar") as log:  # type: ignore[arg-type] # the parts that it uses
        log.wait_for_history(5)
        deadline = time.monotonic() + 5
        while log._error is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        with pytest.raises(NotAuthenticated):
            log.held()
