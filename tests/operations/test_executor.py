"""The executor: at most one write for each intent whatever the network does, and a journal that tells of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError, NotFound, Refused, Unreachable, WriteUnclear
from herodyno.operations.executor import Executor
from herodyno.operations.scale.grammar import parse_scale_words
from herodyno.operations.scale.plan import plan_scale, scale_write
from herodyno.operations.writes import Write, dyno_write

APP = "example-app"


def web_1(platform: Any) -> Dyno:
    return platform.living["web.1"]


def scaling(platform: Any, *words: str) -> Write:
    return scale_write(plan_scale(APP, parse_scale_words(words), platform.formation(APP), platform.sizes(APP)))


def test_a_write_is_sent_once_and_both_its_lines_are_in_the_journal(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    executor = make_executor(platform)
    sent = executor.send(scaling(platform, "web+1"))
    assert (sent.outcome, sent.request_id) == ("done", "req-1")
    assert platform.writes == [("scale", "web=5:")]
    [entry] = executor.journal.entries()
    assert (entry.verb, entry.outcome, entry.request_id) == ("scale", "done", "req-1")
    assert entry.before == ("web=4:Standard-1X",)
    assert entry.after == ("web=5:Standard-1X",)
    assert entry.undo == ("herodyno", "scale", "web=4:Standard-1X", "--app", APP)


def test_a_dry_run_sends_nothing_and_writes_nothing(platform: Any, make_executor: Callable[..., Executor]) -> None:
    executor = make_executor(platform, dry_run=True, read_only=True)
    assert executor.send(scaling(platform, "web=0")).outcome == "planned"
    assert platform.writes == []
    assert not executor.journal.path.exists()


def test_read_only_refuses_every_write(platform: Any, make_executor: Callable[..., Executor]) -> None:
    with pytest.raises(Refused, match="read-only"):
        make_executor(platform, read_only=True).send(dyno_write("restart", APP, web_1(platform)))
    assert platform.writes == []


@pytest.mark.parametrize("verb", ["restart", "stop"])
def test_a_lost_answer_is_looked_up_and_found_done(
    verb: Any, platform: Any, make_executor: Callable[..., Executor], notes: list[str]
) -> None:
    platform.fault = lambda: "lost"
    executor = make_executor(platform)
    assert executor.send(dyno_write(verb, APP, web_1(platform))).outcome == "seen"
    assert len(platform.writes) == 1
    assert "shows that it was done" in notes[-1]
    assert executor.journal.entries()[0].outcome == "seen"


def all_web(platform: Any) -> Write:
    webs = tuple(dyno for dyno in platform.living.values() if dyno.type == "web")
    return Write(verb="restart", app=APP, type="web", dynos=webs)


@pytest.mark.parametrize("seconds", [0, 3, 7])
def test_a_scale_whose_answer_was_lost_is_seen_done_though_it_is_done_late(
    seconds: int, platform: Any, make_executor: Callable[..., Executor]
) -> None:
    platform.fault = lambda: "dropped"
    done_at = platform.now + timedelta(seconds=seconds)
    write = scaling(platform, "web+1")

    def late(what: str) -> None:
        if what == "formation" and platform.writes and platform.now >= done_at:
            platform.quantities["web"] = 5

    platform.before_call = late
    executor = make_executor(platform)
    assert executor.send(write).outcome == "seen"
    assert len(platform.writes) == 1
    assert executor.journal.entries()[0].outcome == "seen"


def test_the_restart_of_a_type_whose_answer_was_lost_is_seen_done_when_all_its_dynos_are_gone(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    platform.fault = lambda: "lost"
    assert make_executor(platform).send(all_web(platform)).outcome == "seen"
    assert platform.writes == [("restart", "web", "")]


def test_the_restart_of_a_type_is_not_seen_done_when_one_dyno_is_left(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    write = all_web(platform)
    platform.fault = lambda: "lost"
    platform._meant = lambda type, dyno: ["web.1", "web.2", "web.3"]
    with pytest.raises(WriteUnclear, match="the list of dynos does not show it so far"):
        make_executor(platform).send(write)
    assert len(platform.writes) == 1


def test_a_scale_of_two_types_is_not_seen_done_when_one_has_changed(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    write = scaling(platform, "web+1", "worker+1")
    platform.fault = lambda: "dropped"
    platform.quantities["web"] = 5
    with pytest.raises(WriteUnclear, match="the formation does not show it"):
        make_executor(platform).send(write)


def test_a_restart_of_no_known_dyno_is_never_seen_done(platform: Any, make_executor: Callable[..., Executor]) -> None:
    platform.fault = lambda: "lost"
    with pytest.raises(WriteUnclear):
        make_executor(platform).send(Write(verb="restart", app=APP, type="web"))


def test_a_write_that_was_not_done_is_reported_and_not_repeated(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    platform.fault = lambda: "dropped"
    executor = make_executor(platform)
    with pytest.raises(
        WriteUnclear, match=r"[^.]\. It was sent once and not repeated; the formation does not show it"
    ) as error:
        executor.send(scaling(platform, "web+1"))
    assert error.value.next_step == f"Look before you repeat it: herodyno scale --app {APP}"
    assert len(platform.writes) == 1
    assert executor.journal.entries()[0].outcome == "unclear"


def test_a_look_that_fails_too_leaves_it_unclear(
    platform: Any, make_executor: Callable[..., Executor], notes: list[str]
) -> None:
    write = dyno_write("restart", APP, web_1(platform))
    platform.fault = lambda: "lost"

    def dead(what: str) -> None:
        if what == "dynos":
            raise Unreachable("no route")

    platform.before_call = dead
    with pytest.raises(WriteUnclear):
        make_executor(platform).send(write)
    assert "failed too" in notes[-1]


def test_a_write_that_never_left_is_not_counted_as_sent(platform: Any, make_executor: Callable[..., Executor]) -> None:
    platform.fault = lambda: "before"
    executor = make_executor(platform)
    with pytest.raises(Unreachable):
        executor.send(dyno_write("restart", APP, web_1(platform)))
    assert executor.journal.entries()[0].outcome == "not sent"


@pytest.mark.parametrize("verb", ["restart", "stop"])
@pytest.mark.parametrize("seconds", [0, 3, 60])
def test_an_id_that_heroku_does_not_know_is_gone_and_its_name_is_not_tried(
    verb: Any, seconds: int, platform: Any, make_executor: Callable[..., Executor]
) -> None:
    old = web_1(platform)
    platform.restart(APP, dyno=old.id)
    platform.sleep(seconds)  # the list of dynos has the old id for some seconds
    new = web_1(platform).id
    with pytest.raises(NotFound, match=f"web.1 .{old.id[:8]}. is gone: .*nothing was done") as error:
        make_executor(platform).send(dyno_write(verb, APP, old))
    assert error.value.next_step == f"See what runs now: herodyno ps --app {APP}"
    assert web_1(platform).id == new
    assert [write[0] for write in platform.writes] == ["restart", verb]


def test_a_type_that_heroku_does_not_know_is_not_tried_as_a_dyno(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    tries: list[str] = []

    def unknown(what: str) -> None:
        if what == "restart":
            tries.append(what)
            raise NotFound("Couldn't find that process type.")

    platform.before_call = unknown
    webs = tuple(dyno for dyno in platform.living.values() if dyno.type == "web")
    with pytest.raises(NotFound):
        make_executor(platform).send(Write(verb="restart", app=APP, type="web", dynos=webs))
    assert tries == ["restart"]


def test_a_journal_that_cannot_be_written_is_said_and_does_not_stop_the_work(
    platform: Any, make_executor: Callable[..., Executor], notes: list[str]
) -> None:
    executor = make_executor(platform)
    executor.journal.path.parent.write_text("a file where the folder should be")
    assert executor.send(scaling(platform, "web+1")).outcome == "done"
    assert "journal cannot be written" in notes[0]


@pytest.mark.parametrize("runs", [60, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("verb", ["scale", "restart", "stop"])
def test_no_fault_makes_a_second_write(
    verb: Any, runs: int, make_platform: Any, make_executor: Callable[..., Executor]
) -> None:
    for seed in range(runs):
        platform = make_platform(seed=seed)
        chance = random.Random(seed)
        platform.fault = lambda chance=chance: chance.choice(["ok", "before", "lost", "dropped"])
        write = scaling(platform, "web+1") if verb == "scale" else dyno_write(verb, APP, web_1(platform))
        try:
            outcome = make_executor(platform).send(write).outcome
        except WriteUnclear:
            outcome = "unclear"
        except HerodynoError:
            outcome = "not sent"
        assert len(platform.writes) == (outcome != "not sent")
