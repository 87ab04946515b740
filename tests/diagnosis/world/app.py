"""An app as it truly runs: dynos, what happens to them, what they answer; every line is written where it happens.

Times are seconds after the window's start. What a reader can know is what was written. What is true stands in the
lives.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from tests.diagnosis.world import lines
from tests.diagnosis.world.formats import Form, Line
from tests.diagnosis.world.lives import Fault, Life

BASE = datetime(2026, 4, 13, 5, 0, tzinfo=UTC).timestamp()
CLI = Form()
WHO = "by user dev@example.com"


@dataclass(eq=False)
class App:
    """The app. `loses`: the share of router lines that never arrive; `mute`: no lifecycle line is written."""

    seed: object
    seconds: float = 600.0
    name: str = "shop"
    form: Form = CLI
    size: str = "Standard-1X"
    metrics: bool = True
    loses: float = 0.0
    mute: bool = False
    late: float = 0.0
    lives: list[Life] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    releases: list[tuple[int, float, str, str]] = field(default_factory=list)  # version, at, description, status
    wanted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random = Random(f"{self.seed}")
        self.base = BASE + random.uniform(0, 200 * 86400)
        self.clients = [f"198.51.{random.randint(0, 255)}.{random.randint(1, 254)}" for _ in range(250)]
        self.account = random.randint(10**7, 10**9)
        tls = " protocol=http1.1 tls=true tls_version=tls1.3"
        self.style = lines.Style(
            tail=random.choice((" protocol=https", tls, tls, "")),
            host=f"{self.name}-{random.getrandbits(40):010x}.herokuapp.com",
            proxied=random.random() < 0.4,
        )
        self.command = random.choice(
            ("bundle exec puma -C config/puma.rb", "npm start", "gunicorn app.wsgi", "bin/web")
        )

    # Lines

    def put(self, at: float, source: str, process: str, text: str) -> bool:
        """Write a line, if its time lies in the window. Whether it did."""
        if not 0 <= at < self.seconds:
            return False
        random = self.random
        late = random.uniform(1, 90) if self.late and random.random() < self.late else random.random() * 0.2
        self.lines.append(Line(self.base + at + late, self.base + at, source, process, text))
        return True

    def api(self, at: float, text: str) -> None:
        """A line about what a person or an add-on did."""
        self.put(at, "app", "api", text)

    def tell(self, name: str, at: float, text: str) -> None:
        """A line about a dyno's life."""
        if not self.mute:
            self.put(at, "heroku", name, text)

    # Lives

    def dyno(self, name: str, born: float | None = None, *, open_at: float | None = None) -> Life:
        """A dyno that came without a line; without `born`, one that has run for some hours."""
        begun = -self.random.uniform(600, 80_000) if born is None else born
        release = self.releases[-1][0] if self.releases and begun >= self.releases[-1][1] else 41
        opened = begun if open_at is None else open_at
        life = Life(name, lines.uuid(self.random), begun, opened, release=release, size=self.size)
        self.lives.append(life)
        self.wanted[life.type] = max(self.wanted.get(life.type, 0), life.number)
        return life

    def dynos(self, kind: str, n: int) -> list[Life]:
        """The first n dynos of a type."""
        return [self.dyno(f"{kind}.{i}") for i in range(1, n + 1)]

    def of(self, kind: str, at: float) -> list[Life]:
        """The dynos of a type that take requests at a time."""
        return [life for life in self.lives if life.type == kind and life.open <= at < life.shut]

    def boot(self, name: str, at: float, *, was: str = "down", takes: float | None = None) -> Life:
        """A dyno starts, and takes requests when it is up."""
        up = at + (self.random.uniform(2, 14) if takes is None else takes)
        if was:
            self.tell(name, at - 0.1, f"State changed from {was} to starting")
        self.tell(name, at, f"Starting process with command `{self.command}`")
        self.tell(name, up, "State changed from starting to up")
        return self.dyno(name, at, open_at=up)

    def stop(self, life: Life, at: float, *, ended: str, slow: bool = False, status: int | None = None) -> None:
        """SIGTERM and an exit within seconds, or after 30 s an R12 and SIGKILL."""
        self.tell(life.name, at, "Stopping all processes with SIGTERM")
        life.shut, life.ended = at, ended
        life.gone = at + (30.3 if slow else self.random.uniform(0.2, 4))
        if slow:
            why = "Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM"
            self.tell(life.name, at + 30.1, why)
            self.tell(life.name, at + 30.2, "Stopping remaining processes with SIGKILL")
        if status is None:
            status = 137 if slow else self.random.choice((143, 143, 143, 0))
        self.tell(life.name, life.gone, f"Process exited with status {status}")

    def restart(self, life: Life, at: float, *, how: str = "Restarting", slow: bool = False) -> Life:
        """Another dyno takes the name: by a restart or release ("Restarting"), or the daily "Cycling"."""
        self.tell(life.name, at, how)
        self.tell(life.name, at + 0.07, "State changed from up to starting")
        self.stop(life, at + self.random.uniform(0.3, 1.5), ended=how, slow=slow)
        start = life.gone + 0.4 if how == "Cycling" else at + self.random.uniform(1.8, 6)
        return self.boot(life.name, start, was="")

    def crash(self, life: Life, at: float, *, status: int = 1, again: float | None = 0.4) -> Life | None:
        """The process ends by itself; the platform starts another `again` seconds later (None: not now)."""
        first, second = self.random.choice(((0.0, 0.06), (0.05, 0.0)))
        was = "starting" if at < life.open else "up"
        self.tell(life.name, at + first, f"Process exited with status {status}")
        self.tell(life.name, at + second, f"State changed from {was} to crashed")
        life.shut = life.gone = at
        life.ended = "crashed"
        return None if again is None else self.boot(life.name, at + 0.2 + again, was="crashed")

    def scale(self, kind: str, n: int, at: float, *, who: str = WHO, size: str = "Standard-1X") -> list[Life]:
        """More dynos boot, or the highest are stopped. The new ones."""
        running = [life for life in self.lives if life.type == kind and life.shut > at]
        self.api(at, f"Scaled to {kind}@{n}:{size} {who}")
        self.wanted[kind] = n
        for life in running:
            if life.number > n:
                self.tell(life.name, at + 0.5, "State changed from up to down")
                self.stop(life, at + self.random.uniform(0.6, 3), ended="scaled")
        names = {life.name for life in running}
        new = [f"{kind}.{i}" for i in range(1, n + 1) if f"{kind}.{i}" not in names]
        return [self.boot(name, at + self.random.uniform(1, 4), was="") for name in new]

    def release(self, at: float, why: str = "", *, status: str = "succeeded") -> int:
        """A new version: the API's lines and the list. The dynos are the caller's."""
        version = (self.releases[-1][0] if self.releases else 41) + 1
        commit = f"{self.random.getrandbits(32):08x}"
        self.api(at - 0.2, f"{why or f'Deploy {commit}'} {WHO}")
        if status == "succeeded":
            self.api(at, f"Release v{version} created {WHO}")
        self.releases.append((version, at, why or f"Deploy {commit}", status))
        return version

    def rolled(self, kind: str, at: float, *, slow: bool = False) -> list[Life]:
        """Every dyno of a type restarts, as after a release."""
        running = [life for life in self.lives if life.type == kind and life.shut > at]
        return [self.restart(life, at + self.random.uniform(0.5, 6), slow=slow) for life in running]

    def moment(self, at: float) -> datetime:
        """Aware UTC."""
        return datetime.fromtimestamp(self.base + at, UTC)
