"""The live view of the simulated app without its threads: what is fed to it, and the screen a person would see."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Any

from herodyno.cli.diagnose.fetch import live_inputs
from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.session import Session
from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError
from herodyno.render.pictures.signs import UNICODE
from herodyno.top.feed import Ask, Done
from herodyno.top.view import View, rows_of
from tests.real_parts import need, needed

NOW = datetime(2026, 11, 23, 2, 12, 58, tzinfo=UTC)


def need_textual() -> None:
    need("Textual", present=find_spec("textual") is not None, install="pip install 'herodyno[top]'")


textual = needed(need_textual)


def dyno(name: str, **fields: object) -> Dyno:
    whole = Dyno(
        name=name, id=f"{name.replace('.', '')}0000-0000-4000", type=name.partition(".")[0], state="up",
        size="Standard-1X", release=412, created_at=NOW - timedelta(hours=4),
    )  # fmt: skip
    return whole._replace(**fields)  # type: ignore[arg-type] # the caller names fields of Dyno


def view_of(*dynos: Dyno, troubles: tuple[str, ...] = ()) -> View:
    """A view before the first lines are judged."""
    return View("shop", NOW, rows_of(dynos, 412, None, None, 0.0), None, 0.0, troubles)


def judged_view(session: Session) -> View:
    """The view of the simulated app as it is now; rates are of its whole log."""
    inputs = live_inputs(session, "example-app")
    found = judged(session, inputs)
    rows = rows_of(inputs.dynos or (), 412, found, found, found.coverage.seconds)
    return View("example-app", session.now(), rows, found, found.coverage.seconds, ())


class Feed:
    """Gives what it is given."""

    def __init__(self, view: View, log: dict[str, list[str]] | None = None) -> None:
        self.now, self.log = view, log or {}
        self.error: HerodynoError | None = None
        self.looks = 0

    def view(self) -> View:
        if self.error:
            raise self.error
        return self.now

    def lines(self, dyno: str, most: int) -> Sequence[str]:
        return self.log.get(dyno, [])[-most:]

    def look_soon(self) -> None:
        self.looks += 1


class Commands:
    """Notes what was run. `asks` is the question of the command, "" where it has none; `waits` holds it back."""

    def __init__(self, asks: str = "") -> None:
        self.asks = asks
        self.ran: list[list[str]] = []
        self.answers: list[str] = []
        self.waits = threading.Event()
        self.waits.set()

    def restart(self, dyno: Dyno) -> list[str]:
        return ["restart", dyno.name, "--if-id", dyno.id]

    def stop(self, dyno: Dyno) -> list[str]:
        return ["stop", dyno.id]

    def run(self, words: Sequence[str], ask: Ask) -> Done:
        self.ran.append(list(words))
        if self.asks:
            self.answers.append(ask(self.asks))
        self.waits.wait(10)
        return Done(0, ("done \x1b[2J",))


def at_the_screen(
    feed: Feed, commands: Commands, keys: Callable[[Any, Any], Awaitable[None]], *, size: tuple[int, int] = (80, 24)
) -> Any:
    """Open the live view, let `keys(app, pilot)` act, and return the app when it has ended."""
    from herodyno.top.app import TopApp

    app = TopApp(feed, commands, zone=UTC, signs=UNICODE)

    async def act() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await keys(app, pilot)

    asyncio.run(act())
    return app


def screen_of(app: Any) -> str:
    """The characters on the screen, line by line."""
    lines = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
    return "".join(f"{line.rstrip()}\n" for line in lines)


async def until(pilot: Any, holds: Callable[[], object]) -> None:
    """Let the screen go on until it holds, five seconds at most."""
    for _ in range(200):
        if holds():
            return
        await pilot.pause(0.025)
    raise AssertionError("in vain")
