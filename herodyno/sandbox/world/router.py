"""The router and its requests: who is asked, what comes back, which lines it leaves.

Random routing over the web dynos that are up; a line is written when the request ends, so a request
that is cut off by an exit is an H13 just before the exit line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from herodyno.sandbox.world import app_lines, log_lines
from herodyno.sandbox.world.behaviour import Failing, Route, Traffic
from herodyno.sandbox.world.nouns import App, Dyno
from herodyno.sandbox.world.simulator import Planned, Stage

BOOT_PATIENCE = 75.0  # how long the router waits for a starting dyno (H20)
TIMEOUT = 30.0  # H12
CONNECT_PATIENCE = 5.0  # H19
WAITS_AGAIN = 0.25


@dataclass(slots=True, kw_only=True)
class Request:
    """One request under way. `sent` and `patience` are seconds of the world."""

    sent: float
    route: Route
    path: str
    client: str
    request_id: str
    connect: float = 0.0
    failing: Failing | None = None
    left: int = 0  # how often the client will try again
    dyno: Dyno | None = None
    end: Planned | None = None


class Router:
    """Takes requests, sends them to dynos, logs them at their end."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._open: dict[str, dict[str, Request]] = {}  # dyno id -> request id -> request
        self.wake: Callable[[App], None] = lambda app: None  # an idle app is asked for a page

    def request(self, app: App, traffic: Traffic, route: Route) -> None:
        """A client asks for a page."""
        self._route(app, self._made(traffic, route))

    def fail(self, app: App, dyno: Dyno, code: str) -> None:
        """One request that fails on this dyno, now, with a router code or a bare status."""
        traffic = app.traffic or Traffic(per_second=1.0)
        request = self._made(traffic, traffic.routes[0])
        request.failing = Failing(code=code, rate=1.0)
        self._send(app, request, dyno)

    def _made(self, traffic: Traffic, route: Route) -> Request:
        random = self.stage.random
        path = route.path.replace("{n}", str(random.randint(1, 400))) if "{" in route.path else route.path
        number = int(random.paretovariate(1.2)) % traffic.clients
        client = f"198.51.{100 + number // 250}.{number % 250 + 1}"
        if traffic.loud_share and random.random() < traffic.loud_share:
            client = traffic.loud_client
        return Request(sent=self.stage.seconds, route=route, path=path, client=client, request_id=self.stage.new_id())

    def cut_off(self, app: App, dyno: Dyno) -> None:
        """A dyno's process ends: what it had open gets no answer."""
        for request in self._open.pop(dyno.id, {}).values():
            if request.end is not None:
                request.end.cancel()
            self._log(app, request, "H13", self.stage.seconds - request.sent)

    def _route(self, app: App, request: Request) -> None:
        app.last_request = self.stage.seconds
        if app.maintenance:
            self._log(app, request, "H80", 0.0)
        elif "web" not in app.formation or not app.formation["web"].quantity:
            self._log(app, request, "H14", 0.0)
        elif app.serving:
            self._send(app, request, self._pick(app, request))
        elif any(each.type == "web" and self._may_come_up(each) for each in app.dynos.values()):
            self.wake(app)
            self._wait(app, request)
        else:
            self._log(app, request, "H10", 0.0)

    def _may_come_up(self, dyno: Dyno) -> bool:
        return dyno.state in {"idle", "down"} or (dyno.state == "starting" and not dyno.crashes)

    def _wait(self, app: App, request: Request) -> None:
        request.connect = self.stage.seconds - request.sent
        if request.connect > BOOT_PATIENCE:
            self._log(app, request, "H20", request.connect)
        else:
            self.stage.later(WAITS_AGAIN, lambda: self._route(app, request))

    def _pick(self, app: App, request: Request) -> Dyno:
        if app.session_affinity:
            return app.serving[sum(map(ord, request.client)) % len(app.serving)]
        return self.stage.random.choice(app.serving)

    def _send(self, app: App, request: Request, dyno: Dyno) -> None:
        random, traffic = self.stage.random, app.traffic
        request.dyno = dyno
        if request.failing is None:
            request.failing = self._fate(dyno, request)
            if request.failing is not None:
                request.left = self._retries(request.failing)
        spread = traffic.spread if traffic else 0.6
        service = request.route.median_ms / 1000 * random.lognormvariate(0, spread) * dyno.behaviour.slowness
        code = request.failing.code if request.failing else ""
        service = self._service_of(code, service)
        if service > TIMEOUT:
            code, service = "H12", TIMEOUT + random.choice((0.0, 0.0, 0.001, 0.002))
        self._open.setdefault(dyno.id, {})[request.request_id] = request
        request.end = self.stage.later(service, lambda: self._finish(app, request, code, service))

    def _fate(self, dyno: Dyno, request: Request) -> Failing | None:
        for failing in dyno.behaviour.failing:
            fits = (not failing.paths or request.route.path in failing.paths) and failing.client in {"", request.client}
            if fits and self.stage.random.random() < failing.start_rate:
                return failing
        return None

    def _retries(self, failing: Failing) -> int:
        left = 0
        while failing.burst > 1 and self.stage.random.random() > 1 / failing.burst:
            left += 1
        return left

    def _service_of(self, code: str, service: float) -> float:
        random = self.stage.random
        if code == "H12":
            return TIMEOUT + 0.0001
        if code == "H27":
            return 3.1 * random.lognormvariate(0, 0.5)
        if code == "H19":
            return CONNECT_PATIENCE + random.uniform(0.001, 0.004)
        if code in {"H13", "H18", "500"}:
            return service * 0.6
        return 0.001 if code == "H21" else service

    def _finish(self, app: App, request: Request, code: str, service: float) -> None:
        dyno = request.dyno
        if dyno is None or self._open.get(dyno.id, {}).pop(request.request_id, None) is None:
            return
        self._log(app, request, code, service)
        if request.left and dyno in app.serving:
            self.stage.later(self.stage.random.uniform(0.1, 1.6), lambda: self._again(app, request, dyno))

    def _again(self, app: App, request: Request, dyno: Dyno) -> None:
        """The client tries again and lands on the same dyno, over the same connection."""
        again = Request(
            sent=self.stage.seconds, route=request.route, path=request.path, client=request.client,
            request_id=self.stage.new_id(), failing=request.failing, left=request.left - 1,
        )  # fmt: skip
        if dyno in app.serving:
            self._send(app, again, dyno)

    def _log(self, app: App, request: Request, code: str, service: float) -> None:
        random, dyno, route = self.stage.random, request.dyno, request.route
        service_ms, status = int(service * 1000), int(code) if code.isdigit() else 200
        http2 = request.client[-1] in "13579"
        line = log_lines.router(
            method=route.method, path=request.path, host=app.host, request_id=request.request_id, fwd=request.client,
            dyno=dyno.name if dyno else "", code="" if code.isdigit() else code,
            connect_ms=5000 if code == "H19" else int(request.connect * 1000), service_ms=service_ms,
            status=status if route.method == "GET" or status != 200 else 201,
            size=0 if code else random.randint(180, 42_000),
            http="http2.0" if http2 else "http1.1", tls="tls1.3" if http2 else "tls1.2",
        )  # fmt: skip
        served_by = dyno.id if dyno else ""
        if dyno and code:
            texts = app_lines.failure(code, route.method, request.path, request.request_id, random)
            if texts:
                self.stage.write(app.log, "app", dyno.name, *texts, dyno_id=served_by)
        elif dyno and app.traffic and random.random() < app.traffic.says:
            said = app_lines.chatter(route.method, request.path, request.request_id, service_ms, random)
            self.stage.write(app.log, "app", dyno.name, said, dyno_id=served_by)
        self.stage.write(app.log, "heroku", "router", line, dyno_id=served_by)
