"""The router: which dyno gets a request, what comes back, and which lines the request leaves.

The router picks a web dyno at random. It writes its line when the request ends. So a request that the exit of its
dyno breaks is an H13 just before the exit line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from herodyno.sandbox.app_lines import printing
from herodyno.sandbox.heroku_facts import CONNECT_TIMEOUT, REQUEST_TIMEOUT, ROUTER_BOOT_TIMEOUT
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.resources import App, Dyno
from herodyno.sandbox.world.simulator import ScheduledEvent, Simulator
from herodyno.sandbox.world.workload import Fault, Route, Traffic

RETRY_INTERVAL = 0.25  # seconds after which a request that waits for a starting dyno is routed again


@dataclass(slots=True, kw_only=True)
class Request:
    """One open request. `sent` is in seconds since the start of the world, `connect` is the time to connect."""

    sent: float
    route: Route
    path: str
    client: str
    request_id: str
    connect: float = 0.0
    fault: Fault | None = None
    retries_left: int = 0  # further tries of the client when this one fails
    dyno: Dyno | None = None
    end: ScheduledEvent | None = None


class Router:
    """Takes requests, sends them to dynos and logs them at their end. `wake` is called for a sleeping app."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self._open: dict[str, dict[str, Request]] = {}  # dyno id -> request id -> request
        self.wake: Callable[[App], None] = lambda app: None

    def request(self, app: App, traffic: Traffic, route: Route) -> None:
        """A client requests a page."""
        self._route(app, self._new_request(traffic, route))

    def fail(self, app: App, dyno: Dyno, code: str) -> None:
        """Make one request that fails on this dyno now. `code` is a router code or a bare status."""
        traffic = app.traffic or Traffic(per_second=1.0)
        request = self._new_request(traffic, traffic.routes[0])
        request.fault = Fault(code=code, rate=1.0)
        self._send(app, request, dyno)

    def _new_request(self, traffic: Traffic, route: Route) -> Request:
        random = self.simulator.random
        path = route.path.replace("{n}", str(random.randint(1, 400))) if "{" in route.path else route.path
        number = int(random.paretovariate(1.2)) % traffic.clients
        client = f"198.51.{100 + number // 250}.{number % 250 + 1}"
        if traffic.noisy_share and random.random() < traffic.noisy_share:
            client = traffic.noisy_client
        request_id = self.simulator.new_id()
        return Request(sent=self.simulator.seconds, route=route, path=path, client=client, request_id=request_id)

    def break_requests(self, app: App, dyno: Dyno) -> None:
        """The process of a dyno has ended: its open requests get no response (H13)."""
        for request in self._open.pop(dyno.id, {}).values():
            if request.end is not None:
                request.end.cancel()
            self._log(app, request, "H13", self.simulator.seconds - request.sent)

    def _route(self, app: App, request: Request) -> None:
        app.last_request = self.simulator.seconds
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
        request.connect = self.simulator.seconds - request.sent
        if request.connect > ROUTER_BOOT_TIMEOUT:
            self._log(app, request, "H20", request.connect)
        else:
            self.simulator.schedule(RETRY_INTERVAL, lambda: self._route(app, request))

    def _pick(self, app: App, request: Request) -> Dyno:
        if app.session_affinity:
            return app.serving[sum(map(ord, request.client)) % len(app.serving)]
        return self.simulator.random.choice(app.serving)

    def _send(self, app: App, request: Request, dyno: Dyno) -> None:
        random, traffic = self.simulator.random, app.traffic
        request.dyno = dyno
        if request.fault is None:
            request.fault = self._drawn_fault(app, dyno, request)
            if request.fault is not None:
                request.retries_left = self._retries(request.fault)
        spread = traffic.spread if traffic else 0.6
        service = request.route.median_ms / 1000 * random.lognormvariate(0, spread) * dyno.profile.slowness
        code = request.fault.code if request.fault else ""
        service = self._service_of(code, service)
        if service > REQUEST_TIMEOUT:
            code, service = "H12", REQUEST_TIMEOUT + random.choice((0.0, 0.0, 0.001, 0.002))
        self._open.setdefault(dyno.id, {})[request.request_id] = request
        request.end = self.simulator.schedule(service, lambda: self._finish(app, request, code, service))

    def _drawn_fault(self, app: App, dyno: Dyno, request: Request) -> Fault | None:
        load = app.traffic.per_second / max(1, len(app.serving)) if app.traffic else 0.0
        for fault in dyno.profile.faults:
            fits = (not fault.paths or request.route.path in fault.paths) and fault.client in {"", request.client}
            if (
                fits
                and not (fault.above_load and load <= fault.above_load)
                and self.simulator.random.random() < fault.start_rate
            ):
                return fault
        return None

    def _retries(self, fault: Fault) -> int:
        left = 0
        while fault.burst > 1 and self.simulator.random.random() > 1 / fault.burst:
            left += 1
        return left

    def _service_of(self, code: str, service: float) -> float:
        random = self.simulator.random
        if code == "H12":
            return REQUEST_TIMEOUT + 0.0001
        if code == "H27":
            return 3.1 * random.lognormvariate(0, 0.5)
        if code == "H19":
            return CONNECT_TIMEOUT + random.uniform(0.001, 0.004)
        if code in {"H13", "H18", "500"}:
            return service * 0.6
        return 0.001 if code == "H21" else service

    def _finish(self, app: App, request: Request, code: str, service: float) -> None:
        dyno = request.dyno
        if dyno is None or self._open.get(dyno.id, {}).pop(request.request_id, None) is None:
            return
        self._log(app, request, code, service)
        if request.retries_left and dyno in app.serving:
            self.simulator.schedule(self.simulator.random.uniform(0.1, 1.6), lambda: self._again(app, request, dyno))

    def _again(self, app: App, request: Request, dyno: Dyno) -> None:
        """The client tries again over the same connection, so it reaches the same dyno."""
        again = Request(
            sent=self.simulator.seconds, route=request.route, path=request.path, client=request.client,
            request_id=self.simulator.new_id(), fault=request.fault, retries_left=request.retries_left - 1,
        )  # fmt: skip
        if dyno in app.serving:
            self._send(app, again, dyno)

    def _log(self, app: App, request: Request, code: str, service: float) -> None:
        random, dyno, route = self.simulator.random, request.dyno, request.route
        service_ms, status = int(service * 1000), int(code) if code.isdigit() else 200
        http2 = request.client[-1] in "13579"
        line = log_lines.router(
            method=route.method, path=request.path, host=app.host, request_id=request.request_id, fwd=request.client,
            dyno=dyno.name if dyno else "", code="" if code.isdigit() else code,
            connect_ms=CONNECT_TIMEOUT * 1000 if code == "H19" else int(request.connect * 1000), service_ms=service_ms,
            status=status if route.method == "GET" or status != 200 else 201,
            size=0 if code else random.randint(180, 42_000),
            http="http2.0" if http2 else "http1.1", tls="tls1.3" if http2 else "tls1.2",
        )  # fmt: skip
        served_by = dyno.id if dyno else ""
        if dyno and code:
            says = request.fault.line if request.fault and request.fault.code == code else ""
            texts = printing.failure(app.framework, code, says, route.method, request.path, request.request_id, random)
            if texts:
                self.simulator.write(app.log, "app", dyno.name, *texts, dyno_id=served_by)
        elif dyno and app.traffic and random.random() < app.traffic.lines_per_request:
            text = printing.success(app.framework, route.method, request.path, request.request_id, service_ms, random)
            self.simulator.write(app.log, "app", dyno.name, text, dyno_id=served_by)
        self.simulator.write(app.log, "heroku", "router", line, dyno_id=served_by)
