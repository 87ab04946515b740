"""Eco hours and features."""

from __future__ import annotations

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


def test_the_eco_quota_counts_hours_by_app(make_world: MakeWorld) -> None:
    api = Api(make_world(size="Eco", old=7200.0))
    app = api("GET", "/apps/example-app").json()
    quota = api("GET", f"/accounts/{api.state.account.id}/actions/get-quota").json()
    assert app["process_tier"] == "eco"
    assert quota["account_quota"] == 3_600_000
    assert quota["apps"] == [{"app_uuid": app["id"], "quota_used": 7200}]


def test_an_account_without_eco_has_no_quota(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert api("GET", f"/accounts/{api.state.account.id}/actions/get-quota").status_code == 404


def test_a_feature_changes_the_world(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert not api("GET", "/apps/example-app/features/log-runtime-metrics").json()["enabled"]
    assert api("PATCH", "/apps/example-app/features/log-runtime-metrics", {"enabled": True}).json()["enabled"]
    assert api.world.app("example-app").runtime_metrics
    assert api("PATCH", "/apps/example-app/features/preboot", {"enabled": True}).json()["enabled"]
    assert api.world.app("example-app").preboot
    assert api("GET", "/apps/example-app/features/preboot").json()["enabled"]
    assert api("PATCH", "/apps/example-app/features/preboot", {"enabled": "yes"}).status_code == 422
    assert api("GET", "/apps/example-app/features/nosuch").status_code == 404


def test_labs_and_features_share_the_features_out_by_their_state(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert api("GET", "/account/features").json() == []
    states = {each["name"]: each["state"] for each in api("GET", "/apps/example-app/features").json()}
    assert [name for name, state in states.items() if state != "general"] == ["log-runtime-metrics"]
