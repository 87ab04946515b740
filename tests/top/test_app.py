"""The live view: its picture, its keys, at most one command at a time, no foreign escape sequence on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from herodyno.cli.live.top_feed import lines_of
from herodyno.cli.session import Session
from herodyno.errors import NotAuthenticated
from herodyno.logs.decoding.read import read_lines
from herodyno.sandbox.world.world import World
from tests.top.live_view import (
    Commands,
    Feed,
    at_the_screen,
    dyno,
    judged_view,
    screen_of,
    textual,
    until,
    view_of,
)

_part = textual
HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e[red]x[/red]"


def test_a_terminal_of_80_by_24_shows_dynos_verdict_and_log(
    make_session: Callable[..., Session], world: World, readme_block: Callable[[str, str], None]
) -> None:
    session = make_session()
    session.output.utc = True
    lines = list(read_lines([world.log_text("example-app").encode()], year=2026))
    feed = Feed(judged_view(session), {"web.2": lines_of("web.2", 20, lines, utc=True)})

    async def keys(app: Any, pilot: Any) -> None:
        await pilot.press("s", "s", "s", "s")  # by errors: the worst is first, and the cursor stays on its dyno
        await pilot.press("home", "up")
        await until(pilot, lambda: "log of web.2" in screen_of(app))
        readme_block("top", f"$ herodyno top --app example-app\n{screen_of(app)}")

    at_the_screen(feed, Commands(), keys)


def test_keys_sort_filter_pause_and_show_the_log_alone() -> None:
    feed = Feed(view_of(dyno("web.10"), dyno("web.2"), dyno("worker.1", state="crashed")), {"web.2": ["hello"]})

    async def keys(app: Any, pilot: Any) -> None:
        def order() -> list[str]:
            return [line.split()[0] for line in screen_of(app).splitlines() if line.startswith(("web.", "worker."))]

        assert order() == ["web.2", "web.10", "worker.1"]
        await pilot.press("s")  # by state: what is not up comes first
        assert order() == ["worker.1", "web.2", "web.10"]
        assert "log of web.2   by state" in screen_of(app)  # the cursor stayed on its dyno
        await pilot.press("slash", *"cra", "enter")
        assert order() == ["worker.1"]
        await pilot.press("escape")
        assert len(order()) == 3
        await pilot.press("p")
        feed.now = view_of(dyno("web.1"))
        await pilot.pause(0.3)
        assert len(order()) == 3
        assert "paused" in screen_of(app)
        await pilot.press("p")
        await until(pilot, lambda: order() == ["web.1"])
        await pilot.press("l")
        assert order() == []
        await pilot.press("question_mark")
        assert "choose a dyno" in screen_of(app)
        await pilot.press("escape", "ctrl+c")

    assert isinstance(at_the_screen(feed, Commands(), keys).return_value, KeyboardInterrupt)


def test_a_command_runs_once_when_the_person_says_yes_and_never_two_at_a_time() -> None:
    commands = Commands(asks="On shop: web.1 is the only one. Type the app's name to go on:")
    feed = Feed(view_of(dyno("web.1")))

    async def keys(app: Any, pilot: Any) -> None:
        await pilot.press("r", "escape")
        await pilot.press("r", "n", "enter")
        await pilot.press("r", "enter")
        assert commands.ran == []
        assert "nothing was sent" in screen_of(app)
        commands.waits.clear()
        await pilot.press("r", "y", "enter")
        await until(pilot, lambda: "is the only one" in screen_of(app))
        await pilot.press(*"shop", "enter")
        await until(pilot, lambda: commands.answers)
        await pilot.press("r", "x")
        assert "is not done yet" in screen_of(app)
        await pilot.press("q")
        assert "still running" in screen_of(app)
        commands.waits.set()
        await until(pilot, lambda: "done ^[[2J" in screen_of(app))
        await pilot.press("q")

    app = at_the_screen(feed, commands, keys)
    assert commands.ran == [["restart", "web.1", "--if-id", "web10000-0000-4000"]]
    assert commands.answers == ["shop"]
    assert feed.looks == 1
    assert app.ran[0].endswith("exit code 0")


def test_what_ends_the_feed_ends_the_screen_and_foreign_text_is_harmless() -> None:
    hostile = dyno("web.1", state=HOSTILE, id=HOSTILE)
    feed = Feed(view_of(hostile, troubles=(HOSTILE,)), {"web.1": [HOSTILE]})

    async def keys(app: Any, pilot: Any) -> None:
        shown = screen_of(app)
        assert "^[[2J" in shown
        assert not any(sign in shown for sign in "\x1b\x07\x9b\u202e")
        await pilot.press("r")
        assert not any(sign in screen_of(app) for sign in "\x1b\x07\x9b\u202e")
        feed.error = NotAuthenticated("the token was revoked")
        await pilot.press("escape")
        await until(pilot, lambda: app.return_value is not None)

    assert at_the_screen(feed, Commands(), keys).return_value is feed.error
