"""What tests of several commands ask for: outages of the API, a chat that is told alerts, a stage for one-off dynos."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from herodyno.sandbox.world.world import World
from tests.cli.chat import Chat
from tests.cli.run.one_off_stage import Stage
from tests.heroku.rendezvous_server import serving


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    """A simulated app and the rendezvous of its attached dynos; nobody is let in before `play`."""
    with serving(lambda client: None) as server:
        yield Stage(world, server)


@pytest.fixture
def heroku_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Take the API down ("down"), revoke the login ("revoked"), and set all right again ("up")."""
    real = httpx.WSGITransport.handle_request
    state = "up"

    def handle(self: httpx.WSGITransport, request: httpx.Request) -> httpx.Response:
        if state == "down":
            raise httpx.ConnectError("Connection refused")
        if state == "revoked":
            return httpx.Response(401, json={"id": "unauthorized", "message": "Invalid credentials provided."})
        return real(self, request)

    monkeypatch.setattr(httpx.WSGITransport, "handle_request", handle)
    monkeypatch.setattr("herodyno.heroku.net.repeats.TRIES", 1)

    def become(wanted: str) -> None:
        nonlocal state
        state = wanted

    return become


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    folder = tmp_path / "chat"
    folder.mkdir()
    return Chat(folder)
