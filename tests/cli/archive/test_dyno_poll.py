"""`archive receive --poll`: GET alone, each trouble said once, and the account's calls left to others."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from herodyno.archive.drains.changes import new_password
from herodyno.archive.dyno_lists import DynoLists
from herodyno.cli.archive.dyno_poll import LOW_CALLS, MOST_CALLS, DynoPoll
from herodyno.cli.session import Session
from herodyno.dynos import Dyno
from herodyno.heroku.api.platform import Platform
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.world.world import World
from tests.archive.receive.drain import need_uvicorn
from tests.archive.receive.process import free_port, serving
from tests.conftest import TOKEN

APP = "example-app"
Make = Callable[..., Session]


class Polled:
    """A poll of an archive with the sandbox as Heroku, and what it said."""

    def __init__(self, archive: Path, make_session: Make, *apps: str, environ: dict[str, str] | None = None) -> None:
        for app in apps:
            new_password(archive, app, app=app)
        self.session = make_session(environ)
        self.said: list[str] = []
        self.lists = DynoLists(archive)
        self.poll = DynoPoll(archive, self.said.append, session=self.session)

    def look(self, times: int = 1) -> list[str]:
        """The apps that were asked for."""
        asked: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            dynos = Platform.dynos

            def counted(platform: Platform, app: str) -> list[Dyno]:
                asked.append(app)
                return dynos(platform, app)

            patch.setattr(Platform, "dynos", counted)
            for _ in range(times):
                self.poll.look()
        return asked


def test_the_dynos_that_heroku_lists_are_written_down_and_nothing_is_sent_but_gets(
    make_session: Make, world: World, tmp_path: Path
) -> None:
    polled = Polled(tmp_path, make_session, APP)
    polled.look()
    world.tick(60)
    polled.look()
    found = {each.dyno.name: each for each in polled.lists.read(APP)}
    assert {name: each.dyno.id for name, each in found.items()} == {
        dyno.name: dyno.id for dyno in world.app(APP).dynos.values() if dyno.name in found
    }
    assert [each.last - each.first for each in found.values()] == [60] * 4
    assert polled.said == []
    assert {call.split()[0] for call in polled.session.calls} == {"GET"}


@pytest.mark.parametrize("token", ["", "invalid"])
def test_without_a_credential_that_holds_nothing_is_written_and_it_is_said_once(
    make_session: Make, tmp_path: Path, token: str
) -> None:
    environ = {**os.environ, "HEROKU_API_KEY": token, "HOME": str(tmp_path), "NETRC": str(tmp_path / "none")}
    polled = Polled(tmp_path / "archive", make_session, APP, environ=environ)
    polled.look(30)
    assert len(polled.said) == 1
    assert polled.said[0].startswith("dyno lists: Heroku is not asked for dynos: ")
    assert polled.said[0].endswith("; the receiver goes on")
    assert polled.lists.days() == []


def test_an_app_that_heroku_refuses_is_asked_for_less_and_less_and_keeps_no_other_from_being_asked_for(
    make_session: Make, tmp_path: Path
) -> None:
    polled = Polled(tmp_path, make_session, "a-missing-app", APP)
    asked = polled.look(16)
    assert (asked.count(APP), asked.count("a-missing-app")) == (16, 4)
    assert len(polled.said) == 1
    assert "the dynos of a-missing-app are not known" in polled.said[0]


def test_more_apps_than_a_minutes_calls_take_turns_and_few_calls_left_are_left_to_others(
    make_session: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps = [f"app-{number:02}" for number in range(MOST_CALLS + 2)]
    polled = Polled(tmp_path, make_session, *apps)
    left = LOW_CALLS
    asked: list[str] = []

    def dynos(platform: Platform, app: str) -> list[Dyno]:
        asked.append(app)
        return []

    monkeypatch.setattr(Platform, "dynos", dynos)
    monkeypatch.setattr(Platform, "rate_limit_remaining", property(lambda platform: left))
    polled.poll.look()
    polled.poll.look()
    assert asked[: len(apps)] == apps
    assert len(asked) == 2 * MOST_CALLS
    left = LOW_CALLS - 1
    asked.clear()
    polled.poll.look()
    polled.poll.look()
    assert len(asked) == 2


def test_an_archive_without_a_named_app_asks_nobody(make_session: Make, tmp_path: Path) -> None:
    new_password(tmp_path, "main", app="")
    polled = Polled(tmp_path, make_session)
    assert polled.look() == []


@pytest.mark.slow
def test_a_real_receiver_keeps_what_heroku_lists_and_says_in_a_line_that_it_may_not_ask(
    monkeypatch: pytest.MonkeyPatch, world: World, tmp_path: Path
) -> None:
    need_uvicorn()
    new_password(tmp_path, APP, app=APP)
    with Server(world) as heroku:
        monkeypatch.setenv("HEROKU_HOST", heroku.url)
        monkeypatch.setenv("HEROKU_API_KEY", "invalid")
        with serving(tmp_path, free_port(), "--poll") as receiver:
            assert receiver.stderr
            assert receiver.stderr.readline().startswith("dyno lists: Heroku is not asked for dynos: ")
            assert receiver.poll() is None
        assert DynoLists(tmp_path).days() == []
        monkeypatch.setenv("HEROKU_API_KEY", TOKEN)
        with serving(tmp_path, free_port(), "--poll"):
            end = time.monotonic() + 60
            while len(DynoLists(tmp_path).read(APP)) < 4 and time.monotonic() < end:
                time.sleep(0.1)
    assert len(DynoLists(tmp_path).read(APP)) == 4
    assert TOKEN.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.json*"))
