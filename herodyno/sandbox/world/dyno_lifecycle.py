"""One incarnation from its start to its exit: starting, up, crashed, and started again after a growing delay.

Orders and gaps are those of public logs. The state line after an exit is 4 ms to 1.6 s younger than the exit line
(median 22 ms). In 1 of 5 cases it arrives before the exit line.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from herodyno.sandbox.app_lines import printing
from herodyno.sandbox.heroku_facts import (
    CYCLE_INTERVAL,
    CYCLE_SPREAD,
    FIRST_CRASH_DELAY,
    LATE_SHARE,
    LIST_LAG,
    LONGEST_CRASH_DELAY,
)
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.resources import App, Dyno
from herodyno.sandbox.world.simulator import Simulator
from herodyno.sandbox.world.workload import ProcessProfile

STABLE_AFTER = 3600.0  # a dyno that was up so long has its earlier crashes forgotten
SWEEP_THRESHOLD = 50  # scheduled events of a dyno, above which those that have happened are dropped

Hook = Callable[[App, Dyno], None]


def is_listed(app: App, dyno: Dyno) -> bool:
    """Whether the API shows this incarnation."""
    return app.dynos.get(dyno.name) is dyno


class DynoLifecycle:
    """Moves incarnations through their states, writes their platform lines, and calls hooks.

    Hooks: `on_launch` starts the process of a dyno, `on_up` what runs in it. `on_break` ends its open requests.
    `on_cycle` comes when its day is over, `on_complete` when a one-off dyno has ended.
    `may_serve` says whether a web dyno that comes up gets requests.
    """

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        # The API's lists take their chance apart: how late a list is changes nothing else in the world.
        self._lags = Random(simulator.seed)  # noqa: S311  the same seed must give the same world
        self.on_launch: list[Hook] = []
        self.on_up: list[Hook] = []
        self.on_break: list[Hook] = []
        self.on_cycle: list[Hook] = []
        self.on_complete: list[Hook] = []
        self.may_serve: Callable[[App], bool] = lambda app: True

    def write(self, app: App, dyno: Dyno, *texts: str, late: float = LATE_SHARE) -> None:
        """Write lines of the dyno manager about this dyno, under its name."""
        self.simulator.write(app.log, "heroku", dyno.name, *texts, dyno_id=dyno.id, late=late)

    def schedule(self, dyno: Dyno, seconds: float, action: Callable[[], object]) -> None:
        """Call `action` after `seconds`, unless the dyno is retired before."""
        if len(dyno.scheduled) > SWEEP_THRESHOLD:
            dyno.scheduled = [each for each in dyno.scheduled if each.action is not None]
        dyno.scheduled.append(self.simulator.schedule(seconds, action))

    def cancel(self, dyno: Dyno) -> None:
        """Drop everything that is scheduled for this dyno."""
        for event in dyno.scheduled:
            event.cancel()
        dyno.scheduled.clear()

    def run_hooks(self, hooks: list[Hook], app: App, dyno: Dyno) -> None:
        """Call these hooks in order."""
        for hook in hooks:
            hook(app, dyno)

    # From nothing to up

    def start(self, app: App, name: str, type: str, *, delay: float, crashes: int = 0) -> Dyno:
        """Make a new incarnation of a name in the formation. Its process is launched after `delay` seconds."""
        dyno = self.make(app, name, type, app.formation[type].size, app.formation[type].command)
        dyno.crashes = crashes
        self.schedule(dyno, delay, lambda: self.run_hooks(self.on_launch, app, dyno))
        self.schedule_cycle(app, dyno, 0.0)
        return dyno

    def make(self, app: App, name: str, type: str, size: str, command: str) -> Dyno:
        """Make a dyno that the API shows and that does nothing yet."""
        now, release = self.simulator.now, app.release
        dyno = Dyno(
            id=self.simulator.new_id(), name=name, type=type, size=size, command=command, release=release.version,
            created_at=now, updated_at=now, profile=release.profiles.get(type) or ProcessProfile(),
        )  # fmt: skip
        app.dynos[name] = dyno
        return dyno

    def schedule_cycle(self, app: App, dyno: Dyno, age: float) -> None:
        """Schedule the daily restart of a dyno that is `age` seconds old."""
        seconds = CYCLE_INTERVAL + self.simulator.random.uniform(0, CYCLE_SPREAD) - age
        self.schedule(dyno, max(60.0, seconds), lambda: self.run_hooks(self.on_cycle, app, dyno))

    def up(self, app: App, dyno: Dyno) -> None:
        """The dyno has started: write its state line and let it serve."""
        self.write(app, dyno, log_lines.state_changed("starting", "up"))
        self.mark_up(app, dyno)

    def mark_up(self, app: App, dyno: Dyno) -> None:
        """Set a dyno to up without a log line. From here on it serves, writes and may crash."""
        dyno.state, dyno.up_at, dyno.updated_at = "up", self.simulator.now, self.simulator.now
        if dyno.type == "web" and not dyno.one_off and self.may_serve(app):
            app.serving.append(dyno)
        if dyno.profile.crash_after is not None:
            seconds = dyno.profile.crash_after * self.simulator.random.uniform(0.6, 1.4)
            self.schedule(dyno, seconds, lambda: self._crash_process(app, dyno))
        self.run_hooks(self.on_up, app, dyno)

    def _crash_process(self, app: App, dyno: Dyno) -> None:
        texts = printing.crash(app.framework, self.simulator.random) if dyno.profile.crash_says else ()
        self.simulator.write(app.log, "app", dyno.name, *texts, dyno_id=dyno.id)
        self.schedule(dyno, 0.01, lambda: self.exit(app, dyno, dyno.profile.crash_status))

    # Exit and crash

    def kill(self, app: App, dyno: Dyno) -> None:
        """SIGKILL by the platform (R10, R15): status 137, a crash."""
        uniform = self.simulator.random.uniform
        self.schedule(dyno, uniform(0.004, 0.02), lambda: self.write(app, dyno, log_lines.SIGKILL))
        self.schedule(dyno, uniform(0.03, 0.05), lambda: self.exit(app, dyno, 137))

    def exit(self, app: App, dyno: Dyno, status: int) -> None:
        """The process ends by itself. Its open requests break (H13) 27 to 153 ms before the exit is logged."""
        if dyno.state not in {"up", "starting"}:
            return
        self.stop_serving(app, dyno)
        self.cancel(dyno)
        self.run_hooks(self.on_break, app, dyno)
        delay = self.simulator.random.uniform(0.027, 0.153)
        dyno.scheduled.append(self.simulator.schedule(delay, lambda: self._end(app, dyno, status)))

    def _end(self, app: App, dyno: Dyno, status: int) -> None:
        before = dyno.state
        self.write_exit(app, dyno, status)
        gap = min(1.6, max(0.004, self.simulator.random.lognormvariate(-3.8, 0.8)))
        if dyno.one_off:
            self._complete(app, dyno, before, gap)
        elif is_listed(app, dyno):
            self.crash(app, dyno, before, gap)
        else:  # with preboot, the successor under this name runs already
            dyno.end_reason = "crashed"

    def write_exit(self, app: App, dyno: Dyno, status: int) -> None:
        """The process of this dyno has exited: keep when and how, and write its line."""
        dyno.ended_at, dyno.exit_status = self.simulator.now, status
        self.write(app, dyno, log_lines.exited(status), late=0.2)

    def crash(self, app: App, dyno: Dyno, before: str, gap: float) -> None:
        """Write the state line after `gap` seconds, and start the dyno again after its delay."""
        lived = (self.simulator.now - (dyno.up_at or self.simulator.now)).total_seconds()
        dyno.crashes = 1 if lived > STABLE_AFTER else dyno.crashes + 1
        dyno.state, dyno.end_reason, dyno.updated_at = "crashed", "crashed", self.simulator.now
        self.schedule(dyno, gap, lambda: self.write(app, dyno, log_lines.state_changed(before, "crashed")))
        self.schedule(dyno, gap + self.crash_delay(dyno.crashes), lambda: self.start_again(app, dyno))

    def crash_delay(self, crashes: int) -> float:
        """Seconds until a dyno is started again after so many crashes in a row."""
        if crashes == 1:
            return self.simulator.random.uniform(0.005, 0.06)
        doubled = FIRST_CRASH_DELAY * 2.0 ** min(crashes - 2, 10)
        return min(LONGEST_CRASH_DELAY, doubled) * self.simulator.random.uniform(0.99, 1.09)

    def start_again(self, app: App, dyno: Dyno, *, crashes: int | None = None) -> None:
        """Put a new incarnation in the place of one that crashed, idles or is down. None keeps its count of crashes."""
        before = "crashed" if dyno.state == "crashed" else "down"
        self.write(app, dyno, log_lines.state_changed(before, "starting"))
        self.retire(app, dyno)
        kept = dyno.crashes if crashes is None else crashes
        self.start(app, dyno.name, dyno.type, delay=self.simulator.random.uniform(1.0, 4.5), crashes=kept)

    def _complete(self, app: App, dyno: Dyno, before: str, gap: float) -> None:
        dyno.end_reason = dyno.end_reason or "completed"
        self.retire(app, dyno)
        self.simulator.schedule(gap, lambda: self.write(app, dyno, log_lines.state_changed(before, "complete")))
        self.run_hooks(self.on_complete, app, dyno)

    def retire(self, app: App, dyno: Dyno) -> None:
        """Take an incarnation out of what the API shows and drop what is scheduled for it. It may still write."""
        self.unlist(app, dyno)
        self.cancel(dyno)

    def unlist(self, app: App, dyno: Dyno) -> None:
        """Take an incarnation out of what the API shows. It runs on."""
        if is_listed(app, dyno):
            del app.dynos[dyno.name]
        dyno.unlisted_at, dyno.list_lag = self.simulator.now, self._lags.uniform(*LIST_LAG)
        app.past.append(dyno)

    def stop_serving(self, app: App, dyno: Dyno) -> None:
        """The router sends no new request to this dyno."""
        if dyno in app.serving:
            app.serving.remove(dyno)
