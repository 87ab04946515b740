"""The drain that `sandbox serve --drain` starts with: of the first app, a telemetry drain on Fir."""

from __future__ import annotations

from base64 import b64encode

from herodyno.sandbox.world.resources import App, TelemetryDrain
from herodyno.sandbox.world.world import World


def add_first_drain(world: World, app: App, url: str, *, user: str = "", password: str = "") -> None:
    """Add the drain. Without a password it sends none."""
    if app.generation != "fir":
        scheme, _, rest = url.partition("://")
        world.add_drain(app.name, f"{scheme}://{user}:{password}@{rest}" if password else url)
        return
    told = b64encode(f"{user}:{password}".encode()).decode()
    world.telemetry_drains.append(
        TelemetryDrain(
            id=world.simulator.new_id(),
            owner=app.id,
            kind="app",
            signals=["logs", "metrics"],
            exporter="otlphttp",
            endpoint=url,
            headers={"Authorization": f"Basic {told}"} if password else {},
            created_at=world.now,
            updated_at=world.now,
        )
    )
