"""From SIGTERM to the exit of a dyno. A dyno that does not exit in time gets R12 and SIGKILL."""

from __future__ import annotations

from herodyno.sandbox.app_lines import printing
from herodyno.sandbox.heroku_facts import EXIT_TIMEOUT
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_lifecycle import DynoLifecycle
from herodyno.sandbox.world.resources import App, Dyno


class DynoTermination:
    """Stops incarnations as the platform does. Their lines come under the name that a successor may bear already."""

    def __init__(self, lifecycle: DynoLifecycle) -> None:
        self.lifecycle, self.simulator = lifecycle, lifecycle.simulator

    def terminate(self, app: App, dyno: Dyno, reason: str, delay: float) -> None:
        """Send SIGTERM after `delay` seconds. A dyno that was never launched ends without a line.

        `reason` becomes the dyno's `end_reason`.
        """
        self.lifecycle.cancel(dyno)
        if dyno.ended_at is None:
            dyno.end_reason = reason
        if dyno.started_at is None:
            dyno.ended_at = self.simulator.now
        elif dyno.ended_at is None:
            self.simulator.schedule(delay, lambda: self._sigterm(app, dyno))

    def _sigterm(self, app: App, dyno: Dyno) -> None:
        random, profile = self.simulator.random, dyno.profile
        if dyno.ended_at is not None:
            return
        self.lifecycle.stop_serving(app, dyno)
        self.lifecycle.write(app, dyno, log_lines.SIGTERM)
        if profile.ignores_sigterm:
            self.simulator.schedule(EXIT_TIMEOUT + random.uniform(0.02, 0.4), lambda: self._time_out(app, dyno))
            return
        self.simulator.schedule(0.02, lambda: self._write_shutdown(app, dyno))
        seconds = min(EXIT_TIMEOUT - 1, profile.exit_seconds * random.lognormvariate(0, 0.7))
        self.simulator.schedule(max(0.06, seconds), lambda: self._end(app, dyno, 143))

    def _write_shutdown(self, app: App, dyno: Dyno) -> None:
        texts = printing.shutdown(app.framework, dyno.type)
        self.simulator.write(app.log, "app", dyno.name, *texts, dyno_id=dyno.id)

    def _time_out(self, app: App, dyno: Dyno) -> None:
        self.lifecycle.write(app, dyno, log_lines.R12)
        schedule, uniform = self.simulator.schedule, self.simulator.random.uniform
        schedule(uniform(0.0001, 0.006), lambda: self.lifecycle.write(app, dyno, log_lines.SIGKILL_REST))
        schedule(uniform(0.04, 0.13), lambda: self._end(app, dyno, 137))

    def _end(self, app: App, dyno: Dyno, status: int) -> None:
        lifecycle = self.lifecycle
        if dyno.ended_at is not None:
            return
        lifecycle.run_hooks(lifecycle.on_break, app, dyno)
        lifecycle.write_exit(app, dyno, status)
        if dyno.one_off:
            changed = log_lines.state_changed("up", "complete")
            self.simulator.schedule(0.03, lambda: lifecycle.write(app, dyno, changed))
            lifecycle.run_hooks(lifecycle.on_complete, app, dyno)
