"""What is done to dynos from outside: restart, daily cycle, scale, stop, idle and wake.

The overlap of public logs holds. The old incarnation's SIGTERM, R12, SIGKILL and exit come under the same name, often
after the start of the new incarnation.
"""

from __future__ import annotations

from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_launch import DynoLaunch
from herodyno.sandbox.world.dyno_lifecycle import DynoLifecycle, is_listed
from herodyno.sandbox.world.dyno_termination import DynoTermination
from herodyno.sandbox.world.preboot import Preboot
from herodyno.sandbox.world.resources import App, Dyno

# The letters of Kubernetes pod names: no vowels, and none that looks like a digit.
POD_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class DynoActions:
    """Each action changes what the API shows at once. Its log lines follow within seconds."""

    def __init__(self, lifecycle: DynoLifecycle) -> None:
        self.lifecycle = lifecycle
        self.simulator = lifecycle.simulator
        DynoLaunch(lifecycle)
        self.termination = DynoTermination(lifecycle)
        self.preboot = Preboot(self.termination)
        lifecycle.on_cycle.append(self._cycle)

    def start(self, app: App, type: str, *, delay: float) -> Dyno:
        """Start one more dyno of a type under the lowest free number, on Fir under a new name."""
        if app.generation == "fir":
            return self.lifecycle.start(app, self.pod_name(app, type), type, delay=delay)
        number = 1
        while f"{type}.{number}" in app.dynos:
            number += 1
        return self.lifecycle.start(app, f"{type}.{number}", type, delay=delay)

    def pod_name(self, app: App, type: str) -> str:
        """A dyno name on Fir, which is never used again. All dynos of a type and release share its middle part."""
        letters = self.simulator.random.choices(POD_LETTERS, k=5)
        digest = int(app.id[:8], 16) * 7919 + app.release.version * 104_729 + len(type)
        middle = "".join(POD_LETTERS[digest // 27**place % 27] for place in range(9))
        return f"{type}-{middle}-{''.join(letters)}"

    def restart(self, app: App, dyno: Dyno, reason: str) -> None:
        """Replace a dyno by a new incarnation.

        `reason` becomes the old incarnation's `end_reason`: restarted, cycled, deployed, resized or killed.
        """
        random = self.simulator.random
        if dyno.state in {"crashed", "idle", "down"}:
            self.lifecycle.start_again(app, dyno, crashes=0)
            return
        before, sigterm = dyno.state, random.uniform(0.6, 1.9)
        if self.preboot.applies(app, dyno):
            self.preboot.keep(app, dyno, reason)
        else:
            self.termination.terminate(app, dyno, reason, sigterm)
            self.lifecycle.retire(app, dyno)
        if app.generation == "fir":
            self.start(app, dyno.type, delay=random.uniform(0.5, 2.0))
            return
        word = log_lines.CYCLING if reason == "cycled" else log_lines.RESTARTING
        self.lifecycle.write(app, dyno, word)
        if before == "up":
            changed = log_lines.state_changed("up", "starting")
            self.simulator.schedule(random.uniform(0.002, 0.07), lambda: self.lifecycle.write(app, dyno, changed))
        # The successor of a cycled dyno waits for its exit. The successor of a restarted dyno does not.
        delay = sigterm + random.uniform(2.0, 5.0) if reason == "cycled" else random.uniform(0.9, 4.0)
        self.lifecycle.start(app, dyno.name, dyno.type, delay=delay)

    def _cycle(self, app: App, dyno: Dyno) -> None:
        if is_listed(app, dyno):
            self.restart(app, dyno, "cycled")

    def scale(self, app: App, type: str, quantity: int) -> None:
        """Start or end dynos of a type until there are `quantity`. The highest numbers go first."""
        running = sorted(
            (each for each in app.dynos.values() if each.type == type and not each.one_off),
            key=lambda each: (len(each.name), each.name),
        )
        for dyno in running[quantity:]:
            self.end(app, dyno, "scaled_down")
        for _ in range(quantity - len(running)):
            self.start(app, type, delay=self.simulator.random.uniform(1.5, 5.0))

    def end(self, app: App, dyno: Dyno, reason: str) -> None:
        """End a dyno without a successor. A one-off dyno is complete when its process has exited."""
        random, before = self.simulator.random, dyno.state
        logged = random.uniform(0.1, 0.8)
        self.termination.terminate(app, dyno, reason, logged + random.uniform(0.4, 1.5))
        self.lifecycle.retire(app, dyno)
        if not dyno.one_off and before in {"up", "crashed", "starting"}:
            changed = log_lines.state_changed(before, "down")
            self.simulator.schedule(logged, lambda: self.lifecycle.write(app, dyno, changed))

    def stop(self, app: App, dyno: Dyno) -> None:
        """Stop a dyno. The platform starts a dyno of the formation again."""
        if dyno.one_off or app.generation == "fir":
            self.end(app, dyno, "stopped")
            if not dyno.one_off:
                self.start(app, dyno.type, delay=self.simulator.random.uniform(5.0, 15.0))
            return
        self._take_down(app, dyno, "down", "stopped")
        delay = self.simulator.random.uniform(8.0, 20.0)
        self.lifecycle.schedule(dyno, delay, lambda: self.lifecycle.start_again(app, dyno, crashes=0))

    def idle(self, app: App) -> None:
        """Eco: put every dyno of the formation to sleep until a request comes."""
        for dyno in [each for each in app.dynos.values() if each.state == "up" and not each.one_off]:
            self.lifecycle.write(app, dyno, log_lines.IDLING)
            self._take_down(app, dyno, "idle", "idled")

    def wake(self, app: App) -> None:
        """Eco: a request came, so start every sleeping dyno."""
        for dyno in [each for each in app.dynos.values() if each.state == "idle"]:
            self.lifecycle.write(app, dyno, log_lines.UNIDLING)
            self.lifecycle.start_again(app, dyno, crashes=0)

    def _take_down(self, app: App, dyno: Dyno, state: str, reason: str) -> None:
        random, before = self.simulator.random, dyno.state
        self.termination.terminate(app, dyno, reason, random.uniform(0.1, 1.0))
        self.lifecycle.stop_serving(app, dyno)
        dyno.state, dyno.updated_at = state, self.simulator.now
        changed = log_lines.state_changed(before, "down")
        self.simulator.schedule(random.uniform(0.002, 0.05), lambda: self.lifecycle.write(app, dyno, changed))
