"""A platform in memory on a clock of its own, for the operations: dynos boot, crash, and answers get lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from herodyno.dynos import Dyno, DynoSize, Formation, Release
from herodyno.errors import NotFound, Unreachable, WriteUnclear
from herodyno.heroku.api.wire import FormationUpdate
from herodyno.operations.executor import Executor
from herodyno.operations.journal import Journal

START = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
LAG = 6.0  # seconds
SIZES = (
    DynoSize(name="Eco", memory_gb=0.5, cost_cents=500, cost_unit="month"),
    DynoSize(name="Basic", memory_gb=0.5, cost_cents=700, cost_unit="month"),
    DynoSize(name="Standard-1X", memory_gb=0.5, cost_cents=2500, cost_unit="month"),
    DynoSize(name="Standard-2X", memory_gb=1, cost_cents=5000, cost_unit="month"),
    DynoSize(name="Performance-M", memory_gb=2.5, dedicated=True, cost_cents=25000, cost_unit="month"),
    DynoSize(name="Private-M", memory_gb=2.5, dedicated=True),
)


class FakePlatform:
    """The calls of Platform that operations use. `writes` is what reached the platform.

    `fault` says for each write "ok", "before" (nothing left the socket), "lost" (done, no answer) or "dropped"
    (received, not done, no answer). `doomed` names whose next incarnations crash after booting.
    The list of dynos has a dyno that ended for up to `LAG` seconds more, in the place of its successor.
    """

    def __init__(self, *, web: int = 4, boot: float = 8.0, seed: int = 1) -> None:
        self.now = START
        self.boot = boot
        self.random, self.lags = random.Random(seed), random.Random(seed)
        self.quantities = {"web": web, "worker": 2}
        self.sizes_of = {"web": "Standard-1X", "worker": "Standard-1X"}
        self.writes: list[tuple[str, ...]] = []
        self.fault: Callable[[], str] = lambda: "ok"
        self.doomed: set[str] = set()
        self.ended: dict[str, tuple[datetime, Dyno]] = {}  # name -> until when the list has the dyno
        self.rate_limit_remaining: int | None = 4000
        self.last_request_id = "req-1"
        self.in_sandbox = False
        self.most_down = 0
        self.release = 42
        self.living: dict[str, Dyno] = {}
        self.before_call: Callable[[str], None] = lambda what: None
        self._fill()
        for name in list(self.living):
            self.living[name] = self.living[name]._replace(state="up", created_at=START - timedelta(hours=3))

    def sleep(self, seconds: float) -> None:
        """Turn the clock in small steps, counting how many web dynos are down."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(end, self.now + timedelta(seconds=1))
            self._turn()

    def dynos(self, app: str) -> list[Dyno]:
        self.before_call("dynos")
        self._turn()
        late = {name: dyno for name, (until, dyno) in self.ended.items() if self.now < until}
        return list((self.living | late).values())

    def formation(self, app: str) -> list[Formation]:
        self.before_call("formation")
        return [Formation(type=name, quantity=n, size=self.sizes_of[name]) for name, n in self.quantities.items()]

    def sizes(self, app: str) -> list[DynoSize]:
        return list(SIZES)

    def releases(self, app: str, *, limit: int = 20) -> list[Release]:
        return [Release(version=self.release, status="succeeded")]

    def restart(self, app: str, *, type: str = "", dyno: str = "") -> None:
        self._write(lambda: [self._replace(name) for name in self._meant(type, dyno)], "restart", type, dyno)

    def stop(self, app: str, *, type: str = "", dyno: str = "") -> None:
        def stop() -> None:
            for name in self._meant(type, dyno):
                self._end(name)
            self._fill()

        self._write(stop, "stop", type, dyno)

    def scale(self, app: str, updates: Sequence[FormationUpdate]) -> list[Formation]:
        def scale() -> None:
            for update in updates:
                if update.quantity is not None:
                    self.quantities[update.type] = update.quantity
                if update.size:
                    self.sizes_of[update.type] = update.size
            self._fill()

        self._write(scale, "scale", *(f"{u.type}={u.quantity}:{u.size}" for u in updates))
        return self.formation(app)

    def _write(self, act: Callable[[], Any], *what: str) -> None:
        self.before_call(what[0])
        kind = self.fault()
        if kind == "before":
            raise Unreachable("connection refused")
        self.writes.append(what)
        if kind != "dropped":
            act()
        if kind != "ok":
            raise WriteUnclear("the connection was reset before the answer")

    def _meant(self, type: str, dyno: str) -> list[str]:
        if type:
            return [name for name, each in self.living.items() if each.type == type]
        if not dyno:
            return list(self.living)
        found = [n for n, each in self.living.items() if dyno in (n, each.id)]
        if not found:
            raise NotFound("Couldn't find that dyno.")
        return found

    def _end(self, name: str) -> Dyno:
        dyno = self.living.pop(name)
        if name not in self.ended or self.ended[name][0] <= self.now:
            self.ended[name] = (self.now + timedelta(seconds=self.lags.uniform(0, LAG)), dyno)
        return dyno

    def _replace(self, name: str) -> None:
        self.living[name] = self._end(name)._replace(id=self._id(), state="starting", created_at=self.now)
        self._count()

    def _fill(self) -> None:
        for process_type, quantity in self.quantities.items():
            for number in range(1, quantity + 1):
                name = f"{process_type}.{number}"
                if name not in self.living:
                    self.living[name] = Dyno(
                        name=name, id=self._id(), type=process_type, state="starting", size=self.sizes_of[process_type],
                        release=self.release, created_at=self.now,
                    )  # fmt: skip
            for name in [n for n, each in self.living.items() if each.type == process_type]:
                if int(name.partition(".")[2]) > quantity:
                    self._end(name)

    def _turn(self) -> None:
        for name, dyno in self.living.items():
            assert dyno.created_at is not None
            if dyno.state == "starting" and (self.now - dyno.created_at).total_seconds() >= self.boot:
                self.living[name] = dyno._replace(state="crashed" if name in self.doomed else "up")
        self._count()

    def _count(self) -> None:
        down = sum(dyno.type == "web" and dyno.state != "up" for dyno in self.living.values())
        self.most_down = max(self.most_down, down)

    def _id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128)))


@pytest.fixture
def make_platform() -> type[FakePlatform]:
    """Make a platform with `web` dynos and two workers."""
    return FakePlatform


@pytest.fixture
def platform() -> FakePlatform:
    """Four web dynos and two workers, all up for three hours."""
    return FakePlatform()


@pytest.fixture
def sizes() -> tuple[DynoSize, ...]:
    """The sizes the app may use."""
    return SIZES


@pytest.fixture
def notes() -> list[str]:
    """What the executor told a person."""
    return []


@pytest.fixture
def make_executor(tmp_path: Path, notes: list[str]) -> Callable[..., Executor]:
    """Make an executor for a platform, with a journal in a folder of its own."""

    def make(platform: Any, **options: bool) -> Executor:
        return Executor(
            platform, Journal(tmp_path / "state"), now=lambda: platform.now, note=notes.append, sleep=platform.sleep,
            **options,
        )  # fmt: skip

    return make
