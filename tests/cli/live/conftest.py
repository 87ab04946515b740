"""What happens between two looks of a watch: steps in the simulated app, outages of the API, Ctrl-C at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from herodyno.sandbox.world.world import World

Step = Callable[[], object]


@pytest.fixture
def then(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Before each look but the first, one of the steps happens; after the last step somebody presses Ctrl-C."""

    def plan(*steps: Step, each: float = 2.0) -> None:
        coming: Iterator[Step] = iter(steps)
        tick = world.tick

        def wait(seconds: float) -> None:
            step = next(coming, None)
            if step is None:
                raise KeyboardInterrupt
            step()
            tick(each)

        monkeypatch.setattr(world, "tick", wait)

    return plan


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
