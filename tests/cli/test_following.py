"""`follow`, for `diagnose --listen`: whole lines for so long, none twice, through every break."""

from collections.abc import Callable

import httpx
import pytest

from herodyno.cli.following import follow
from herodyno.cli.session import Session
from herodyno.logs.read import read_lines
from herodyno.sandbox.desk import Options
from herodyno.sandbox.world import World
from herodyno.sandbox.wsgi import application


def test_the_log_is_followed_for_the_time_that_was_asked(
    world: World, make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.heroku.tail.back_off", lambda tries, chance: 0.0)

    def turn() -> bool:
        world.tick(5)
        return True

    session = make_session()
    session.httpx_transport = httpx.WSGITransport(application(world, wait=turn, options=Options(cut_after=400)))
    before = world.log_text("example-app").splitlines()
    began = world.now
    followed = [line.raw for line in read_lines(follow(session, "example-app", 300), year=2026)]
    assert (world.now - began).total_seconds() >= 300
    assert followed[:1000] == before[1:1001]  # the line that tells of our own session pushed one out
    assert len(followed) > len(before) + 400  # past the first break
    assert len(set(followed)) == len(followed)
