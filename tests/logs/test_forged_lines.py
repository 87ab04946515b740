"""No app prints itself into Heroku's mouth: what an app prints changes no fact of any dyno, in any framing.

A calm log is written in every framing. In one copy an app prints, inside its lines, every kind of platform line as each
framing writes it. In the other copy it prints nothing of note. The facts of both copies must be the same.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from herodyno.diagnosis.counting.one_pass import OnePass, log_of
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.parsing.read import read_events
from tests.diagnosis.oracle import facts_by_events
from tests.diagnosis.plain_values import plain

Spoken = tuple[str, str, str, str]  # stamp, source, proc, text

ID = "33333333-aaaa-4bbb-8ccc-00000000000{}"
# What the platform says of web.3, which is calm.
PLATFORM = [
    ("heroku", "router", 'at=error code=H12 desc="Request timeout" method=GET path="/x" host=e.com request_id=f1 '
     'fwd="203.0.113.9" dyno=web.3 connect=0ms service=30000ms status=503 bytes=0 protocol=https'),
    ("heroku", "router", 'at=info method=GET path="/x" host=e.com request_id=f2 fwd="203.0.113.9" dyno=web.3 '
     "connect=0ms service=3ms status=500 bytes=0 protocol=https"),
    ("heroku", "web.3", "Error R14 (Memory quota exceeded)"),
    ("heroku", "web.3", "Error R15 (Memory quota vastly exceeded)"),
    ("heroku", "web.3", "Process running mem=900M(175.8%)"),
    ("heroku", "web.3", "State changed from up to crashed"),
    ("heroku", "web.3", "Process exited with status 137"),
    ("heroku", "web.3", "Stopping all processes with SIGTERM"),
    ("heroku", "web.3", "Starting process with command `evil`"),
    ("heroku", "web.3", f"source=web.3 dyno=heroku.1.{ID.format(9)} sample#memory_total=900.00MB "
     "sample#memory_rss=500.00MB sample#memory_cache=0.00MB sample#memory_swap=388.00MB "
     "sample#memory_pgpgin=9pages sample#memory_pgpgout=9pages sample#memory_quota=512.00MB"),
    ("app", "api", "Release v99 created by user eve@example.com"),
    ("app", "api", "Scaled to web@0:Standard-1X by user eve@example.com"),
    ("heroku", "logplex", "Error L10 (output buffer overflow): 900 messages dropped since 2026-11-23T02:00:00+00:00."),
    ("app", "log-shuttle", "Error L12: 900 messages dropped since 2026-11-23T02:00:00.000000+00:00."),
]  # fmt: skip


def text(stamp: str, source: str, proc: str, said: str) -> str:
    return f"{stamp} {source}[{proc}]: {said}"


def frame(stamp: str, source: str, proc: str, said: str) -> str:
    return f"<158>1 {stamp} host {source} {proc} - {said}"


def counted(stamp: str, source: str, proc: str, said: str) -> str:
    body = frame(stamp, source, proc, said) + "\n"
    return f"{len(body.encode())} {body}"


def page(stamp: str, source: str, proc: str, said: str) -> str:
    return f"Nov 23 {stamp[11:19]} example-app {source}/{proc}: {said}"


def archive(stamp: str, source: str, proc: str, said: str) -> str:
    at = f"{stamp[:10]} {stamp[11:19]} +0000"
    return f"70001\t{at}\t{at}\t4\texample-app\t203.0.113.1\tLocal7\tInfo\t{source}/{proc}\t{said}"


# How a line is written, with its end, in each framing.
FRAMINGS: dict[str, Callable[..., str]] = {
    "text": lambda *line: text(*line) + "\n",
    "text of Windows": lambda *line: text(*line) + "\r\n",
    "counted frames": counted,
    "frames without counts": lambda *line: frame(*line) + "\n",
    "frames with wrong counts": lambda *line: f"9{len(frame(*line)) + 3} {frame(*line)}\n",
    "page": lambda *line: page(*line) + "\n",
    "archive": lambda *line: archive(*line) + "\n",
    "events": lambda *line: f"id: 1\ndata: {text(*line)}\n\n",
    "quoted": lambda *line: f"> {text(*line)}\n",
    "CI job": lambda *line: f"test\tlogs\t2026-11-23T03:00:00.1234567Z {text(*line)}\n",
    "shipper": lambda stamp, source, proc, said: (
        json.dumps({"app_name": source, "proc_id": proc, "message": said, "timestamp": stamp}) + "\n"
    ),
    "our own": lambda stamp, source, proc, said: (
        json.dumps(
            {"schema": "herodyno.log/1", "type": "line", "at": stamp, "source": source, "proc": proc, "text": said}
        )
        + "\n"
    ),
    "events of Windows": lambda *line: f"id: 1\r\ndata: {text(*line)}\r\n\r\n",
}
# What an app can print between two words. LF ends its line, so LF is not among them.
BETWEEN = [
    " ",
    "",
    "\r",
    "\r\r",
    "\rdata: ",
    "\rid: 7\rdata: ",
    "\t",
    "\v",
    "\f",
    "\x85",
    "\u2028",
    "\x1c",
    "\0",
    ".",
    ". ",
    "\ta\tb\t2026-11-23T03:00:00Z ",
    "> ",
]


def stamp(second: int) -> str:
    return f"2026-11-23T02:{second // 60:02}:{second % 60:02}.500000+00:00"


def lines(said_by_app: Callable[[int], str]) -> list[Spoken]:
    """Three calm dynos for ten minutes, and an app that prints as told."""
    found: list[Spoken] = []
    for second in range(0, 600, 2):
        dyno = f"web.{second // 2 % 3 + 1}"
        request = (
            f'at=info method=GET path="/" host=e.com request_id=r{second} fwd="203.0.113.7" dyno={dyno} connect=0ms '
            "service=5ms status=200 bytes=5 protocol=https"
        )
        found.append((stamp(second), "heroku", "router", request))
        found.append((stamp(second + 1), "app", "web.1", said_by_app(second)))
    return found


def forged(seed: int, inner: Callable[..., str]) -> Callable[[int], str]:
    rng = random.Random(seed)

    def said(second: int) -> str:
        source, proc, words = PLATFORM[second // 2 % len(PLATFORM)]
        lie = inner(stamp(second), source, proc, words).strip("\r\n").replace("\n", "\r")
        return f"handled {second}{rng.choice(BETWEEN)}{lie}{rng.choice(BETWEEN)}ok"

    return said


def encoded(spoken: list[Spoken], framing: str) -> bytes:
    return "".join(FRAMINGS[framing](*line) for line in spoken).encode()


# Facts that keep words of lines. What an app prints stands there as what an app printed.
WORDS = {"evidence", "exceptions", "output", "patterns", "raised"}


def believed(data: bytes, size: int, *, event_by_event: bool) -> Any:
    """The facts of the dynos and of the app, without the words of lines."""
    cuts = [data[at : at + size] for at in range(0, len(data), size)]
    counted = OnePass(log_of(list(read_lines(cuts, year=2026)), year=2026))
    times = timeline(counted.boundaries, None, ())
    events = list(read_events(cuts, year=2026)) if event_by_event else []
    facts = facts_by_events(events, times) if event_by_event else counted.facts(times)
    incarnations = [plain(each) for each in times.all_incarnations()]
    return incarnations, _without_words(plain(facts))


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        if "patterns" in value:  # their words are the app's; how many lines it printed is a count like any other
            value = value | {"printed": value["patterns"]["lines"]}
        return {key: _without_words(item) for key, item in value.items() if key not in WORDS}
    return value


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("inner", ["text", "frames without counts", "counted frames", "page", "archive", "events"])
def test_what_an_app_prints_is_no_fact_of_a_dyno(inner: str, framing: str) -> None:
    calm = encoded(lines(lambda second: f"handled {second} ok"), framing)
    lied = encoded(lines(forged(len(framing) * 100 + len(inner), FRAMINGS[inner])), framing)
    for size in (len(lied), 509):
        facts = believed(lied, size, event_by_event=size == 509)
        assert facts == believed(calm, size, event_by_event=size == 509)
    incarnations, counts = facts
    assert len(incarnations) == 3
    assert counts["router_lines"] == 300
    assert not counts["no_dyno"]["by_code"]


@pytest.mark.parametrize("framing", ["counted frames", "shipper", "our own"])
def test_nor_where_a_message_holds_a_line_end(framing: str) -> None:
    calm = encoded(lines(lambda second: f"handled {second} ok"), framing)
    lied = encoded(lines(lambda second: f"a\n{frame(*_lie(second))}\n{text(*_lie(second))}"), framing)
    for size in (len(lied), 509):
        assert believed(lied, size, event_by_event=False) == believed(calm, size, event_by_event=False)


def _lie(second: int) -> Spoken:
    return (stamp(second), *PLATFORM[second // 2 % len(PLATFORM)])


@pytest.mark.slow
@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("seed", range(6))
def test_nor_in_any_chunking(seed: int, framing: str) -> None:
    calm = encoded(lines(lambda second: f"handled {second} ok"), framing)
    lied = encoded(lines(forged(seed, FRAMINGS[sorted(FRAMINGS)[seed]])), framing)
    for size in (1, 7, 64, 1013, 1 << 16):
        assert believed(lied, size, event_by_event=False) == believed(calm, size, event_by_event=False)
