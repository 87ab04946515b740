"""Heroku's status page is asked only for a live verdict that rests on Heroku's own errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid

LIVE = ["diagnose", "-a", "example-app"]
TROUBLE = pytest.mark.parametrize("world", ["platform-trouble"], indirect=True)


class Watched(httpx.BaseTransport):
    """Which hosts are asked, and whether a token goes along."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.asked: list[tuple[str, bool]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.host, "authorization" in request.headers))
        return self._inner.handle_request(request)

    @property
    def status_page(self) -> list[tuple[str, bool]]:
        return [each for each in self.asked if each[0] == "status.heroku.com"]


def asked(make_session: Callable[..., Any], *argv: str) -> Watched:
    session = make_session()
    session.httpx_transport = watched = Watched(session.httpx_transport)
    run([*argv], session)
    return watched


@TROUBLE
def test_a_live_verdict_of_h99_asks_once_without_the_token(world: World, make_session: Any, capsys: Any) -> None:
    watched = asked(make_session, *LIVE, "--json")
    assert watched.status_page == [("status.heroku.com", False)]
    details = valid(capsys.readouterr().out)["verdict"]["details"]
    assert details[-1].startswith('status.heroku.com: apps yellow; "Elevated error rates in routing" since 2026-')


@TROUBLE
def test_a_title_cannot_write_to_the_terminal(make_session: Any, capsys: Any, world: World) -> None:
    world.notice = ("bad \x1b[31mred\x1b[0m \x07", world.now)
    asked(make_session, *LIVE)
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("world", ["platform-trouble", "one-bad-dyno"], indirect=True)
def test_nobody_is_asked_offline_for_a_line_or_without_need(
    make_session: Any, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "app.log"
    log.write_text(world.log_text("example-app"))
    ways = [["--from-file", str(log)], [*LIVE[1:], "--nagios"], [*LIVE[1:], "-o", "jsonl"]]
    for way in [*ways, *([LIVE[1:]] if world.truth.scenario == "one-bad-dyno" else [])]:
        assert asked(make_session, "diagnose", *way).status_page == [], way


@TROUBLE
def test_a_bundle_says_the_same_later_so_it_holds_nothing_of_the_page(
    world: World, make_session: Any, tmp_path: Path
) -> None:
    path = tmp_path / "b.zip"
    assert asked(make_session, *LIVE, "--bundle", str(path)).status_page == []
    assert asked(make_session, "diagnose", "--from-bundle", str(path)).asked == []
