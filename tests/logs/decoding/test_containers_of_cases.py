"""Cases with a known right answer, each in a container of its own: what the lines in it mean."""

from __future__ import annotations

import pytest

from herodyno.logs.events import Event
from herodyno.logs.parsing.read import read_events
from tests.real_parts import case_bytes

FOUR = ["RouterRequest", "ProcessMemory", "DynoError R14", "RouterRequest H12"]
CRASHES = ["Exited", "StateChange", "ProcessMemory", "DynoError R14"] * 3
CASES = {
    "12-ansi.log": FOUR,
    "13-no-stamps.log": FOUR,
    "13-no-stamps-r15.log": ["ProcessMemory", "DynoError R15", "Stopping", "Exited", "StateChange"],
    "14-no-host.frames": ["RouterRequest H13", "StateChange"],
    "14-control-host.frames": ["RouterRequest H13", "StateChange"],
    "15-control.frames": CRASHES,
    "15-nil-sd.frames": CRASHES,
    "15-msgid.log": CRASHES,
    "16-papertrail-api.json": FOUR,
    "18-gha.log": FOUR,
    "18-gha2.log": FOUR,
    "19-indent.log": FOUR,
    "19-quote.log": FOUR,
}


def meaning(event: Event) -> str:
    return f"{type(event).__name__} {getattr(event, 'code', '')}".rstrip()


@pytest.mark.parametrize("name", CASES)
def test_a_container_holds_what_the_platform_said(name: str) -> None:
    events = list(read_events([case_bytes(name)], year=2026))
    platform = [event for event in events if event.line.source == "heroku"]
    assert [meaning(event) for event in platform] == CASES[name]
    assert {event.line.source for event in events} <= {"app", "heroku"}
    assert {getattr(event, "dyno", "") for event in platform} == {"worker.1" if "r15" in name else "web.1"}
    assert all((event.line.at is None) == name.startswith("13") for event in events)


def test_the_colours_of_the_real_cli_come_off() -> None:
    events = list(read_events([case_bytes("12-real-cli-force-colors.log")], year=2026))
    assert sum(meaning(event).startswith("RouterRequest") for event in events) == 36
    assert all(event.line.at and event.line.source for event in events)
