"""The executor: at most one write for each intent whatever the network does, and a journal that tells of it."""

from __future__ import annotations

import random
from collections.abc import Callable
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


def test_a_write_that_was_not_done_is_reported_and_not_repeated(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    platform.fault = lambda: "dropped"
    executor = make_executor(platform)
    with pytest.raises(WriteUnclear, match="sent once and not repeated; the formation does not show it") as error:
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


def test_a_restart_by_id_cannot_hit_the_dyno_that_came_after(
    platform: Any, make_executor: Callable[..., Executor]
) -> None:
    old = web_1(platform)
    platform.restart(APP, dyno=old.id)
    new = web_1(platform).id
    with pytest.raises(NotFound):
        make_executor(platform).send(dyno_write("restart", APP, old))
    assert web_1(platform).id == new


def test_an_api_that_takes_names_only_gets_the_name(platform: Any, make_executor: Callable[..., Executor]) -> None:
    platform.takes_ids = False
    old = web_1(platform)
    assert make_executor(platform).send(dyno_write("restart", APP, old)).outcome == "done"
    assert web_1(platform).id != old.id


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
