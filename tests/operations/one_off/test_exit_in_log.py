"""The exit status in a dyno's own log: of this dyno, not of an earlier one of the same name."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from herodyno.dynos import Dyno
from herodyno.errors import Unreachable
from herodyno.operations.one_off.exit_in_log import LoggedExit, find_logged_exit, logged_exit

DYNO = Dyno(name="run.4821", id="7d0f", created_at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC))


def line(time: str, text: str, *, dyno: str = "run.4821", source: str = "heroku") -> bytes:
    return f"2026-11-23T{time}+00:00 {source}[{dyno}]: {text}\n".encode()


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ([], LoggedExit()),
        ([line("03:00:09", "Process exited with status 3")], LoggedExit(3)),
        (
            [line("03:00:09", "Process exited with status 0"), line("03:00:10", "State changed from up to complete")],
            LoggedExit(0),
        ),
        ([line("03:00:09", "Process exited with status 255")], LoggedExit(255)),
        ([line("03:00:09", "Process exited with status 256")], LoggedExit(1)),
        ([line("02:10:00", "Process exited with status 7")], LoggedExit()),
        ([line("03:00:09", "Process exited with status 7", dyno="run.48210")], LoggedExit()),
        ([line("03:00:09", "Process exited with status 7", source="app")], LoggedExit()),
        (
            [
                line("03:00:30", "Error R13 (Attach error) -> Failed to attach to process"),
                line("03:00:31", "Process exited with status 128"),
            ],
            LoggedExit(128, ("R13",)),
        ),
    ],
)
def test_the_end_is_read(lines: list[bytes], end: LoggedExit) -> None:
    assert logged_exit(lines, DYNO, year=2026) == end


def test_d8_the_log_is_read_again_until_the_line_is_there() -> None:
    answers: Iterator[list[bytes] | Exception] = iter(
        [[], Unreachable("no log"), [line("03:00:09", "Process exited with status 9")]]
    )
    slept: list[float] = []

    def log() -> list[bytes]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert find_logged_exit(log, DYNO, year=2026, sleep=slept.append) == LoggedExit(9)
    assert slept == [0.5, 1.0, 2.0]


def test_d8_a_log_that_never_tells_is_left_after_eight_seconds() -> None:
    slept: list[float] = []
    assert find_logged_exit(list, DYNO, year=2026, sleep=slept.append) == LoggedExit()
    assert sum(slept) < 8
