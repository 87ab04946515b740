"""A detached dyno is followed to its end: each line once, the status from its log, unknown never taken for 0."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest

from herodyno.dynos import Dyno
from herodyno.errors import NotFound, Refused, Unreachable
from herodyno.logs.events import LogLine
from herodyno.operations.one_off.detached import Follower, TimeUsedUp, alive

DYNO = Dyno(name="run.4821", id="7d0f", created_at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC))


def line(second: float, text: str, source: str = "app", dyno: str = "run.4821") -> bytes:
    return f"2026-11-23T03:00:{second:09.6f}+00:00 {source}[{dyno}]: {text}\n".encode()


EXIT_3 = line(9, "Process exited with status 3", "heroku")
LOST = Unreachable("log incomplete: connection lost")


class Log:
    """A log whose tails are cut where the test says; a dump gives all of it."""

    def __init__(
        self, *tails: Iterable[bytes | float | Exception], dump: Iterable[bytes] = (), alive: bool | Exception = True
    ) -> None:
        self.tails = iter(tails)
        self.whole = list(dump)
        self.alive = alive
        self.ends_at = 1e9
        self.shown: list[str] = []
        self.clock = 0.0
        self.patience: list[float] = []

    def tail(self, seconds: float) -> Iterator[bytes]:
        self.patience.append(seconds)
        for part in next(self.tails):
            if isinstance(part, Exception):
                raise part
            if isinstance(part, float):
                self.clock += part
            else:
                self.clock += 1
                yield part

    def is_alive(self) -> bool:
        if isinstance(self.alive, Exception):
            raise self.alive
        return self.alive and self.clock < self.ends_at

    def show(self, shown: LogLine) -> None:
        self.shown.append(shown.text)

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    def follow(self, total_seconds: float | None = None) -> int | None:
        return Follower(
            DYNO,
            tail=self.tail,
            dump=lambda: self.whole,
            is_alive=self.is_alive,
            show=self.show,
            year=2026,
            total_seconds=total_seconds,
            now=lambda: self.clock,
            sleep=self.sleep,
        ).status()


def test_lines_are_shown_as_they_come_and_the_status_is_the_logs() -> None:
    log = Log([line(1, "one"), line(2, "  two"), line(3, "other", dyno="web.1"), EXIT_3])
    assert log.follow() == 3
    assert log.shown == ["one", "  two", "Process exited with status 3"]


def test_a_tail_that_breaks_is_asked_for_again_and_no_line_is_lost_or_repeated() -> None:
    first: list[bytes | float | Exception] = [line(1, "a"), line(2, "b"), LOST]
    second: list[bytes | float | Exception] = [line(1, "a"), line(2, "b"), line(2, "b"), line(3, "c"), LOST]
    third = [line(2, "b"), line(2, "b"), line(3, "c"), line(4, "d"), EXIT_3]
    log = Log(first, second, third)
    assert log.follow() == 3
    assert log.shown == ["a", "b", "b", "c", "d", "Process exited with status 3"]


def test_what_reaches_the_log_behind_the_exit_is_shown_too() -> None:
    log = Log([line(1, "a"), EXIT_3], dump=[line(1, "a"), EXIT_3, line(8.9, "the last words")])
    assert log.follow() == 3
    assert log.shown[-1] == "the last words"


def test_a_dyno_that_is_gone_without_a_word_has_no_known_status() -> None:
    log = Log([line(1, "a"), LOST], dump=[line(1, "a")], alive=False)
    assert log.follow() is None


def test_a_dyno_that_is_gone_may_have_told_the_dump() -> None:
    assert Log([LOST], dump=[line(1, "a"), EXIT_3], alive=False).follow() == 3


def test_a_dyno_that_is_gone_ends_a_tail_that_goes_on_and_says_nothing() -> None:
    assert Log([b"\0"] * 100, dump=[EXIT_3], alive=False).follow() == 3


def test_the_time_allowed_is_kept_even_while_the_tail_talks() -> None:
    log = Log([line(second, "x") for second in range(59)])
    with pytest.raises(TimeUsedUp):
        log.follow(total_seconds=10)
    assert len(log.shown) == 10
    assert log.patience == [10]


def test_neither_log_nor_api_for_minutes_is_an_error() -> None:
    log = Log(*[[LOST]] * 20)
    log.alive = LOST
    with pytest.raises(Unreachable):
        log.follow()
    assert 60 < log.clock < 300


def test_a_log_that_cannot_be_had_is_asked_for_less_and_less_until_the_dyno_has_ended() -> None:
    log = Log(*[[LOST]] * 40, dump=[EXIT_3])
    log.ends_at = 1000
    assert log.follow() == 3
    assert len(log.patience) < 40


def test_a_dyno_that_is_silent_for_an_hour_is_waited_for() -> None:
    silent: list[bytes | float | Exception] = [b"\0", 30.0, LOST]
    log = Log(*[silent] * 120, [line(1, "a"), EXIT_3])
    assert log.follow() == 3
    assert log.clock > 3600


def test_memory_is_bounded_and_a_long_log_is_shown_once() -> None:
    many = [line(second / 1000, "x") for second in range(25_000)]
    log = Log([*many, LOST], [*many[-1500:], EXIT_3])
    assert log.follow() == 3
    assert len(log.shown) == 25_001


@pytest.mark.parametrize(("state", "lives"), [("up", True), ("starting", True), ("crashed", False), ("", True)])
def test_a_dynos_state_says_whether_it_lives(state: str, lives: bool) -> None:
    assert alive(lambda: Dyno(name="run.1", state=state)) is lives


def test_a_dyno_the_api_does_not_know_is_gone_and_one_it_cannot_tell_of_is_an_error() -> None:
    def missing() -> Dyno:
        raise NotFound("no")

    def silent() -> Dyno:
        raise LOST

    assert not alive(missing)
    with pytest.raises(Unreachable):
        alive(silent)


def test_output_that_takes_no_more_ends_the_following_at_once() -> None:
    class Full(Log):
        def show(self, shown: LogLine) -> None:
            raise Refused("cannot write the output: no space left")

    with pytest.raises(Refused):
        Full([line(1, "a")], [line(2, "b")]).follow()
