"""A second, independent world: router, dyno and metric lines written from the published formats, with the truth kept.

It shares no code with the sandbox, so that a mistake made in both would have to be made twice. Times are
seconds after the window's start; a life's truth is its dyno id, kept beside every router line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from herodyno.dynos import Dyno, Formation, Release
from tests.diagnosis.independent_lines import memory_text, router_line
from tests.diagnosis.independent_voices import Saying, Voice, voice

BASE = datetime(2026, 3, 2, 11, 0, tzinfo=UTC).timestamp()
FOREVER = float("inf")
# (path, how often, median service time in ms)
ROUTES = (
    ("/", 20, 25), ("/orders/{n}", 18, 60), ("/users/{u}/edit?tab={n}", 10, 90), ("/search?q=a+b&page={n}", 9, 240),
    ("/api/v1/items/{n}", 25, 12), ("/checkout", 8, 400), ("/assets/app-{h}.js", 6, 3), ("/api/old books/{n}", 4, 35),
)  # fmt: skip

Ill = Callable[[int, float, Random], str]  # (number of the route, seconds, random) -> "" or a code or a status


@dataclass(eq=False)
class Run:
    """One incarnation as it truly was. Requests come from `open` until `shut`; `gone` is its exit."""

    name: str
    id: str
    born: float
    open: float
    shut: float = FOREVER
    gone: float = FOREVER
    ill: Ill | None = None
    slow: float = 1.0
    release: int = 41
    size: str = "Standard-1X"
    reason: str | None = None
    requests: int = 0
    errors: list[tuple[float, str, str]] = field(default_factory=list)

    @property
    def type(self) -> str:
        return self.name.partition(".")[0]


@dataclass(eq=False)
class Outside:
    """An app seen from outside: what happens is said by methods, `text` is the log, `dynos` what the API lists."""

    seed: object
    seconds: float = 600.0
    metrics: bool = True
    router: int = 2
    digits: int | None = None
    late: float = 0.01
    twice: float = 0.0
    size: str = "Standard-1X"
    runs: list[Run] = field(default_factory=list)
    lines: list[tuple[float, str]] = field(default_factory=list)
    printed: list[tuple[float, float, str]] = field(default_factory=list)  # by the apps: written, arrived, line
    truth: dict[str, Run] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    wanted: dict[str, int] = field(default_factory=dict)
    errors_without_dyno: int = 0

    def __post_init__(self) -> None:
        self.random = Random(str(self.seed))
        self.base = BASE + self.random.uniform(0, 86400)
        self.voice: Voice = voice(self.seed)
        self.clients = [f"198.51.{self.random.randint(0, 255)}.{self.random.randint(1, 254)}" for _ in range(300)]

    def say(self, at: float, head: str, text: str) -> None:
        """A line, if it falls into the window."""
        if 0 <= at < self.seconds:
            self.lines.append((at, f"{head}: {text}"))

    def prints(self, at: float, run: Run, text: str) -> None:
        """Lines of an app, written at once. Their words draw nothing that the course of the incident depends on."""
        delay = self.voice.random.uniform(0, 0.2)
        for written, line in enumerate(self.voice.lines(text)):
            if 0 <= at < self.seconds:
                stamp = at + written / 1e5
                self.printed.append((stamp, stamp + delay, f"app[{run.name}]: {line}"))

    def run(self, name: str, born: float | None = None, *, up: float | None = None, ill: Ill | None = None) -> Run:
        """A dyno; without `born` one that has been running for some hours."""
        begun = -self.random.uniform(900, 80000) if born is None else born
        run = Run(name, str(UUID(int=self.random.getrandbits(128), version=4)), begun, begun if up is None else up,
                  ill=ill, size=self.size)  # fmt: skip
        self.runs.append(run)
        self.wanted[run.type] = max(self.wanted.get(run.type, 0), int(name.rpartition(".")[2]))
        return run

    def formation(self, kind: str, n: int, **more: Ill) -> list[Run]:
        """n dynos of a type that have been running for hours."""
        return [self.run(f"{kind}.{i}", **more) for i in range(1, n + 1)]

    def boot(self, name: str, at: float, *, before: str = "down", ill: Ill | None = None) -> Run:
        """A dyno starts."""
        up = at + self.random.uniform(1.5, 9)
        self.say(at - 0.05, f"heroku[{name}]", f"State changed from {before} to starting")
        self.say(
            at,
            f"heroku[{name}]",
            f"Starting process with command `bundle exec puma -p {self.random.randint(3000, 59999)}`",
        )
        self.say(up, f"heroku[{name}]", "State changed from starting to up")
        return self.run(name, at, up=up, ill=ill)

    def stop(self, run: Run, at: float, *, slow: bool = False, reason: str) -> None:
        """SIGTERM, then an exit within a second, or R12 and SIGKILL after 30."""
        head = f"heroku[{run.name}]"
        self.say(at, head, "Stopping all processes with SIGTERM")
        run.shut, run.reason = at, reason
        if slow:
            self.say(
                at + 30.2,
                head,
                "Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM",
            )
            self.say(at + 30.22, head, "Stopping remaining processes with SIGKILL")
        run.gone = at + (30.3 if slow else self.random.uniform(0.2, 2.5))
        self.say(run.gone, head, f"Process exited with status {137 if slow else 143}")

    def replace(self, run: Run, at: float, how: str, *, slow: bool = False, ill: Ill | None = None) -> Run:
        """Another dyno under the name: "restart" and "deploy" overlap, "cycle" does not, "preboot" for 3 minutes."""
        head = f"heroku[{run.name}]"
        why = {"restart": "restarted", "cycle": "cycled"}
        reason = why.get(how, "deployed" if self.releases else "stopped")  # without a release nothing tells why
        if how == "preboot":
            new = self.boot(run.name, at, before="up", ill=ill)
            new.open = at + 180
            self.stop(run, at + 180 + self.random.uniform(0, 6), slow=slow, reason=reason)
            new.open = run.shut
        else:
            self.say(at, head, "Cycling" if how == "cycle" else "Restarting")
            start = at + (32 if how == "cycle" and slow else 4 if how == "cycle" else self.random.uniform(0.8, 2))
            self.say(at + 0.06, head, "State changed from up to starting")
            self.stop(run, at + self.random.uniform(0.1, 2.2), slow=slow, reason=reason)
            if how == "cycle":
                start = max(start, run.gone + 0.3)
            up = start + self.random.uniform(1.5, 9)
            self.say(start, head, "Starting process with command `bin/start`")
            self.say(up, head, "State changed from starting to up")
            new = self.run(run.name, start, up=up, ill=ill)
        new.release = run.release
        return new

    def crash(self, run: Run, at: float, *, again: float | None, status: int = 1, first: str = "exit") -> Run | None:
        """The process exits by itself; the next one starts after `again` seconds (None: not in this window)."""
        head = f"heroku[{run.name}]"
        run.shut = run.gone = at
        run.reason = "killed" if status == 137 else "crashed"
        was = "up" if run.open < at else "starting"
        if why := self.voice.why:
            for before in (41, 30, 17, 9, 0.1):
                if run.born < at - before:
                    self.prints(at - before, run, why.text)
        self.say(at + (0.02 if first == "state" else 0), head, f"Process exited with status {status}")
        self.say(at + (0.02 if first == "exit" else 0), head, f"State changed from {was} to crashed")
        return None if again is None else self.boot(run.name, at + 0.1 + again, before="crashed")

    def release(self, version: int, at: float, *, told: bool = True) -> None:
        """A release, in the log and in the API."""
        if told:
            self.say(at - 0.5, "app[api]", f"Deploy {self.random.getrandbits(32):08x} by user dev@example.com")
            self.say(at, "app[api]", f"Release v{version} created by user dev@example.com")
        self.releases.append(Release(version=version, status="succeeded", created_at=self.time(at)))

    def serve(
        self,
        per_second: float,
        *,
        start: float = 0.0,
        end: float | None = None,
        kind: str = "web",
        client: str = "",
        only: int | None = None,
        to: Run | None = None,
        ill: Ill | None = None,
    ) -> None:
        """Requests at random times, each to one of the dynos that take some; what none takes is an H10."""
        random, at = self.random, start
        weights = [weight for _, weight, _ in ROUTES]
        while (at := at + random.expovariate(per_second)) < (self.seconds if end is None else end):
            number = random.choices(range(len(ROUTES)), weights)[0] if only is None else only
            taking = [run for run in self.runs if run.type == kind and run.open <= at < run.shut]
            run = to if to is not None else random.choice(taking) if taking else None
            held = 0.0
            if run is None:  # the router holds a request for a dyno that is starting
                soon = [each for each in self.runs if each.type == kind and at < each.open < at + 30]
                run = min(soon, key=lambda each: each.open, default=None)
                held = run.open - at if run else 0.0
            code = ((ill or run.ill or _well)(number, at + held, random)) if run else "H10"
            self.request(at + held, run, number, code, client or random.choice(self.clients), held=held)

    def request(
        self, sent: float, run: Run | None, number: int, code: str = "", client: str = "192.0.2.9", *, held: float = 0.0
    ) -> None:
        """One request; when its dyno exits meanwhile it ends as H13. `held`: how long the router kept it before."""
        random = self.random
        path, _, median = ROUTES[number]
        path = path.format(
            n=random.randint(1, 99999), u=UUID(int=random.getrandbits(128)), h=f"{random.getrandbits(40):010x}"
        )
        service = int(median * random.lognormvariate(0, 0.7) * (run.slow if run else 1)) + 1
        connect, wait = str(random.randint(0, 2) + int(held * 1000)), 0
        status = int(code) if code.isdigit() else 503 if code else 200
        service = {"H12": 30000 + random.randint(0, 3), "H27": 3000 + random.randint(0, 9000), "H28": 55001}.get(
            code, service
        )
        if code in ("H19", "H21"):
            connect, wait, service = ("5001", 5001, 0) if code == "H19" else (connect, 0, 0)
        at = sent + (wait + service) / 1000
        if run and at > run.gone:
            at = run.gone - random.uniform(0.027, 0.153)
            code, status, service = "H13", 503, max(0, int((at - sent) * 1000))
        status = {"H27": 499, "H28": 499, "H18": random.choice((200, 503))}.get(code, status)
        if not 0 <= at < self.seconds:
            return
        failed = bool(code) and code not in ("H27", "H28")
        to = run if code not in ("H10", "H11", "H14", "H20", "H99") else None
        line = router_line(
            random, code, path, f"{client}{random.choice(('', ',203.0.113.8'))}", status,
            f"dyno={to.name} connect={connect}ms service={service}ms" if to else "dyno= connect= service=",
            legacy=self.router == 1,
        )  # fmt: skip
        self.lines.append((at, line))
        if to is not None:
            self.truth[line] = to
            to.requests += 1
            why = self.voice.why
            if failed and why and at < run.gone and self.voice.random.random() < self.voice.told:
                self.prints(at - 1e-4, to, why.text)
            if failed:
                to.errors.append((at, code if not code.isdigit() else "5xx", path.partition("?")[0]))
        else:
            self.errors_without_dyno += failed

    def chatter(self, per_second: float = 0.2) -> None:
        """Lines of the apps, a traceback now and then, and metrics about every 20 seconds."""
        for run in self.runs:
            at = max(0.0, run.born)
            last = min(self.seconds, run.gone)
            while (at := at + self.random.expovariate(per_second)) < last:
                self.prints(at, run, self.voice.random.choice(self.voice.usual))
            if self.voice.misleading:
                self.repeats(run, self.voice.misleading, every=8.0)
            if self.metrics:
                level = self.random.uniform(150, 400)
                self.measure(run, lambda at, level=level: level + self.random.gauss(0, 4))

    def repeats(self, run: Run, saying: Saying, *, every: float, start: float = 0.0) -> None:
        """A line that a dyno prints again and again, whatever becomes of its requests."""
        at = max(start, run.born)
        while (at := at + self.voice.random.expovariate(1 / every)) < min(self.seconds, run.gone):
            self.prints(at, run, saying.text)

    def measure(self, run: Run, level: Callable[[float], float], quota: float = 512.0) -> None:
        """Memory lines of one life, 18 to 35 seconds apart, the first 15 to 45 s after its start."""
        at = self.random.uniform(0, 22) if run.born < 0 else run.born + self.random.uniform(15, 45)
        while at < min(self.seconds, run.gone):
            self.say(at, f"heroku[{run.name}]", memory_text(run.name, run.id, max(1.0, level(at)), quota, int(at)))
            at += min(35.0, max(18.0, self.random.gauss(20.5, 1.5)))

    def time(self, at: float) -> datetime:
        """The moment, aware UTC."""
        return datetime.fromtimestamp(self.base + at, UTC)

    def stamp(self, at: float) -> str:
        """As the platform writes it: trailing zeros may be missing; or with a fixed number of digits."""
        whole, _, fraction = self.time(at).strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
        fraction = fraction.rstrip("0") if self.digits is None else fraction[: self.digits]
        return f"{whole}.{fraction}+00:00" if fraction else f"{whole}+00:00"

    def written(self) -> list[tuple[str, Run | None]]:
        """The lines as they arrive, each with the life that truly wrote it (None where it is no router line)."""
        arriving = []
        for at, line in self.lines:
            delay = self.random.uniform(0, 120) if self.random.random() < self.late else self.random.uniform(0, 0.2)
            arriving.append((at + delay, f"{self.stamp(at)} {line}", self.truth.get(line)))
            if self.random.random() < self.twice:
                arriving.append((at + delay + self.random.uniform(0, 3), *arriving[-1][1:]))
        arriving += [(arrived, f"{self.stamp(at)} {line}", None) for at, arrived, line in self.printed]
        arriving.sort(key=lambda item: item[:2])
        return [(line, run) for _, line, run in arriving]

    def dynos(self) -> list[Dyno]:
        """What the API lists when it is asked at the end of the window."""
        return [
            Dyno(name=run.name, id=run.id, type=run.type, state="up", size=run.size, release=run.release,
                 created_at=self.time(run.born - self.random.uniform(0, 3)))
            for run in self.runs
            if run.shut >= self.seconds and run.born < self.seconds and run.type not in ("run", "release")
        ]  # fmt: skip

    def quantities(self) -> list[Formation]:
        """The formation."""
        return [Formation(type=kind, quantity=n, size=self.size) for kind, n in sorted(self.wanted.items())]


def _well(number: int, at: float, random: Random) -> str:
    return ""


def failing(rate: float, *codes: str, routes: Iterable[int] = (), start: float = 0.0, end: float = FOREVER) -> Ill:
    """Requests fail at a rate, on some routes or all, from one time to another."""
    chosen = frozenset(routes)

    def ill(number: int, at: float, random: Random) -> str:
        if start <= at < end and (not chosen or number in chosen) and random.random() < rate:
            return random.choice(codes)
        return ""

    return ill
