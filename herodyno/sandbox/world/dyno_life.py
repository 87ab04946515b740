"""The life of one incarnation: starting, up, SIGTERM with its grace of 30 s, crash with growing back-off, exit.

Orders and gaps are those of public logs: the state line after an exit is 4 ms to 1.6 s younger than it
(median 22 ms) and in 1 of 5 cases arrives before it; a crash is followed by a new start at once, then
after 10, 20, 40 … minutes up to a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from herodyno.sandbox.world import app_lines, log_lines
from herodyno.sandbox.world.behaviour import Behaviour
from herodyno.sandbox.world.nouns import App, Dyno
from herodyno.sandbox.world.simulator import LATE, Stage

BOOT_LIMIT = 60.0  # R10
GRACE = 30.0  # between SIGTERM and R12
DAY = 86_400.0
CYCLE_SPREAD = 216 * 60.0  # a daily cycle comes up to so much later
LAUNCH_LIMIT = (10.0, 10.6)  # R99
FIRST_BACK_OFF = 600.0
STEADY = 3600.0  # a dyno that lived so long has its crashes forgotten
MANY_PLANS = 50  # then those that are done are swept out

Hook = Callable[[App, Dyno], None]


def _checksums(app: App, dyno: Dyno) -> tuple[str, str]:
    """What a slug's SHA-256 should be and what it is: one pair for a release."""
    slug = next(each.slug_id for each in app.releases if each.version == dyno.release)
    expected, actual = (hashlib.sha256(text.encode()).hexdigest() for text in (slug, f"damaged {slug}"))
    return expected, actual


def is_listed(app: App, dyno: Dyno) -> bool:
    """Whether the API shows this incarnation."""
    return app.dynos.get(dyno.name) is dyno


