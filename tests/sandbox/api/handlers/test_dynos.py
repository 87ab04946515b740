"""One-off dynos, restart and stop through the API."""

from __future__ import annotations

import re

import pytest

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


@pytest.fixture
def api(make_world: MakeWorld) -> Api:
    return Api(make_world(web=2, worker=1))


def ids(api: Api) -> dict[str, str]:
    return {dyno["name"]: dyno["id"] for dyno in api("GET", "/apps/example-app/dynos").json()}


@pytest.mark.parametrize(
    ("path", "replaced"),
    [
        ("dynos", {"web.1", "web.2", "worker.1"}),
        ("dynos/web.2", {"web.2"}),
        ("formations/web", {"web.1", "web.2"}),
    ],
)
def test_a_restart_gives_new_ids_under_old_names(api: Api, path: str, replaced: set[str]) -> None:
    before = ids(api)
    assert api("DELETE", f"/apps/example-app/{path}").status_code == 202
    api.world.tick(60)
    assert {name for name, dyno_id in ids(api).items() if before[name] != dyno_id} == replaced


def test_a_dyno_is_found_by_name_or_id(api: Api) -> None:
    by_name = api("GET", "/apps/example-app/dynos/web.1").json()
    assert api("GET", f"/apps/example-app/dynos/{by_name['id']}").json() == by_name
    assert api("GET", "/apps/example-app/dynos/web.9").json()["message"] == "Couldn't find that dyno."


def test_an_attached_dyno_gets_a_secret_address_once(api: Api) -> None:
    body = {"command": "bash", "attach": True, "env": {"TERM": "xterm"}}
    made = api("POST", "/apps/example-app/dynos", body).json()
    assert re.fullmatch(r"rendezvous://rendezvous\.runtime\.heroku\.com:5000/[\w-]{20,}", made["attach_url"])
    assert api("GET", f"/apps/example-app/dynos/{made['name']}").json()["attach_url"] is None
    assert [each.command for each in api.state.attachments.values()] == ["bash"]


def test_a_detached_dyno_has_no_address_and_stops_when_told(api: Api) -> None:
    made = api("POST", "/apps/example-app/dynos", {"command": "sleep 900"}).json()
    assert (made["attach_url"], made["type"], made["state"]) == (None, "run", "starting")
    api.world.tick(30)
    assert api("POST", f"/apps/example-app/dynos/{made['name']}/actions/stop").status_code == 202
    api.world.tick(60)
    assert made["name"] not in ids(api)


@pytest.mark.parametrize(
    "body", [{}, {"command": " "}, {"command": "x", "env": []}, {"command": "x", "time_to_live": 0}]
)
def test_a_dyno_that_cannot_be_made_is_refused(api: Api, body: dict[str, object]) -> None:
    assert api("POST", "/apps/example-app/dynos", body).json()["id"] == "invalid_params"


def test_sizes_carry_memory_and_price(api: Api) -> None:
    sizes = {size["name"]: size for size in api("GET", "/apps/example-app/available-dyno-sizes").json()}
    assert sizes["Standard-2X"]["memory"] == 1.0
    assert sizes["Standard-2X"]["cost"] == {"cents": 5000, "unit": "month"}
    assert not any(size["private_space_only"] for size in sizes.values())
    assert api("GET", "/dyno-sizes/standard-2x").json() == sizes["Standard-2X"]
    assert api("GET", f"/dyno-sizes/{sizes['Standard-2X']['id']}").json() == sizes["Standard-2X"]
