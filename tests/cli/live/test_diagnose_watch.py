"""`diagnose --watch`: a line per new verdict, none for new counts; an outage of the API or the log is no health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

import pytest

from herodyno.cli.live.held_log import Held
from herodyno.cli.session import Session
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


class Log:
    """All that the simulated app has logged; while it is lost, what it had logged until then."""

    lost_at: datetime | None = None

    def __init__(self, session: Session, app: str, generation: str) -> None:
        self._session = session

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def wait_for_history(self, seconds: float) -> None:
        pass

    def held(self) -> Held:
        if self.lost_at is None or not self.lines:
            text = self.world.log_text("example-app").encode()
            type(self).lines = list(read_lines([text], year=2026))
        return Held(self.lines, len(self.lines), (), self.lost_at)

    lines: Sequence[LogLine] = ()
    world: World


@pytest.fixture
def log(world: World, monkeypatch: pytest.MonkeyPatch) -> type[Log]:
    made = type("Log", (Log,), {"world": world})
    monkeypatch.setattr("herodyno.cli.live.diagnose_watch.HeldLog", made)
    return made


def nothing() -> None:
    pass


def test_a_new_verdict_is_a_line_and_new_counts_are_none(
    invoke: Invoke,
    world: World,
    log: type[Log],
    then: Callable[..., None],
    readme_block: Callable[[str, str], None],
) -> None:
    then(nothing, lambda: world.restart("example-app", dyno="web.2"), *[nothing] * 8, each=45)
    stdout, stderr, code = invoke("diagnose --watch 30s -a example-app --utc")
    told = [line.split("  ", 1)[1] for line in stdout.splitlines()]
    assert code == 130
    assert told[0].startswith("ONE DYNO  web.2 (")
    assert "; next: herodyno restart web.2 --if-id " in told[0]
    assert 1 < len(told) < 6  # of ten looks
    assert all(text != later for text, later in pairwise(told))
    readme_block("diagnose-watch", f"$ herodyno diagnose --watch 30s --app example-app | cat\n{stderr}{stdout}")


def test_json_is_a_whole_diagnosis_per_verdict(invoke: Invoke, log: type[Log], then: Callable[..., None]) -> None:
    then(nothing, nothing)
    stdout, _, code = invoke("diagnose --watch --json -a example-app")
    (document,) = [valid(line) for line in stdout.splitlines()]
    assert (document["verdict"]["class"], code) == ("one_dyno", 130)


def test_while_the_log_is_lost_the_verdict_is_that_of_then(
    invoke: Invoke, world: World, log: type[Log], then: Callable[..., None]
) -> None:
    def lose() -> None:
        log.lost_at = world.now

    then(lose, *[nothing] * 2, each=900)
    stdout, _, _ = invoke("diagnose --watch 30s -a example-app --json")
    (document,) = [valid(line) for line in stdout.splitlines()]
    assert document["verdict"]["ongoing"] is True  # 30 silent minutes are no sign that it is over


def test_the_log_is_judged_on_while_the_api_is_down(
    invoke: Invoke, log: type[Log], then: Callable[..., None], heroku_is: Callable[[str], None]
) -> None:
    then(nothing, lambda: heroku_is("down"), *[nothing] * 5, lambda: heroku_is("up"), nothing, nothing, each=40)
    stdout, stderr, code = invoke("diagnose --watch 2s -a example-app --no-color --utc", terminal=True)
    frames = stdout.split("\x1b[?2026h")[1:]
    assert code == 130
    assert "no answer since 02:" in frames[-3]
    assert "ONE DYNO" in frames[-3]
    assert "no answer since" not in frames[-1]
    said = [text for text in stderr.splitlines() if "answer" in text and not text.startswith("  ")]
    assert [text.partition(" since")[0].partition(", after")[0] for text in said] == [
        "no answer",
        "the API answers again",
    ]


@pytest.mark.parametrize(
    "flag",
    [
        "--nagios",
        "--bundle x.zip",
        "-o jsonl",
        "--listen 5m",
        "--from-file app.log",
        "--plot errors",
        "--fail-on never",
    ],
)
def test_what_needs_an_end_does_not_go_with_it(invoke: Invoke, flag: str) -> None:
    stdout, stderr, code = invoke(f"diagnose --watch 30s {flag}")
    assert code == (3 if flag == "--nagios" else 2)
    assert "--watch" in stdout + stderr
