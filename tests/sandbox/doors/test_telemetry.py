"""A telemetry drain on this machine gets logs and metrics of a Fir app as OTLP; another gets nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.first_drain import add_first_drain
from herodyno.sandbox.doors.telemetry import TelemetryDelivery
from herodyno.sandbox.heroku_facts import DRAIN_TRIES
from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.world import World


@pytest.fixture
def world() -> World:
    made = World(seed=1)
    spec = AppSpec(formation={"web": (1, "dyno-1c-0.5gb", "serve")}, ages={"web": 60.0}, generation="fir")
    made.create_app("fir-app", spec)
    made.tick(60)
    return made


class Receiver:
    """Takes requests with the next status of its list."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, Any, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((url, json.loads(body), headers))
        return self.statuses.pop(0) if self.statuses else 200


def delivery(world: World, receiver: Receiver, url: str = "http://127.0.0.1:9/otlp/") -> TelemetryDelivery:
    add_first_drain(world, world.app("fir-app"), url, user="fir-app", password="secret")
    made = TelemetryDelivery(world, State(account=world.account), receiver)
    made.deliver()
    return made


def told(resource: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["value"]["stringValue"] for each in resource["attributes"]}


def test_a_line_has_the_id_of_the_dyno_that_wrote_it_and_memory_has_its_quota(world: World) -> None:
    receiver = Receiver()
    drains = delivery(world, receiver)
    (dyno,) = world.dynos("fir-app")
    world.say("fir-app", dyno.name, "hello")
    world.tick(3)
    drains.deliver()
    (first, metrics, headers), (second, logs, _) = receiver.got
    assert (first, second) == ("http://127.0.0.1:9/otlp/v1/metrics", "http://127.0.0.1:9/otlp/v1/logs")
    assert headers["Authorization"].startswith("Basic ")
    (of_dyno,) = metrics["resourceMetrics"]
    assert told(of_dyno["resource"])["service.instance.id"] == dyno.id
    usage, limit = (each["gauge"]["dataPoints"][0]["asDouble"] for each in of_dyno["scopeMetrics"][0]["metrics"])
    assert 0 < usage < limit == 512 * 2**20
    (of_app,) = (each for each in logs["resourceLogs"] if told(each["resource"])["service.name"] == "fir-app")
    assert told(of_app["resource"])["service.instance.id"] == dyno.id
    assert "hello" in [each["body"]["stringValue"] for each in of_app["scopeLogs"][0]["logRecords"]]


def test_what_is_refused_comes_again_and_is_dropped_in_the_end(world: World) -> None:
    receiver = Receiver(*[503] * DRAIN_TRIES)
    drains = delivery(world, receiver)
    for _ in range(DRAIN_TRIES):
        drains.deliver()
    assert [body for _, body, _ in receiver.got] == [receiver.got[0][1]] * DRAIN_TRIES


@pytest.mark.parametrize("url", ["https://127.0.0.1:9/", "http://logs.example.com/"])
def test_a_drain_elsewhere_and_a_removed_one_get_nothing(world: World, url: str) -> None:
    receiver = Receiver()
    delivery(world, receiver, url)
    assert receiver.got == []
    gone = delivery(world, receiver)
    receiver.got.clear()
    world.telemetry_drains.clear()
    world.tick(120)
    gone.deliver()
    assert receiver.got == []
