"""A telemetry drain is of a Fir app or a space. What the schema does not allow is refused."""

from __future__ import annotations

from typing import Any

import pytest

from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.world import World
from tests.sandbox.api_client import Api

EXPORTER = {"type": "otlphttp", "endpoint": "https://example.com/", "headers": {"API-Key": "x"}}


@pytest.fixture
def api() -> Api:
    world = World(seed=1)
    world.create_app("fir-app", AppSpec(formation={"web": (1, "dyno-1c-0.5gb", "serve")}, generation="fir"))
    world.create_app("cedar-app", AppSpec(formation={"web": (1, "Basic", "serve")}))
    return Api(world)


def sent(api: Api, app: str = "fir-app", **fields: Any) -> dict[str, Any]:
    return {
        "owner": {"id": api.world.app(app).id, "type": "app"},
        "signals": ["logs", "metrics"],
        "exporter": EXPORTER,
    } | fields


def test_a_drain_is_listed_changed_and_removed(api: Api) -> None:
    made = api("POST", "/telemetry-drains", sent(api)).json()
    assert api("GET", "/apps/fir-app/telemetry-drains").json() == [made]
    place = f"/telemetry-drains/{made['id']}"
    assert api("PATCH", place, {"signals": ["logs"]}).json()["signals"] == ["logs"]
    assert api("DELETE", place).json()["exporter"] == EXPORTER
    assert api("GET", place).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"owner": {"id": "nobody", "type": "space"}}, {"owner": None}, {"signals": []}, {"signals": ["logs", "logs"]},
     {"signals": ["smoke"]}, {"exporter": {**EXPORTER, "type": "syslog"}}, {"exporter": {**EXPORTER, "endpoint": ""}},
     {"exporter": {**EXPORTER, "headers": {"a b": "x"}}}],
)  # fmt: skip
def test_what_the_schema_does_not_allow_is_refused(api: Api, fields: dict[str, Any]) -> None:
    assert api("POST", "/telemetry-drains", sent(api, **fields)).status_code == 422


def test_each_generation_has_its_own_kind_of_drain(api: Api) -> None:
    assert api("POST", "/telemetry-drains", sent(api, "cedar-app")).status_code == 422
    assert api("POST", "/apps/fir-app/log-drains", {"url": "https://example.com/"}).status_code == 422
