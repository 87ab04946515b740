"""Events that recur: requests, the lines of a worker, the check for idle Eco apps. Each one schedules the next."""

from __future__ import annotations

from herodyno.sandbox.app_lines import printing, words
from herodyno.sandbox.heroku_facts import ECO_SLEEP_AFTER
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.resources import App, Dyno
from herodyno.sandbox.world.router import Router

IDLE_CHECK_INTERVAL = 30.0  # seconds


class RecurringEvents:
    """Schedules the traffic of every app, the lines of its workers, and the sleep of Eco apps."""

    def __init__(self, actions: DynoActions, router: Router) -> None:
        self.simulator, self.actions, self.router = actions.simulator, actions, router
        self._with_traffic: set[str] = set()  # ids of apps whose next request is scheduled
        actions.lifecycle.on_up.append(self._start_output)
        router.wake = actions.wake

    def start_traffic(self, app: App) -> None:
        """From now on requests arrive at the rate of `app.traffic`, until it is None. Calling twice changes nothing."""
        if app.id not in self._with_traffic and app.traffic is not None:
            self._with_traffic.add(app.id)
            self._schedule_request(app, app.traffic.per_second)

    def watch_for_idleness(self, app: App) -> None:
        """Put an Eco app to sleep after ECO_SLEEP_AFTER seconds without a request, and check again."""
        if app.process_tier == "eco" and self.simulator.seconds - app.last_request > ECO_SLEEP_AFTER:
            self.actions.idle(app)
        self.simulator.schedule(IDLE_CHECK_INTERVAL, lambda: self.watch_for_idleness(app))

    def _schedule_request(self, app: App, per_second: float) -> None:
        self.simulator.schedule(self.simulator.random.expovariate(per_second), lambda: self._arrive(app))

    def _arrive(self, app: App) -> None:
        traffic = app.traffic
        if traffic is None:
            self._with_traffic.discard(app.id)
            return
        self._schedule_request(app, traffic.per_second)
        route = self.simulator.random.choices(traffic.routes, [each.weight for each in traffic.routes])[0]
        self.router.request(app, traffic, route)

    def _start_output(self, app: App, dyno: Dyno) -> None:
        if dyno.profile.output_interval:
            self._schedule_line(app, dyno)

    def _schedule_line(self, app: App, dyno: Dyno) -> None:
        seconds = self.simulator.random.expovariate(1 / dyno.profile.output_interval)
        self.actions.lifecycle.schedule(dyno, seconds, lambda: self._print(app, dyno))

    def _print(self, app: App, dyno: Dyno) -> None:
        random, line = self.simulator.random, dyno.profile.output
        text = words.fill(line, random) if line else printing.job(app.framework, random)
        self.simulator.write(app.log, "app", dyno.name, text, dyno_id=dyno.id)
        self._schedule_line(app, dyno)
