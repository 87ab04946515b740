"""Scale calls as the CLI and heroku3 send them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


@pytest.fixture
def api(make_world: MakeWorld) -> Api:
    return Api(make_world(web=2, worker=1))


@pytest.mark.parametrize(
    ("sent", "quantity"),
    [("3", 3), (3, 3), ("+1", 3), ("-1", 1), ("-9", 0), ("+0", 2), ("01", 1)],
)
def test_quantities_are_numbers_or_text_absolute_or_relative(api: Api, sent: Any, quantity: int) -> None:
    reply = api("PATCH", "/apps/example-app/formation", {"updates": [{"type": "web", "quantity": sent}]})
    assert [(each["type"], each["quantity"]) for each in reply.json()] == [("web", quantity)]


@pytest.mark.parametrize("sent", ["", "x", "1.5", -1, 1.5, [], "++1"])
def test_other_quantities_are_refused_and_nothing_changes(api: Api, sent: Any) -> None:
    updates = [{"type": "worker", "quantity": 5}, {"type": "web", "quantity": sent}]
    reply = api("PATCH", "/apps/example-app/formation", {"updates": updates})
    assert (reply.status_code, reply.json()["id"]) == (422, "invalid_params")
    assert api("GET", "/apps/example-app/formation/worker").json()["quantity"] == 1


@pytest.mark.parametrize("key", ["size", "dyno_size"])
def test_a_size_is_named_in_any_case_by_name_or_by_object(api: Api, key: str) -> None:
    named = {"quantity": 1, key: "standard-2X" if key == "size" else {"name": "STANDARD-2x"}}
    assert api("PATCH", "/apps/example-app/formation/web", named).json()["size"] == "Standard-2X"


def test_an_unknown_size_is_refused_with_the_sizes_there_are(api: Api) -> None:
    reply = api("PATCH", "/apps/example-app/formation/web", {"size": "huge"})
    assert reply.status_code == 422
    assert reply.json()["message"].startswith("No such size as huge. Available dyno sizes are ")


@pytest.mark.parametrize("path", ["formation", "formation/nosuch"])
def test_an_unknown_process_type_is_404(api: Api, path: str) -> None:
    body = {"updates": [{"type": "nosuch", "quantity": 1}]} if path == "formation" else {"quantity": 1}
    assert api("PATCH", f"/apps/example-app/{path}", body).status_code == 404


def test_scaling_shows_in_the_dynos(api: Api) -> None:
    api("PATCH", "/apps/example-app/formation", {"updates": [{"type": "web", "quantity": "+2"}]})
    api.world.tick(60)
    dynos = api("GET", "/apps/example-app/dynos").json()
    assert sorted(dyno["name"] for dyno in dynos) == ["web.1", "web.2", "web.3", "web.4", "worker.1"]
