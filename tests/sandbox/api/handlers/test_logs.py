"""Log sessions are created, drains are added and removed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


@pytest.mark.parametrize(
    ("variant", "body", "status"),
    [
        ("3.sdk", {"dyno": "web.1", "tail": True, "lines": 10, "source": "app"}, 201),
        ("3.sdk", {"dyno_name": "web.1"}, 422),
        ("3", {"dyno_name": "web.1"}, 201),
        ("3", {"dyno": "web.1", "source": None}, 201),
        ("3.sdk", {"lines": "10"}, 422),
        ("3.sdk", {"lines": -1}, 422),
    ],
)
def test_what_may_be_asked_of_a_log_session(
    make_world: MakeWorld, variant: str, body: dict[str, Any], status: int
) -> None:
    reply = Api(make_world())("POST", "/apps/example-app/log-sessions", body, variant=variant)
    assert reply.status_code == status


def test_a_drain_is_removed_by_its_url(make_world: MakeWorld) -> None:
    api, url = Api(make_world()), "https://user:pass@example.com/drain"
    made = api("POST", "/apps/example-app/log-drains", {"url": url}).json()
    path = f"/apps/example-app/log-drains/{quote(url, safe='')}"
    assert api("GET", path).json() == made == api("DELETE", path).json()
    assert api("GET", "/apps/example-app/log-drains").json() == []
    assert api("POST", "/apps/example-app/log-drains", {}).status_code == 422
