"""What an app's code does and what is asked of it: memory, faults, boot, exit, traffic. A scenario sets the numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from herodyno.sandbox.app_lines.reasons import REASONS


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryCurve:
    """memory_total in MB over the age of a dyno: the sum of a level, a warm-up, a growth, a saw-tooth, and noise.

    The noise is AR(1), `sigma` MB wide: each sample keeps the share `autocorrelation` of the previous noise.
    """

    level: float = 300.0
    warm_up: float = 0.0  # MB gained in the end, with time constant `tau_seconds`
    tau_seconds: float = 1440.0
    per_hour: float = 0.0  # MB gained in every hour
    tooth: float = 0.0  # MB gained until a garbage collection; they are `tooth_seconds` apart
    tooth_seconds: float = 1800.0
    sigma: float = 2.0
    autocorrelation: float = 0.9

    def mean(self, age: float) -> float:
        """MB at `age` seconds after the start, without the noise."""
        grown = self.per_hour * age / 3600 + self.warm_up * (1 - math.exp(-age / self.tau_seconds))
        return self.level + grown + self.tooth * ((age / self.tooth_seconds) % 1)

    def next_noise(self, noise: float, random: Random) -> float:
        """The noise in MB of the next sample, from that of the previous one."""
        return self.autocorrelation * noise + random.gauss(0, self.sigma * math.sqrt(1 - self.autocorrelation**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An injected fault: requests that fail with a router code ("H12") or with a bare status ("500").

    `rate` is the share of requests that fail. They come in bursts of `burst` requests on average, because a client
    tries again within seconds. With `paths` or `client`, only requests to these paths or from this client fail.
    With `above_load`, requests fail only while each serving dyno gets more than so many of them per second: an
    overload, which more dynos end. `line` is what the app prints about some of them, and with it a traceback about a
    500; "" when it prints nothing.
    """

    code: str
    rate: float
    burst: float = 1.0
    paths: tuple[str, ...] = ()
    client: str = ""
    above_load: float = 0.0
    line: str = REASONS[0]

    @property
    def start_rate(self) -> float:
        """The probability that a request begins a burst, such that `rate` of all requests fail."""
        return min(1.0, self.rate / (self.burst - self.rate * (self.burst - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessProfile:
    """How a process of one type behaves from its start to its exit. Times are in seconds."""

    boot: tuple[float, float] = (1.0, 6.0)
    boot_status: int | None = None  # the process exits with it instead of coming up
    binds: bool = True  # False: it never listens on $PORT, so R10
    crash_after: float | None = None  # from up to a crash, on average
    crash_status: int = 1
    crash_says: bool = True  # a traceback comes before the exit
    exit_seconds: float = 1.0  # from SIGTERM to exit, median
    ignores_sigterm: bool = False  # so R12, SIGKILL and status 137
    ignores_sighup: bool = False  # an attached one-off dyno runs on after its client has left: R16
    damaged: bool = False  # the slug does not match its checksum: R17 instead of a start
    memory: MemoryCurve = field(default_factory=MemoryCurve)
    slowness: float = 1.0  # factor of all service times
    faults: tuple[Fault, ...] = ()
    output: str = ""  # a line printed again and again; "" = the jobs of a worker
    output_interval: float = 0.0  # between these lines, on average; 0 = no lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A page of the app: its share of the traffic (`weight`), and its median service time in ms."""

    method: str
    path: str
    weight: float = 1.0
    median_ms: float = 90.0


ROUTES = (
    Route(method="GET", path="/", weight=5, median_ms=60),
    Route(method="GET", path="/products", weight=6, median_ms=110),
    Route(method="GET", path="/products/{n}", weight=6, median_ms=85),
    Route(method="GET", path="/api/stock", weight=4, median_ms=45),
    Route(method="POST", path="/cart", weight=3, median_ms=120),
    Route(method="POST", path="/checkout", weight=2, median_ms=210),
    Route(method="GET", path="/search?q=item{n}", weight=2, median_ms=150),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Requests to an app's web dynos: Poisson arrivals, log-normal service times whose log has deviation `spread`.

    `noisy_client` sends the share `noisy_share` of the requests. All others come from `clients` addresses.
    """

    per_second: float
    routes: tuple[Route, ...] = ROUTES
    clients: int = 60
    spread: float = 0.6
    lines_per_request: float = 0.55  # app lines for a request that succeeds, on average
    noisy_client: str = ""
    noisy_share: float = 0.0
