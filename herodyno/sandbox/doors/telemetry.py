"""Telemetry drains on this machine: posts what Fir apps print, and the memory of their dynos, as OTLP in JSON.

Heroku's collector sends protobuf. OTLP over HTTP knows both, and its receivers read both. What is not accepted after
DRAIN_TRIES is dropped. Sources: the OTLP specification; OpenTelemetry's conventions for Heroku. Heroku's names of
metrics are not published in full: these are those of OpenTelemetry's collector for containers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors import drains
from herodyno.sandbox.heroku_facts import DRAIN_TRIES
from herodyno.sandbox.world.log_buffer import LogEntry, Tail
from herodyno.sandbox.world.resources import App, TelemetryDrain
from herodyno.sandbox.world.world import World

METRICS_INTERVAL = 60.0  # seconds of the world; ours
MIB = 2**20

Json = dict[str, Any]


@dataclass(slots=True)
class _Queue:
    """What one drain still gets: (path, request) and how often the first of them was tried."""

    app: App
    drain: TelemetryDrain
    tail: Tail
    waiting: list[tuple[str, Json]] = field(default_factory=list)
    tries: int = 0
    measured: float = -METRICS_INTERVAL


class TelemetryDelivery:
    """Delivers to all telemetry drains of apps that send over HTTP to this machine."""

    def __init__(self, world: World, state: State, post: drains.Post = drains.post) -> None:
        self._world, self._state, self._post = world, state, post
        self._queues: dict[str, _Queue] = {}

    def run(self, stopped: threading.Event) -> None:
        """Deliver every DELIVERY_INTERVAL seconds until `stopped`."""
        while not stopped.wait(drains.DELIVERY_INTERVAL):
            self.deliver()

    def deliver(self) -> None:
        """Deliver what waits for every drain, once."""
        with self._state.lock:
            self._follow_new_drains()
            for queue in self._queues.values():
                queue.waiting += self._new(queue)
        for queue in list(self._queues.values()):
            while queue.waiting and self._deliver(queue):
                pass

    def _follow_new_drains(self) -> None:
        apps = {app.id: app for app in self._world.apps.values()}
        there = {each.id: each for each in self._world.telemetry_drains if each.owner in apps}
        for drain in there.values():
            if drain.id not in self._queues and drain.exporter == "otlphttp" and drains.is_local(drain.endpoint):
                app = apps[drain.owner]
                self._queues[drain.id] = _Queue(app, drain, app.log.follow())
        for drain_id in self._queues.keys() - there.keys():
            queue = self._queues.pop(drain_id)
            queue.app.log.unfollow(queue.tail)

    def _new(self, queue: _Queue) -> list[tuple[str, Json]]:
        entries, now = queue.tail.take(), self._world.simulator.seconds
        found = []
        if entries and "logs" in queue.drain.signals:
            found.append(("logs", logs_request(queue.app, entries)))
        if "metrics" in queue.drain.signals and now - queue.measured >= METRICS_INTERVAL:
            queue.measured = now
            found.append(("metrics", metrics_request(queue.app, self._world)))
        return found

    def _deliver(self, queue: _Queue) -> bool:
        """Post the first request. True when the next can be sent now."""
        signal, request = queue.waiting[0]
        headers = {**queue.drain.headers, "Content-Type": "application/json", "User-Agent": "OpenTelemetry Collector"}
        queue.tries += 1
        url = f"{queue.drain.endpoint.rstrip('/')}/v1/{signal}"
        accepted = 200 <= self._post(url, json.dumps(request).encode(), headers) < 300
        if accepted or queue.tries >= DRAIN_TRIES:
            queue.tries = 0
            queue.waiting.pop(0)
        return accepted


def logs_request(app: App, entries: Sequence[LogEntry]) -> Json:
    """The body for /v1/logs: the entries by who speaks."""
    by_speaker: dict[tuple[str, str, str], list[Json]] = {}
    for entry in entries:
        record = {"timeUnixNano": _nanoseconds(entry.at), "severityNumber": 9, "body": {"stringValue": entry.text}}
        by_speaker.setdefault(_speaker(app, entry), []).append(record)
    return {
        "resourceLogs": [
            {"resource": _resource(app, *speaker), "scopeLogs": [{"scope": {}, "logRecords": records}]}
            for speaker, records in by_speaker.items()
        ]
    }


def metrics_request(app: App, world: World) -> Json:
    """The body for /v1/metrics: memory and quota of each dyno that is up."""
    found = []
    for dyno in app.dynos.values():
        if dyno.state != "up":
            continue
        age = (world.now - (dyno.started_at or dyno.created_at)).total_seconds()
        values = {
            "container.memory.usage": dyno.profile.memory.mean(age) * MIB,
            "k8s.container.memory_limit": world.size(dyno.size).memory_mb * MIB,
        }
        metrics = [_gauge(name, value, world.now) for name, value in values.items()]
        of_dyno = _resource(app, app.name, dyno.name, dyno.id)
        found.append({"resource": of_dyno, "scopeMetrics": [{"scope": {}, "metrics": metrics}]})
    return {"resourceMetrics": found}


def _speaker(app: App, entry: LogEntry) -> tuple[str, str, str]:
    """(service, dyno name, dyno id) of an entry. Heroku's parts name no dyno but the runtime."""
    if entry.proc in ("router", "api"):
        return f"heroku-{entry.proc}", "", ""
    return (app.name if entry.source == "app" else "heroku-runtime"), entry.proc, entry.dyno_id


def _resource(app: App, service: str, dyno: str, dyno_id: str) -> Json:
    told = {
        "service.name": service,
        "service.instance.id": dyno_id,
        "heroku.app.name": app.name,
        "heroku.app.id": app.id,
        "heroku.dyno.name": dyno,
        "heroku.release.version": f"v{app.releases[-1].version}" if dyno else "",
        "cloud.provider": "heroku",
    }
    return {"attributes": list(_attributes(told))}


def _attributes(told: dict[str, str]) -> Iterable[Json]:
    return ({"key": name, "value": {"stringValue": value}} for name, value in told.items() if value)


def _gauge(name: str, value: float, at: datetime) -> Json:
    return {
        "name": name,
        "unit": "By",
        "gauge": {"dataPoints": [{"timeUnixNano": _nanoseconds(at), "asDouble": value}]},
    }


def _nanoseconds(at: datetime) -> str:
    """As OTLP's JSON writes a time."""
    return str(round(at.timestamp() * 1e6) * 1000)
