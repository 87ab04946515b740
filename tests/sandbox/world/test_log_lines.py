"""Every line the platform writes, in every scenario, has one of the shapes seen in public logs.

The shapes are written down here a second time, on purpose: this list is what Heroku writes, not what the sandbox says.
"""

from __future__ import annotations

import re

import pytest

from herodyno.sandbox.incidents.scenarios import names, scenario
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.log_buffer import LogEntry

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
PROC = r"(?:[\w-]+\.\d{1,4}|[a-z0-9-]+-[0-9a-z]+-[0-9a-z]{5})"
STAMP = r"2026-11-23T\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00"
MB = r"\d+\.\d\dMB"
ROUTER_HEAD = r'method=(?:GET|POST) path="/[^"]*" host=[\w.-]+\.herokuapp\.com request_id=' + UUID + r' fwd="[\d.]+" '
ROUTER_TAIL = r" protocol=http(?:1\.1|2\.0) tls=true tls_version=tls1\.[23]"
SHAPES = {
    "dyno": [
        r"Starting process with command `.+`",
        r"State changed from (?:starting to up|starting to crashed|crashed to starting|up to down|up to starting"
        r"|down to starting|up to complete|up to crashed|starting to down|crashed to down)",
        r"Restarting", r"Cycling", r"Idling", r"Unidling",
        r"Stopping all processes with SIGTERM",
        r"Stopping remaining processes with SIGKILL",
        r"Stopping process with SIGKILL",
        r"Process exited with status \d{1,3}",
        r"Process running mem=\d+M\(\d+\.\d%\)",
        r"Error R14 \(Memory quota exceeded\)",
        r"Error R15 \(Memory quota vastly exceeded\)",
        r"Error R1[023] \(\w+ \w+\) -> .+",
        r"Error R16 \(Detached\) -> An attached process is not responding to SIGHUP after its external connection was "
        r"closed\.",
        r"Error R17 \(Checksum error\) -> Checksum does match expected value\. Expected: SHA256:[0-9a-f]{64} "
        r"Actual: SHA256:[0-9a-f]{64}",
        r"Error R99 \(Platform error\) -> Failed to launch the dyno within 10 seconds",
        r"Awaiting client", r"Client connection closed\. Sending SIGHUP to all processes",
        rf"source={PROC} dyno=heroku\.\d+\.{UUID}(?: sample#load_avg_(?:1|5|15)m=\d+\.\d\d){{1,3}}",
        rf"source={PROC} dyno=heroku\.\d+\.{UUID} sample#memory_total={MB} sample#memory_rss={MB} "
        rf"sample#memory_cache={MB} sample#memory_swap={MB} sample#memory_pgpgin=\d+pages "
        rf"sample#memory_pgpgout=\d+pages sample#memory_quota={MB}",
    ],
    "router": [
        rf"at=info {ROUTER_HEAD}dyno={PROC} connect=\d+ms service=\d+ms status=[25]0\d bytes=\d+{ROUTER_TAIL}",
        rf'at=error code=H1[23] desc="[\w ]+" {ROUTER_HEAD}dyno={PROC} connect=\d+ms service=\d+ms status=503 bytes=0'
        + ROUTER_TAIL,
        rf'sock=client at=warning code=H27 desc="Client Request Interrupted" {ROUTER_HEAD}dyno={PROC} connect=\d+ms '
        rf"service=\d+ms status=499 bytes=0{ROUTER_TAIL}",
        rf'at=error code=(?:H10|H14|H20|H99) desc="[\w ]+" {ROUTER_HEAD}dyno= connect= service= status=503 bytes='
        + ROUTER_TAIL,
    ],
    "api": [
        r"Scaled to (?:[\w-]+@\d+:[\w.-]+ ?)+ by user \S+@\S+",
        r"Deploy [0-9a-f]{8} by user \S+@\S+",
        r"(?:Release v\d+ created|Running release v\d+ commands|Release v\d+ command failed) by user \S+@\S+",
        r"Rollback to v\d+ by user \S+@\S+",
        r"Build succeeded",
        r"Starting process with command `.+` by user \S+@\S+",
    ],
    "logplex": [
        rf"Error L10 \(output buffer overflow\): drain 'd\.{UUID}' dropped \d+ messages since {STAMP}\.",
        r'Error L14 \(certificate validation\): error="bad certificate" uri="syslog\+tls://[\w.]+:\d+/"',
    ],
    "log-shuttle": [
        rf"Error L12: \d+ messages dropped since {STAMP}\.",
        rf"Error L13: \d+ messages lost since {STAMP}\.",
    ],
}  # fmt: skip
READERS = {place: re.compile("|".join(f"(?:{each})" for each in shapes)) for place, shapes in SHAPES.items()}


def place_of(entry: LogEntry) -> str:
    """Which list of shapes a line belongs to; "" for what the app itself prints."""
    if entry.source == "heroku":
        return entry.proc if entry.proc in SHAPES else "dyno"
    return entry.proc if entry.proc in SHAPES else ""


# What is long or wide says nothing else when it is not.
SHORTER = {"fleet": {"apps": 45}, "memory-growing-worker": {"seconds": 1200.0}, "warm-up": {"seconds": 1200.0}}


@pytest.mark.parametrize("name", names())
def test_every_platform_line_has_a_known_shape(name: str) -> None:
    world = scenario(name, seed=5, **SHORTER.get(name, {}))
    for app in world.apps.values():
        for entry in app.log.everything:
            place = place_of(entry)
            if place:
                assert READERS[place].fullmatch(entry.text), f"{entry.source}[{entry.proc}]: {entry.text}"
            assert "\n" not in entry.text


def test_megabytes_and_percent_are_cut_not_rounded() -> None:
    assert log_lines.memory_mark(681.93, 512) == "Process running mem=681M(133.1%)"
    assert log_lines.memory_mark(590.29, 512) == "Process running mem=590M(115.2%)"


def test_a_young_dyno_lacks_the_longer_averages() -> None:
    assert log_lines.load_sample([0.35, 0.3]) == "sample#load_avg_1m=0.35 sample#load_avg_5m=0.30"


def test_a_request_that_reached_no_dyno_has_empty_numbers() -> None:
    line = log_lines.router(
        method="GET", path="/", host="example-app.herokuapp.com", request_id="r", fwd="192.0.2.1", dyno="", code="H14",
        connect_ms=0, service_ms=0, status=503, size=0, http="http1.1", tls="tls1.2",
    )  # fmt: skip
    assert "dyno= connect= service= status=503 bytes= protocol=http1.1" in line
