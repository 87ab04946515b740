"""Six incidents played by the simulated app, each with another verdict: material for golden files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from herodyno.cli.diagnose import fetch
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.observations import Source
from herodyno.logs.decoding.read import read_lines
from herodyno.render.output import Output
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World

# name -> (scenario, its settings, whether the whole log is read: a log session holds only the last 1,500 lines)
INCIDENTS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "one-dyno": ("one-bad-dyno", {}, False),
    "whole-app": ("release-broke-app", {"dynos": 6, "per_second": 4.0, "error_rate": 0.05, "at": 0.5}, True),
    "not-enough-data": ("too-little-data", {}, False),
    "memory-growing": ("memory-growing-worker", {}, True),
    "no-dyno-named": ("platform-trouble", {}, False),
    "clients": ("clients-leaving", {}, False),
}


def played(name: str) -> World:
    """The world at the end of the incident."""
    of, settings, _ = INCIDENTS[name]
    return scenario(of, **settings)


def live_inputs(world: World, output: Output) -> tuple[Session, Inputs]:
    """What `diagnose` gathers from a world, and the session that it did so with."""
    session = Session(
        output,
        environ={"HEROKU_API_KEY": "simulated"},
        clock=lambda: world.now,
        httpx_transport=httpx.WSGITransport(application(world)),
    )
    return session, fetch.live_inputs(session, "example-app")


def inputs_of(name: str, output: Output) -> tuple[Session, Inputs]:
    """The material as it would be gathered on the spot, and a session that shows to `output`."""
    world = played(name)
    session, inputs = live_inputs(world, output)
    if INCIDENTS[name][2]:
        text = world.full_log("example-app").encode()
        lines = list(read_lines([text], year=world.now.year))
        inputs = replace(inputs, log=log_of(lines, year=inputs.year), source=Source(kind="archive"))
    return session, inputs
