"""Rolling restarts on a turned clock: all goes well, one crashes, killed and resumed, no capacity, a gate fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from herodyno.errors import NotAuthenticated
from herodyno.operations.executor import Executor
from herodyno.operations.restart.roll import Item, Roll, Rules, left_behind, new_roll
from herodyno.operations.restart.roll_file import RollFile
from herodyno.operations.restart.roll_runner import RollCallbacks, resumed_roll, run_roll

APP = "example-app"


def webs(platform: Any) -> list[Any]:
    return [dyno for dyno in platform.living.values() if dyno.type == "web"]


class Rig:
    """One roll and everything round it."""

    def __init__(self, platform: Any, executor: Executor, folder: Path) -> None:
        self.platform = platform
        self.executor = executor
        self.file = RollFile(folder, APP, note=print)
        self.lines: list[str] = []
        self.problem = ""
        self.answers: list[bool] = []

    def run(self, roll: Roll) -> tuple[Roll, str]:
        def check(items: Sequence[Item]) -> str:
            return self.problem if any(item.name == "web.2" for item in items) else ""

        around = RollCallbacks(
            now=lambda: self.platform.now,
            sleep=self.platform.sleep,
            save=self.file.save,
            progress=self.lines.append,
            check=check,
            go_on=lambda reason: self.answers.pop(0),
        )
        return run_roll(roll, self.executor, around)

    def begin(self, **rules: Any) -> tuple[Roll, str]:
        return self.run(new_roll(APP, Rules(**rules), webs(self.platform)))


@pytest.fixture
def make_rig(tmp_path: Path, make_executor: Callable[..., Executor]) -> Callable[[Any], Rig]:
    return lambda platform: Rig(platform, make_executor(platform), tmp_path)


@pytest.fixture
def rig(platform: Any, make_rig: Callable[[Any], Rig]) -> Rig:
    return make_rig(platform)


def test_every_dyno_is_replaced_once_and_never_more_than_one_is_down(rig: Rig) -> None:
    before = {dyno.id for dyno in webs(rig.platform)}
    roll, reason = rig.begin()
    assert reason == ""
    assert not before & {dyno.id for dyno in webs(rig.platform)}
    assert len(rig.platform.writes) == 4
    assert rig.platform.most_down == 1
    assert left_behind(roll) == "4 of 4 dynos restarted and steady."
    assert rig.lines[0] == "web.1: restarting"
    assert any("web.1" in line and "restarting" not in line for line in rig.lines[1:3]), "what is waited for is told"


@pytest.mark.parametrize(("rules", "most"), [({"batch": 2}, 2), ({"batch_share": 0.25}, 2), ({"batch_share": 0.01}, 1)])
def test_no_more_than_the_batch_is_down_at_any_moment(
    rules: dict[str, Any], most: int, make_platform: Any, make_rig: Callable[[Any], Rig]
) -> None:
    rig = make_rig(make_platform(web=9))
    assert rig.begin(**rules)[1] == ""
    assert len(rig.platform.writes) == 9
    assert rig.platform.most_down == most


def test_a_pause_is_kept_between_batches_and_not_after_the_last(rig: Rig) -> None:
    begun = rig.platform.now
    rig.begin()
    without = (rig.platform.now - begun).total_seconds()
    begun = rig.platform.now
    rig.begin(pause_seconds=60.0)
    assert without + 180 <= (rig.platform.now - begun).total_seconds() < without + 200


def test_a_crash_in_the_middle_stops_it_and_says_what_was_left(rig: Rig) -> None:
    rig.platform.doomed = {"web.2"}
    roll, reason = rig.begin()
    new = rig.platform.living["web.2"].id[:8]
    assert reason == f"web.2: its new dyno {new} crashed"
    assert left_behind(roll) == (
        f"1 of 4 dynos restarted and steady; web.2 failed (its new dyno {new} crashed); web.3, web.4 not touched."
    )
    assert len(rig.platform.writes) == 2


def test_on_error_continue_goes_on_and_still_says_what_failed(rig: Rig) -> None:
    rig.platform.doomed = {"web.2"}
    roll, reason = rig.begin(on_error="continue")
    assert len(rig.platform.writes) == 4
    assert reason.startswith("web.2: ")
    assert "3 of 4 dynos restarted" in left_behind(roll)


@pytest.mark.parametrize(("answer", "writes"), [(True, 4), (False, 2)])
def test_on_error_ask_does_as_it_is_told(rig: Rig, answer: bool, writes: int) -> None:
    rig.platform.doomed = {"web.2"}
    rig.answers = [answer]
    _, reason = rig.begin(on_error="ask")
    assert len(rig.platform.writes) == writes
    assert reason.startswith("web.2: ")


def test_a_dyno_that_never_comes_up_ends_the_roll_in_time(rig: Rig) -> None:
    rig.platform.boot = 10_000
    begun = rig.platform.now
    _, reason = rig.begin(timeout_seconds=60.0)
    assert reason == "web.1: still starting within 1 min"
    assert 60 < (rig.platform.now - begun).total_seconds() < 80


def test_a_gate_that_fails_stops_it(rig: Rig) -> None:
    rig.problem = "the probe answered 503"
    _, reason = rig.begin()
    assert reason == "web.2: the probe answered 503"
    assert len(rig.platform.writes) == 2


def test_capacity_is_refused_before_anything_is_sent(rig: Rig) -> None:
    _, reason = rig.begin(batch=3)
    assert reason.startswith("capacity: web.1, web.2, web.3 would leave 1 of 4 web dynos up")
    assert rig.platform.writes == []


def test_a_dyno_replaced_by_others_meanwhile_is_left_alone(rig: Rig) -> None:
    roll = new_roll(APP, Rules(), webs(rig.platform))
    rig.platform.restart(APP, dyno="web.3")
    rig.platform.sleep(30)
    roll, reason = rig.run(roll)
    assert reason == ""
    assert "web.3 replaced by others meanwhile" in left_behind(roll)
    assert len(rig.platform.writes) == 1 + 3


@pytest.mark.parametrize("kill_at", range(1, 30))
def test_killed_at_any_call_it_can_be_resumed_and_no_dyno_restarts_twice(rig: Rig, kill_at: int) -> None:
    before = {dyno.id for dyno in webs(rig.platform)}
    calls = 0

    def count(what: str) -> None:
        nonlocal calls
        calls += 1
        if calls == kill_at:
            raise KeyboardInterrupt

    rig.platform.before_call = count
    try:
        rig.begin(steady_seconds=5.0)
    except KeyboardInterrupt:
        if rig.file.exists():
            assert rig.run(resumed_roll(rig.file.load(), rig.platform.now))[1] == ""
        else:
            assert rig.platform.writes == []
            rig.begin(steady_seconds=5.0)
    assert not before & {dyno.id for dyno in webs(rig.platform)}
    targets = [write[2] for write in rig.platform.writes]
    assert len(targets) == len(set(targets)) == 4
    assert rig.platform.most_down == 1


def test_killed_after_the_write_and_before_its_answer_it_is_not_sent_again(rig: Rig) -> None:
    def fault() -> str:
        raise KeyboardInterrupt

    roll = new_roll(APP, Rules(), webs(rig.platform))
    real = rig.platform._replace

    def replaced_then_killed(name: str) -> None:
        real(name)
        raise KeyboardInterrupt

    rig.platform._replace = replaced_then_killed
    with pytest.raises(KeyboardInterrupt):
        rig.run(roll)
    rig.platform._replace = real
    saved = rig.file.load()
    assert [item.phase for item in saved.items] == ["sending", "waiting", "waiting", "waiting"]
    resumed, reason = rig.run(resumed_roll(saved, rig.platform.now))
    assert reason == ""
    assert [item.phase for item in resumed.items] == ["done"] * 4, "its new dyno is watched like the others"
    assert len(rig.platform.writes) == 4


def test_killed_within_a_batch_the_file_tells_what_was_sent_from_what_may_have_been(rig: Rig) -> None:
    real = rig.platform._replace

    def killed_at_the_second(name: str) -> None:
        real(name)
        if len(rig.platform.writes) == 2:
            raise KeyboardInterrupt

    rig.platform._replace = killed_at_the_second
    with pytest.raises(KeyboardInterrupt):
        rig.begin(batch=2)
    assert [item.phase for item in rig.file.load().items] == ["sent", "sending", "waiting", "waiting"]


def test_a_dyno_that_goes_between_the_look_and_the_call_is_no_failure(rig: Rig) -> None:
    def race(what: str) -> None:
        if what == "restart":
            rig.platform.before_call = lambda what: None
            rig.platform._replace("web.1")

    rig.platform.before_call = race
    roll, reason = rig.begin()
    assert reason == ""
    assert [item.phase for item in roll.items] == ["replaced", "done", "done", "done"]


@pytest.mark.parametrize("on_error", ["stop", "continue", "ask"])
@pytest.mark.parametrize("call", ["restart", "dynos"])
def test_a_token_refused_in_the_middle_ends_the_roll_whatever_on_error_says(rig: Rig, on_error: str, call: str) -> None:
    def revoked(what: str) -> None:
        if what == call and rig.platform.writes:
            raise NotAuthenticated("Heroku does not take the token")

    rig.platform.before_call = revoked
    with pytest.raises(NotAuthenticated):
        rig.begin(on_error=on_error)
    assert len(rig.platform.writes) == 1
    rig.platform.before_call = lambda what: None
    resumed, reason = rig.run(resumed_roll(rig.file.load(), rig.platform.now))
    assert reason == ""
    assert [item.phase for item in resumed.items] == ["done"] * 4


def test_resumed_after_a_crash_it_goes_on_with_the_rest_and_does_not_forget_it(rig: Rig) -> None:
    rig.platform.doomed = {"web.2"}
    roll, _ = rig.begin()
    resumed, reason = rig.run(resumed_roll(roll, rig.platform.now))
    assert [item.phase for item in resumed.items] == ["done", "failed", "done", "done"]
    assert reason.startswith("web.2: ")
    assert len(rig.platform.writes) == 4


def test_resumed_after_a_write_that_did_not_happen_it_is_tried_once_more(rig: Rig) -> None:
    rig.platform.fault = lambda: "dropped"
    roll, reason = rig.begin()
    assert "sent once and not repeated" in reason
    rig.platform.fault = lambda: "ok"
    assert rig.run(resumed_roll(roll, rig.platform.now))[1] == ""


@pytest.mark.parametrize("runs", [15, pytest.param(1000, marks=pytest.mark.slow)])
def test_lost_answers_never_make_a_second_restart(
    runs: int, make_platform: Any, make_rig: Callable[[Any], Rig]
) -> None:
    for seed in range(runs):
        rig = make_rig(make_platform(seed=seed))
        platform = rig.platform
        platform.fault = lambda platform=platform: platform.random.choice(["ok", "lost", "lost", "dropped"])
        rig.begin(on_error="continue", steady_seconds=3.0)
        targets = [write[2] for write in platform.writes]
        assert len(targets) == len(set(targets))
        assert platform.most_down <= 1
