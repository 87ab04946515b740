"""`diagnose --watch`: a line per new verdict, none for new counts; an outage of the API or the log is no health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from shutil import rmtree

import pytest

from herodyno.cli.live.held_log import Held
from herodyno.cli.session import Session
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from herodyno.sandbox.world.world import World
from tests.cli.chat import Chat
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


def test_a_change_is_told_to_a_command_once_and_shown_as_ever(
    invoke: Invoke, log: type[Log], then: Callable[..., None], chat: Chat, tmp_path: Path
) -> None:
    then(*[nothing] * 4, each=45)
    line = f"diagnose --watch 30s -a example-app --json --on change --state '{tmp_path}/s.json' -- '{chat.hook}'"
    stdout, stderr, code = invoke(line)
    assert [valid(text)["verdict"]["class"] for text in stdout.splitlines()][:1] == ["one_dyno"]
    (alert,) = chat.told
    assert (alert["app"], alert["now"]["class"], code) == ("example-app", "one_dyno", 130)
    assert f"alert {alert['id']}, one_dyno (critical): hook.sh was run" in stderr
    then(*[nothing] * 2, each=45)  # another process, or the same after a reboot
    invoke(line)
    assert len(chat.told) == 1


def test_a_lost_log_is_told_and_is_no_change(
    invoke: Invoke, world: World, log: type[Log], then: Callable[..., None], chat: Chat
) -> None:
    def lose() -> None:
        log.lost_at = world.now

    def find() -> None:
        log.lost_at = None

    then(lose, *[nothing] * 3, find, nothing, each=40)
    invoke(f"diagnose --watch 30s -a example-app --on change -- '{chat.hook}'")
    (alert,) = chat.told  # the look before the loss and one after it
    assert alert["at"] > alert["now"]["since"]
    assert world.now.timestamp() - datetime.fromisoformat(alert["at"]).timestamp() < 60


def test_trouble_in_the_log_is_told_while_the_api_is_down(
    invoke: Invoke, log: type[Log], then: Callable[..., None], heroku_is: Callable[[str], None], chat: Chat
) -> None:
    then(lambda: heroku_is("down"), *[nothing] * 2, each=20)
    _, stderr, _ = invoke(f"diagnose --watch 2s -a example-app --on critical -- '{chat.hook}'")
    assert "no answer since" in stderr
    assert [alert["now"]["class"] for alert in chat.told] == ["one_dyno"]


@pytest.mark.slow
def test_neither_a_command_that_fails_nor_a_state_that_is_gone_ends_the_watch(
    invoke: Invoke, log: type[Log], then: Callable[..., None], chat: Chat, tmp_path: Path
) -> None:
    folder = tmp_path / "states"
    folder.mkdir()
    chat.does("exit 7")
    then(lambda: rmtree(folder), nothing, lambda: chat.hook.unlink(), *[nothing] * 4, each=40)
    _, stderr, code = invoke(
        f"diagnose --watch 30s -a example-app --on change --state '{folder}/s.json' -- '{chat.hook}'"
    )
    assert code == 130
    assert (
        stderr.count("cannot be locked: No such file or directory; until it can, this watch remembers by itself") == 1
    )
    assert [alert["try"] for alert in chat.told] == [1, 2]
    assert "hook.sh cannot be run: No such file or directory; again in 10 min" in stderr


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
