"""What recurs: requests arriving, a worker's lines, Eco's half hour of silence. Each beat plans the next one."""

from __future__ import annotations

from herodyno.sandbox.world import app_lines
from herodyno.sandbox.world.dyno_orders import DynoOrders
from herodyno.sandbox.world.nouns import App, Dyno
from herodyno.sandbox.world.router import Router

IDLES_AFTER = 1800.0
LOOKS_EVERY = 30.0


class Rhythm:
    """Keeps the apps going."""

    def __init__(self, orders: DynoOrders, router: Router) -> None:
        self.stage, self.orders, self.router = orders.stage, orders, router
        self._flowing: set[str] = set()  # ids of apps with a next request in the calendar
        orders.life.on_up.append(self._speak)
        router.wake = orders.wake

    def flow(self, app: App) -> None:
        """Requests arrive from now on at the pace of `app.traffic`, until that is None."""
        if app.id not in self._flowing and app.traffic is not None:
            self._flowing.add(app.id)
            self._plan_request(app, app.traffic.per_second)

    def watch(self, app: App) -> None:
        """Eco apps sleep after half an hour without a request."""
        if app.process_tier == "eco" and self.stage.seconds - app.last_request > IDLES_AFTER:
            self.orders.idle(app)
        self.stage.later(LOOKS_EVERY, lambda: self.watch(app))

    def _plan_request(self, app: App, per_second: float) -> None:
        self.stage.later(self.stage.random.expovariate(per_second), lambda: self._arrive(app))

    def _arrive(self, app: App) -> None:
        traffic = app.traffic
        if traffic is None:
            self._flowing.discard(app.id)
            return
        self._plan_request(app, traffic.per_second)
        route = self.stage.random.choices(traffic.routes, [each.weight for each in traffic.routes])[0]
        self.router.request(app, traffic, route)

    def _speak(self, app: App, dyno: Dyno) -> None:
        every = dyno.behaviour.says_every
        if every:
            self._plan_work(app, dyno, every)

    def _plan_work(self, app: App, dyno: Dyno, every: float) -> None:
        seconds = self.stage.random.expovariate(1 / every)
        self.orders.life.plan(dyno, seconds, lambda: self._work(app, dyno, every))

    def _work(self, app: App, dyno: Dyno, every: float) -> None:
        self.stage.write(app.log, "app", dyno.name, app_lines.work(self.stage.random), dyno_id=dyno.id)
        self._plan_work(app, dyno, every)
