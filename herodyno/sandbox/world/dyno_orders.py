"""What happens to dynos from outside: restart, daily cycle, scale, stop, idle and wake.

The overlap is the real one: the old incarnation's SIGTERM, R12, SIGKILL and exit come under the same name,
often after the new one's start.
"""

from __future__ import annotations

from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_life import DynoLife, is_listed
from herodyno.sandbox.world.nouns import App, Dyno
from herodyno.sandbox.world.preboot import Preboot

# What Kubernetes names its pods with: no vowels, no letters that look like digits.
POD_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class DynoOrders:
    """Each order takes effect in what the API shows at once; its lines follow within seconds."""

    def __init__(self, life: DynoLife) -> None:
        self.life = life
        self.stage = life.stage
        self.preboot = Preboot(life)
        life.on_cycle.append(self._cycle)

    def start(self, app: App, type: str, *, delay: float) -> Dyno:
        """One more dyno of a type, under the lowest free number (Fir: under a new name)."""
        if app.generation == "fir":
            return self.life.start(app, self.pod_name(app, type), type, delay=delay)
        number = 1
        while f"{type}.{number}" in app.dynos:
            number += 1
        return self.life.start(app, f"{type}.{number}", type, delay=delay)

    def pod_name(self, app: App, type: str) -> str:
        """A Fir name: never used again. Its middle is one for all dynos of a type and release."""
        letters = self.stage.random.choices(POD_LETTERS, k=5)
        digest = int(app.id[:8], 16) * 7919 + app.release.version * 104_729 + len(type)
        middle = "".join(POD_LETTERS[digest // 27**place % 27] for place in range(9))
        return f"{type}-{middle}-{''.join(letters)}"

    def restart(self, app: App, dyno: Dyno, reason: str) -> None:
        """`reason` is how the old incarnation's end is known: restarted, cycled, deployed, resized."""
        random = self.stage.random
        if dyno.state in {"crashed", "idle", "down"}:
            self.life.start_again(app, dyno, crashes=0)
            return
        before, sigterm = dyno.state, random.uniform(0.6, 1.9)
        if self.preboot.applies(app, dyno):
            self.preboot.keep(app, dyno, reason)
        else:
            self.life.terminate(app, dyno, reason, sigterm)
            self.life.leave(app, dyno)
        if app.generation == "fir":
            self.start(app, dyno.type, delay=random.uniform(0.5, 2.0))
            return
        word = log_lines.CYCLING if reason == "cycled" else log_lines.RESTARTING
        self.life.write(app, dyno, word)
        if before == "up":
            changed = log_lines.state_changed("up", "starting")
            self.stage.later(random.uniform(0.002, 0.07), lambda: self.life.write(app, dyno, changed))
        # A cycled dyno's successor waits for its exit; a restarted one's does not.
        delay = sigterm + random.uniform(2.0, 5.0) if reason == "cycled" else random.uniform(0.9, 4.0)
        self.life.start(app, dyno.name, dyno.type, delay=delay)

    def _cycle(self, app: App, dyno: Dyno) -> None:
        if is_listed(app, dyno):
            self.restart(app, dyno, "cycled")

    def scale(self, app: App, type: str, quantity: int) -> None:
        """Start or end dynos until `quantity` are there; the highest numbers go first."""
        there = sorted(
            (each for each in app.dynos.values() if each.type == type and not each.one_off),
            key=lambda each: (len(each.name), each.name),
        )
        for dyno in there[quantity:]:
            self.end(app, dyno, "scaled_down")
        for _ in range(quantity - len(there)):
            self.start(app, type, delay=self.stage.random.uniform(1.5, 5.0))

    def end(self, app: App, dyno: Dyno, reason: str) -> None:
        """For good. A one-off dyno gets SIGTERM at once and is complete when it has gone."""
        random, before = self.stage.random, dyno.state
        said = random.uniform(0.1, 0.8)
        self.life.terminate(app, dyno, reason, said + random.uniform(0.4, 1.5))
        self.life.leave(app, dyno)
        if not dyno.one_off and before in {"up", "crashed", "starting"}:
            changed = log_lines.state_changed(before, "down")
            self.stage.later(said, lambda: self.life.write(app, dyno, changed))

    def stop(self, app: App, dyno: Dyno) -> None:
        """A stopped dyno of the formation is started again by the platform."""
        if dyno.one_off or app.generation == "fir":
            self.end(app, dyno, "stopped")
            if not dyno.one_off:
                self.start(app, dyno.type, delay=self.stage.random.uniform(5.0, 15.0))
            return
        self._take_down(app, dyno, "down", "stopped")
        self.life.plan(dyno, self.stage.random.uniform(8.0, 20.0), lambda: self.life.start_again(app, dyno, crashes=0))

    def idle(self, app: App) -> None:
        """Eco: every dyno of the formation sleeps until a request comes."""
        for dyno in [each for each in app.dynos.values() if each.state == "up" and not each.one_off]:
            self.life.write(app, dyno, log_lines.IDLING)
            self._take_down(app, dyno, "idle", "idled")

    def wake(self, app: App) -> None:
        for dyno in [each for each in app.dynos.values() if each.state == "idle"]:
            self.life.write(app, dyno, log_lines.UNIDLING)
            self.life.start_again(app, dyno, crashes=0)

    def _take_down(self, app: App, dyno: Dyno, state: str, reason: str) -> None:
        random, before = self.stage.random, dyno.state
        self.life.terminate(app, dyno, reason, random.uniform(0.1, 1.0))
        self.life.stop_serving(app, dyno)
        dyno.state, dyno.updated_at = state, self.stage.now
        changed = log_lines.state_changed(before, "down")
        self.stage.later(random.uniform(0.002, 0.05), lambda: self.life.write(app, dyno, changed))
