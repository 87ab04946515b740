"""Runs a rolling restart: reads the app, asks `roll_step` for the next action, does it, saves the roll."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from herodyno.dynos import Dyno, Formation
from herodyno.errors import HerodynoError, NotAuthenticated, NotFound
from herodyno.operations.executor import Executor
from herodyno.operations.restart.roll import Item, Roll
from herodyno.operations.restart.roll_step import Ask, CheckGates, End, Send, Wait, next_action
from herodyno.operations.wait import poll_seconds
from herodyno.operations.writes import dyno_write


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallbacks:
    """What a roll needs from its caller beside the API.

    `check` asks the gates (probe, log) about dynos that are up and returns what is wrong, or "". `go_on` asks a person
    whether to go on after the failure it is given. `save` keeps the roll on disk. `progress` shows a line.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    save: Callable[[Roll], None]
    progress: Callable[[str], None]
    check: Callable[[Sequence[Item]], str]
    go_on: Callable[[str], bool]


def run_roll(roll: Roll, executor: Executor, callbacks: RollCallbacks) -> tuple[Roll, str]:
    """Roll to the end. Returns the roll, and why it ended early ("" when all dynos are done).

    A signal or an error of the API that interrupts it leaves a saved roll that can be resumed. Raises the errors of
    reading the app, and NotAuthenticated; any other failed restart of one dyno is in the roll instead.
    """
    platform = executor.platform
    begun = callbacks.now()
    formation: list[Formation] = platform.formation(roll.app)
    while True:
        dynos = platform.dynos(roll.app)
        roll, action = next_action(roll, dynos, formation, callbacks.now())
        callbacks.save(roll)
        match action:
            case Send(items):
                by_id = {dyno.id: dyno for dyno in dynos}
                for item in items:
                    callbacks.progress(f"{item.name}: restarting")
                    roll = _sent(roll, item, by_id[item.id], executor)
                    callbacks.save(roll)
            case Wait(seconds, text):
                callbacks.progress(text)
                waited = (callbacks.now() - begun).total_seconds()
                callbacks.sleep(min(seconds, poll_seconds(waited, platform.rate_limit_remaining)))
            case CheckGates(items):
                problem = callbacks.check(items)
                for item in items:
                    callbacks.progress(f"{item.name}: {problem or 'up and steady'}")
                roll = _checked(roll, items, problem, callbacks.now())
            case Ask(reason):
                if not callbacks.go_on(reason):
                    return roll, reason
                roll = roll.excused()
            case End(reason):
                return roll, reason
            case _:
                assert_never(action)


def _sent(roll: Roll, item: Item, dyno: Dyno, executor: Executor) -> Roll:
    try:
        executor.send(dyno_write("restart", roll.app, dyno))
    except NotFound:
        return roll.marked([item], "replaced")
    except NotAuthenticated:
        raise  # the next call would meet the same: this is no failure of one dyno
    except HerodynoError as error:
        return roll.marked([item], "failed", reason=error.message)
    return roll.marked([item], "sent")


def _checked(roll: Roll, items: Sequence[Item], problem: str, now: datetime) -> Roll:
    if problem:
        return roll.marked(items, "failed", reason=problem)
    return roll.passed(items, now)


def resumed_roll(roll: Roll, now: datetime) -> Roll:
    """The roll of `restart --resume` at `now`, without its pause.

    Restarts that were being sent count as sent now: so the list of dynos has time to show what became of them. A dyno
    that failed before its successor was seen is looked at in the same way, and has another turn if it still lives. A
    dyno that failed later stays failed, but excused.
    """

    def retried(item: Item) -> Item:
        if item.phase == "failed" and item.new_id:
            return replace(item, excused=True)
        if item.phase in ("sending", "failed"):
            return Item(name=item.name, id=item.id, type=item.type, phase="sending", sent_at=now)
        return item

    return replace(roll, paused_until=None).each(retried)
