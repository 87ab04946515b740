"""How an app's code behaves: memory, failures, boot, exit, and the traffic it gets. Plain numbers a scenario sets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """memory_total in MB over the age of a dyno: a level, a warm-up, a steady growth, a saw-tooth, and noise.

    Noise is AR(1): `sigma` MB wide, each sample keeping `keep` of the one before.
    """

    level: float = 300.0
    warm_up: float = 0.0  # MB gained with time constant `tau_seconds`
    tau_seconds: float = 1440.0
    per_hour: float = 0.0  # MB gained in every hour
    tooth: float = 0.0  # MB between garbage collections, `tooth_seconds` apart
    tooth_seconds: float = 1800.0
    sigma: float = 2.0
    keep: float = 0.9

    def mean(self, age: float) -> float:
        """Without the noise, at `age` seconds after the start."""
        grown = self.per_hour * age / 3600 + self.warm_up * (1 - math.exp(-age / self.tau_seconds))
        return self.level + grown + self.tooth * ((age / self.tooth_seconds) % 1)

    def next_noise(self, noise: float, random: Random) -> float:
        return self.keep * noise + random.gauss(0, self.sigma * math.sqrt(1 - self.keep**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """Requests that fail with a router code ("H12") or a bare status ("500").

    `rate` is the share of requests that fail, in bursts of `burst` on average: a client that tries
    again within seconds. With `paths` or `client`, only such requests fail, at that rate.
    """

    code: str
    rate: float
    burst: float = 1.0
    paths: tuple[str, ...] = ()
    client: str = ""

    @property
    def start_rate(self) -> float:
        """The chance that a request begins a burst, such that `rate` of all requests fail."""
        return min(1.0, self.rate / (self.burst - self.rate * (self.burst - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a process of one type behaves from its start to its end. Times are seconds."""

    boot: tuple[float, float] = (1.0, 6.0)
    boot_status: int | None = None  # exits with this status instead of coming up
    binds: bool = True  # False: never listens on $PORT, so R10 after 60 s
    crash_after: float | None = None  # crashes this long after it came up, on average
    crash_status: int = 1
    exit_seconds: float = 1.0  # from SIGTERM to exit, median
    ignores_sigterm: bool = False  # R12, SIGKILL and status 137 after 30 s
    ignores_sighup: bool = False  # an attached one-off dyno that runs on when its client has left: R16
    damaged: bool = False  # its slug does not match its checksum: R17 instead of a start
    memory: Curve = field(default_factory=Curve)
    slowness: float = 1.0  # service times are multiplied by it
    failing: tuple[Failing, ...] = ()
    says_every: float = 0.0  # seconds between lines of a worker, 0 = silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A page of the app: how often it is asked for, and its median service time."""

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
    """Requests to an app's web dynos: Poisson arrivals, log-normal service times of width `spread`.

    `loud_client` sends `loud_share` of them, the others come from `clients` addresses.
    """

    per_second: float
    routes: tuple[Route, ...] = ROUTES
    clients: int = 60
    spread: float = 0.6
    says: float = 0.55  # app lines per request, on average
    loud_client: str = ""
    loud_share: float = 0.0
