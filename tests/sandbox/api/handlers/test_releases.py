"""Releases and rollback."""

from __future__ import annotations

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


def test_the_newest_release_is_one_range_away(make_world: MakeWorld) -> None:
    api = Api(make_world(version=41))
    newest = api("GET", "/apps/example-app/releases", range="version ..; order=desc, max=1").json()
    assert [(each["version"], each["current"]) for each in newest] == [(41, True)]


def test_a_rollback_is_a_new_release_that_dynos_then_run(make_world: MakeWorld) -> None:
    api = Api(make_world(version=41))
    made = api("POST", "/apps/example-app/releases", {"release": "v40"})
    assert (made.status_code, made.json()["version"], made.json()["current"]) == (201, 42, True)
    api.world.tick(90)
    assert api("GET", "/apps/example-app/dynos/web.1").json()["release"]["version"] == 42


def test_an_unknown_release_is_404_and_no_release_422(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert api("GET", "/apps/example-app/releases/v999").status_code == 404
    assert api("POST", "/apps/example-app/releases", {"slug": "x"}).status_code == 422


def test_every_release_that_succeeded_may_come_back_the_current_one_too(make_world: MakeWorld) -> None:
    api = Api(make_world(version=41))
    api.world.app("example-app").releases[-2].status = "failed"
    found = api("GET", "/apps/example-app/releases").json()
    assert [each["eligible_for_rollback"] for each in found] == [each["status"] == "succeeded" for each in found]
    assert [each["version"] for each in found if not each["eligible_for_rollback"]] == [40]
