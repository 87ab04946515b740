"""The tail of an app, from the simulated Heroku: every line once, in its order, over sessions that are cut."""

from collections.abc import Callable

import httpx
import pytest

from herodyno.cli.following import tail_of
from herodyno.cli.session import Session
from herodyno.logs.events import LogLine
from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.world.world import World


def test_an_app_is_followed_over_sessions_that_are_cut(
    world: World, make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.heroku.log.tail.back_off", lambda tries, chance: 0.0)

    def turn() -> bool:
        world.tick(5)
        return True

    session = make_session()
    session.httpx_transport = httpx.WSGITransport(application(world, wait=turn, options=Options(cut_after=400)))
    before = world.log_text("example-app").splitlines()
    followed: list[str] = []
    with tail_of(session, "example-app") as tail:
        for batch in tail:
            assert all(isinstance(item, LogLine) for item in batch)  # no gap
            followed += [item.raw for item in batch if isinstance(item, LogLine)]
            if tail.sessions > 3:
                break
    assert followed[:1000] == before[1:1001]  # the line that tells of our own session pushed one out
    assert len(followed) > len(before) + 1000
    assert len(set(followed)) == len(followed)
