"""Add-ons: the database of an app, and what it is attached to."""

from __future__ import annotations

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


def test_the_add_on_is_there_with_its_config_var_under_its_own_names_only(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert api("GET", "/apps/example-app/addons").json() == []
    app = api.world.app("example-app")
    name = f"postgresql-{app.id[:8]}"
    assert api("GET", f"/apps/example-app/addons/{name}").status_code == 404
    app.config["DATABASE_URL"] = "postgres://example"
    (addon,) = api("GET", "/apps/example-app/addons").json()
    assert {api("GET", f"/apps/example-app/addons/{each}").status_code for each in (name, addon["id"])} == {200}
    assert api("GET", "/apps/example-app/addons/redis-1").status_code == 404


def test_the_database_is_attached_to_its_own_app(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert api("GET", "/addon-attachments").json() == api("GET", "/addons").json() == []
    api.world.app("example-app").config["DATABASE_URL"] = "postgres://example"
    (addon,) = api("GET", "/addons").json()
    for path in ("/addon-attachments", "/apps/example-app/addon-attachments"):
        (attachment,) = api("GET", path).json()
        assert (attachment["addon"]["id"], attachment["app"]["name"]) == (addon["id"], "example-app")
