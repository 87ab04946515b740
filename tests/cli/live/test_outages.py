"""An API and a log that die together and come back: the feed of `top` says since when its data is old, and goes on."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from herodyno.cli.live.interval import parse_interval
from herodyno.cli.live.top_feed import TopFeed
from herodyno.cli.session import Session
from herodyno.render.output import Output
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import duration, scenario

SCENARIO = "one-bad-dyno"


def until(holds: Callable[[], object], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.1)


@pytest.mark.slow
def test_the_feed_outlives_a_server_that_dies_and_comes_back() -> None:
    world = scenario(SCENARIO, seed=1, start=datetime.now(UTC) - timedelta(seconds=duration(SCENARIO)))
    interval = parse_interval("2s", flag="--every", seldom_calls=3)
    with Server(world) as server:
        environ = server.environment
        session = Session(Output(io.StringIO(), None, {}), environ=environ)
        feed = TopFeed(session, environ["HEROKU_APP"], interval)
        feed.__enter__()
        until(lambda: feed.view().found)
    try:
        until(lambda: len(feed.view().troubles) == 2)
        api, log = feed.view().troubles
        assert api.startswith("no answer since ")
        assert log.startswith("no log since ")
        dead = feed.view()
        assert [row.dyno.name for row in dead.rows] == ["web.1", "web.2", "web.3", "web.4"]
        assert dead.found is not None
        with Server(world, port=server.port):
            until(lambda: not feed.view().troubles)
            until(lambda: feed.view().found is not dead.found)
            found = feed.view().found
            assert found is not None
            assert found.coverage.lines >= dead.found.coverage.lines
    finally:
        feed.__exit__()