class DynoLife:
    """Moves dynos through their states. Hooks: `on_up` for what runs in a dyno, `on_break` for its open
    requests, `on_cycle` when its day is over, `on_complete` when a one-off dyno has ended."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.on_up: list[Hook] = []
        self.on_break: list[Hook] = []
        self.on_cycle: list[Hook] = []
        self.on_complete: list[Hook] = []
        self.may_serve: Callable[[App], bool] = lambda app: True  # whether a web dyno that comes up gets requests

    def write(self, app: App, dyno: Dyno, *texts: str, late: float = LATE) -> None:
        """What the dyno manager says of a dyno, under its name."""
        self.stage.write(app.log, "heroku", dyno.name, *texts, dyno_id=dyno.id, late=late)

    def plan(self, dyno: Dyno, seconds: float, action: Callable[[], None]) -> None:
        """Do it unless the dyno is retired before."""
        if len(dyno.plans) > MANY_PLANS:
            dyno.plans = [each for each in dyno.plans if each.action is not None]
        dyno.plans.append(self.stage.later(seconds, action))

    # From nothing to up

    def start(self, app: App, name: str, type: str, *, delay: float, crashes: int = 0) -> Dyno:
        """A new incarnation of a name in the formation; its process is launched after `delay` seconds."""
        dyno = self.make(app, name, type, app.formation[type].size, app.formation[type].command)
        dyno.crashes = crashes
        self.plan(dyno, delay, lambda: self.launch(app, dyno))
        self.plan_cycle(app, dyno, 0.0)
        return dyno

    def make(self, app: App, name: str, type: str, size: str, command: str) -> Dyno:
        """A dyno that exists and does nothing yet."""
        now, release = self.stage.now, app.release
        dyno = Dyno(
            id=self.stage.new_id(), name=name, type=type, size=size, command=command, release=release.version,
            created_at=now, updated_at=now, behaviour=release.manner.get(type) or Behaviour(),
        )  # fmt: skip
        app.dynos[name] = dyno
        return dyno

    def plan_cycle(self, app: App, dyno: Dyno, age: float) -> None:
        seconds = DAY + self.stage.random.uniform(0, CYCLE_SPREAD) - age
        self.plan(dyno, max(60.0, seconds), lambda: self._call(self.on_cycle, app, dyno))

    def launch(self, app: App, dyno: Dyno) -> None:
        random, how = self.stage.random, dyno.behaviour
        if how.damaged:
            self._fail_to_launch(app, dyno, log_lines.checksum_error(*_checksums(app, dyno)))
            return
        if dyno.name in app.unlaunchable:
            refused = (log_lines.R99, log_lines.SIGKILL)
            self.plan(dyno, random.uniform(*LAUNCH_LIMIT), lambda: self._fail_to_launch(app, dyno, *refused))
            return
        dyno.started_at = self.stage.now
        self.write(app, dyno, log_lines.starting(dyno.command))
        boot = random.uniform(*how.boot)
        self.plan(dyno, boot * random.uniform(0.5, 0.95), lambda: self._say_banner(app, dyno))
        if how.boot_status is not None:
            status = how.boot_status
            self.plan(dyno, boot, lambda: self.exit(app, dyno, status))
        elif dyno.type == "web" and not (how.binds and boot <= BOOT_LIMIT):
            self.plan(dyno, BOOT_LIMIT + random.uniform(0, 0.4), lambda: self._time_out_boot(app, dyno))
        else:
            self.plan(dyno, boot, lambda: self.up(app, dyno))

    def up(self, app: App, dyno: Dyno) -> None:
        self.write(app, dyno, log_lines.state_changed("starting", "up"))
        self.mark_up(app, dyno)

    def mark_up(self, app: App, dyno: Dyno) -> None:
        """Up, without a word in the log: from here on it serves, writes and may crash."""
        dyno.state, dyno.up_at, dyno.updated_at = "up", self.stage.now, self.stage.now
        if dyno.type == "web" and not dyno.one_off and self.may_serve(app):
            app.serving.append(dyno)
        if dyno.behaviour.crash_after is not None:
            seconds = dyno.behaviour.crash_after * self.stage.random.uniform(0.6, 1.4)
            self.plan(dyno, seconds, lambda: self._fall(app, dyno))
        self._call(self.on_up, app, dyno)

    def _fall(self, app: App, dyno: Dyno) -> None:
        self.stage.write(app.log, "app", dyno.name, *app_lines.crash(self.stage.random), dyno_id=dyno.id)
        self.plan(dyno, 0.01, lambda: self.exit(app, dyno, dyno.behaviour.crash_status))

    def _say_banner(self, app: App, dyno: Dyno) -> None:
        lines = app_lines.boot_failure(self.stage.random) if dyno.behaviour.boot_status else app_lines.banner(dyno.type)
        self.stage.write(app.log, "app", dyno.name, *lines, dyno_id=dyno.id)

    def _time_out_boot(self, app: App, dyno: Dyno) -> None:
        self.write(app, dyno, log_lines.R10)
        self.kill(app, dyno)

    # Crash

    def _fail_to_launch(self, app: App, dyno: Dyno, *texts: str) -> None:
        """No process ran, so none exits: what the platform says of it, then the state line, and the usual back-off."""
        self.write(app, dyno, *texts)
        dyno.ended_at = self.stage.now
        self._crash(app, dyno, "starting", self.stage.random.uniform(0.05, 0.15))

    def kill(self, app: App, dyno: Dyno) -> None:
        """SIGKILL by the platform (R10, R15): status 137, a crash."""
        self.plan(dyno, self.stage.random.uniform(0.004, 0.02), lambda: self.write(app, dyno, log_lines.SIGKILL))
        self.plan(dyno, self.stage.random.uniform(0.03, 0.05), lambda: self.exit(app, dyno, 137))

    def exit(self, app: App, dyno: Dyno, status: int) -> None:
        """The process ends by itself. Its open requests break (H13) 27 to 153 ms before the exit is logged."""
        if dyno.state not in {"up", "starting"}:
            return
        self.stop_serving(app, dyno)
        self._cancel(dyno)
        self._call(self.on_break, app, dyno)
        dyno.plans.append(
            self.stage.later(self.stage.random.uniform(0.027, 0.153), lambda: self._end(app, dyno, status))
        )

    def _end(self, app: App, dyno: Dyno, status: int) -> None:
        before = dyno.state
        self._write_exit(app, dyno, status)
        gap = min(1.6, max(0.004, self.stage.random.lognormvariate(-3.8, 0.8)))
        if dyno.one_off:
            self._complete(app, dyno, before, gap)
        elif is_listed(app, dyno):
            self._crash(app, dyno, before, gap)
        else:  # its successor under the name is there already (preboot)
            dyno.end_reason = "crashed"

    def _crash(self, app: App, dyno: Dyno, before: str, gap: float) -> None:
        """It is down, says a state line after `gap` seconds, and is started again after its back-off."""
        lived = (self.stage.now - (dyno.up_at or self.stage.now)).total_seconds()
        dyno.crashes = 1 if lived > STEADY else dyno.crashes + 1
        dyno.state, dyno.end_reason, dyno.updated_at = "crashed", "crashed", self.stage.now
        self.plan(dyno, gap, lambda: self.write(app, dyno, log_lines.state_changed(before, "crashed")))
        self.plan(dyno, gap + self.back_off(dyno.crashes), lambda: self.start_again(app, dyno))

    def back_off(self, crashes: int) -> float:
        """Seconds until a dyno is started again after so many crashes in a row."""
        if crashes == 1:
            return self.stage.random.uniform(0.005, 0.06)
        return min(DAY, FIRST_BACK_OFF * 2.0 ** min(crashes - 2, 10)) * self.stage.random.uniform(0.99, 1.09)

    def start_again(self, app: App, dyno: Dyno, *, crashes: int | None = None) -> None:
        """Put a new incarnation in the place of one that crashed, idles or is down."""
        before = "crashed" if dyno.state == "crashed" else "down"
        self.write(app, dyno, log_lines.state_changed(before, "starting"))
        self.leave(app, dyno)
        kept = dyno.crashes if crashes is None else crashes
        self.start(app, dyno.name, dyno.type, delay=self.stage.random.uniform(1.0, 4.5), crashes=kept)

    def _complete(self, app: App, dyno: Dyno, before: str, gap: float) -> None:
        dyno.end_reason = dyno.end_reason or "completed"
        self.leave(app, dyno)
        self.stage.later(gap, lambda: self.write(app, dyno, log_lines.state_changed(before, "complete")))
        self._call(self.on_complete, app, dyno)

    # From SIGTERM to exit

    def leave(self, app: App, dyno: Dyno) -> None:
        """The API shows this incarnation no longer, though it may still write; nothing more comes over it."""
        self.unlist(app, dyno)
        self._cancel(dyno)

    def unlist(self, app: App, dyno: Dyno) -> None:
        """The API shows this incarnation no longer; it runs on."""
        if is_listed(app, dyno):
            del app.dynos[dyno.name]
        app.past.append(dyno)

    def terminate(self, app: App, dyno: Dyno, reason: str, delay: float) -> None:
        """SIGTERM after `delay`; nothing more is heard of a dyno that was never launched."""
        self._cancel(dyno)
        if dyno.ended_at is None:
            dyno.end_reason = reason
        if dyno.started_at is None:
            dyno.ended_at = self.stage.now
        elif dyno.ended_at is None:
            self.stage.later(delay, lambda: self._sigterm(app, dyno))

    def _sigterm(self, app: App, dyno: Dyno) -> None:
        random, how = self.stage.random, dyno.behaviour
        if dyno.ended_at is not None:
            return
        self.stop_serving(app, dyno)
        self.write(app, dyno, log_lines.SIGTERM)
        if how.ignores_sigterm:
            self.stage.later(GRACE + random.uniform(0.02, 0.4), lambda: self._time_out_exit(app, dyno))
            return
        self.stage.later(0.02, lambda: self._say_farewell(app, dyno))
        seconds = min(GRACE - 1, how.exit_seconds * random.lognormvariate(0, 0.7))
        self.stage.later(max(0.06, seconds), lambda: self._gone(app, dyno, 143))

    def _say_farewell(self, app: App, dyno: Dyno) -> None:
        self.stage.write(app.log, "app", dyno.name, *app_lines.farewell(dyno.type), dyno_id=dyno.id)

    def _time_out_exit(self, app: App, dyno: Dyno) -> None:
        self.write(app, dyno, log_lines.R12)
        later, uniform = self.stage.later, self.stage.random.uniform
        later(uniform(0.0001, 0.006), lambda: self.write(app, dyno, log_lines.SIGKILL_REST))
        later(uniform(0.04, 0.13), lambda: self._gone(app, dyno, 137))

    def _gone(self, app: App, dyno: Dyno, status: int) -> None:
        if dyno.ended_at is not None:
            return
        self._call(self.on_break, app, dyno)
        self._write_exit(app, dyno, status)
        if dyno.one_off:
            self.stage.later(0.03, lambda: self.write(app, dyno, log_lines.state_changed("up", "complete")))
            self._call(self.on_complete, app, dyno)

    def _write_exit(self, app: App, dyno: Dyno, status: int) -> None:
        dyno.ended_at, dyno.exit_status = self.stage.now, status
        self.write(app, dyno, log_lines.exited(status), late=0.2)

    def stop_serving(self, app: App, dyno: Dyno) -> None:
        if dyno in app.serving:
            app.serving.remove(dyno)

    def _cancel(self, dyno: Dyno) -> None:
        for planned in dyno.plans:
            planned.cancel()
        dyno.plans.clear()

    def _call(self, hooks: list[Hook], app: App, dyno: Dyno) -> None:
        for hook in hooks:
            hook(app, dyno)
