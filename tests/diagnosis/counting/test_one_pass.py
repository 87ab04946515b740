"""One pass over bytes gives the sightings and the facts that the events give, field by field."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.diagnosis.counting.events import fold
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.one_pass import ScannedLogs
from herodyno.diagnosis.counting.samples import MemorySamples
from herodyno.diagnosis.timeline.boundaries import boundaries_of
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.decoding.read import read_events
from herodyno.logs.scan.blocks import line_blocks
from herodyno.sandbox.incidents.scenarios import SCENARIOS, scenario
from tests.diagnosis.reading import LOGS, request, sample, stamp

REAL = Path(__file__).parents[4] / "shared" / "data" / "logs"
OWN = sorted(path.name for path in LOGS.glob("*.log"))
FILES = sorted(path.name for path in REAL.glob("*") if path.suffix in {".log", ".txt"})
ONE_ID, OTHER_ID = "8c1d7a55-0000-4000-8000-000000000001", "8c1d7a55-0000-4000-8000-000000000002"


def plain(value: Any) -> Any:
    """Anything as dicts, lists and scalars that can be compared."""
    if isinstance(value, MemorySamples):
        return list(value)
    if isinstance(value, array):
        return list(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Grid):
        return {at: (cell.requests, cell.errors, dict(cell.service)) for at, cell in value.in_order()}
    if hasattr(type(value), "__slots__") and not isinstance(value, tuple):
        return {name: plain(getattr(value, name)) for name in type(value).__slots__}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def chunks(data: bytes, size: int) -> Iterable[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def assert_same(data: bytes, size: int = 1 << 17) -> None:
    """Both ways over the same bytes, the scan in chunks of `size`."""
    events = list(read_events([data], year=2026, framing="text"))
    slowly = boundaries_of(events)
    scanned = ScannedLogs([lambda: line_blocks(chunks(data, size))], year=2026)
    quickly = scanned.boundaries()

    assert sorted(quickly.events, key=lambda event: event.line.number) == slowly.events
    assert sorted(quickly.actions, key=lambda event: event.line.number) == slowly.actions
    assert plain(quickly.names) == plain(slowly.names)
    assert plain(quickly.ids) == plain(slowly.ids)
    assert plain(quickly.window) == plain(slowly.window)

    times = timeline(slowly, None, ())
    facts = plain(fold(events, times))
    assert plain(scanned.facts(times)) == facts

    place = data.rfind(b"\n", 0, len(data) // 2) + 1
    while data.rfind(b"\n", 0, max(0, place - 1)) < place - PIECE_BYTES:  # pieces of one message are not cut apart
        place = data.rfind(b"\n", 0, place - 1) + 1
    parts = [partial(line_blocks, chunks(part, size)) for part in (data[:place], data[place:])]
    in_parts = ScannedLogs(parts, year=2026, spread=map)
    assert plain(in_parts.boundaries().names) == plain(slowly.names)
    assert plain(in_parts.facts(times)) == facts


@pytest.mark.parametrize("size", [700, 5_000, 1 << 17])
@pytest.mark.parametrize("name", OWN)
def test_logs_of_this_folder(name: str, size: int) -> None:
    assert_same((LOGS / name).read_bytes(), size)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real log lines are not part of a user's checkout")
@pytest.mark.parametrize("size", [3_000, 1 << 17])
@pytest.mark.parametrize("name", FILES)
def test_real_logs(name: str, size: int) -> None:
    assert_same((REAL / name).read_bytes(), size)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_scenarios_of_the_sandbox(name: str) -> None:
    world = scenario(name, seed=3)
    data = world.full_log(world.truth.app).encode()
    for size in (20_000, 1 << 17):
        assert_same(data, size)


TEXTS = [
    "Traceback (most recent call last):", '  File "/app/x.py", line 3, in total', "    return a + b", "KeyError: 'a'",
    "TypeError: no", "level=info msg=done", '[4f0c1d2e] Started GET "/"', "Completed 200 OK in 5ms: x", "", "plain",
    "Saving order: ValueError: x", "I, [2026-03-02T12:00:00 #4]  INFO -- : x", '{"level":"info","m":"Error"}',
    "    at Foo.bar (/app/x.js:1:2)", "Error: boom", "panic: x", 'at=info method=GET path="/', "/app/x.js:12",
    "Process exited with status 1", "Error R14 (Memory quota exceeded)", "raise ValueError", "\t", "é: Error: x",
    '10.0.0.1 - - [x] "GET / HTTP/1.1" 200', "source=web.1 sample#db=1", "a" * 10_000, "x\r", "Foo::Bar (oh)",
]  # fmt: skip
MANAGED = [
    "State changed from starting to up", "Restarting", "Error R14 (Memory quota exceeded)", "nonsense",
    "Error R15 (Memory quota vastly exceeded)", "Process running mem=871M(170.3%)", "State changed from up to down",
    "source=web.1 dyno=heroku.1.x sample#load_avg_1m=0.1", "Error R14 (Memory quota exceeded) ", "Idling",
]  # fmt: skip
RESTART = [
    (0, "Restarting"), (0.01, "State changed from up to starting"), (0.5, "Stopping all processes with SIGTERM"),
    (1.5, "Starting process with command `x`"), (3, "State changed from starting to up"),
    (8, "Process exited with status 143"),
]  # fmt: skip
CRASH = [
    (0, "Process exited with status 1"), (0.2, "State changed from up to crashed"),
    (20, "State changed from crashed to starting"), (22, "Starting process with command `x`"),
    (24, "State changed from starting to up"),
]  # fmt: skip
DAMAGES = ['"', "=", " ", "\n", "\0", "é", "dyno=web.9 ", "\u2028", "\udc80"]


def any_log(random: Random) -> str:
    """Some minutes of two or three dynos that restart and crash, lines of every kind, some late, some damaged."""
    names = random.sample(["web.1", "web.2", "worker.1", "heroku-postgres", "web-848cd4f64d-pvpr2"], 3)
    ids = dict.fromkeys(names, ONE_ID)
    timed: list[tuple[float, str]] = []
    length = random.choice((20, 200, 2000))
    for _ in range(random.randint(0, 4)):
        at, name = random.uniform(0, length), random.choice(names)
        for after, told in random.choice((RESTART, CRASH)):
            if random.random() < 0.9:
                timed.append((at + after, f"{stamp(at + after)} heroku[{name}]: {told}\n"))
    for _ in range(random.choice((5, 60, 400))):
        at = random.choice((random.uniform(0, length), float(random.randint(0, length))))
        name = random.choice(names)
        if random.random() < 0.02:
            ids[name] = OTHER_ID
        line = any_line(random, at, name, ids[name])
        if random.random() < 0.03:
            place = random.randint(0, len(line))
            line = line[:place] + random.choice(DAMAGES) + line[place:]
        timed += [(at, line)] * random.choice((1, 1, 1, 1, 2))
    disorder = random.choice((0.0, 0.0, 1.0, 100.0))
    timed.sort(key=lambda item: item[0] + random.uniform(0, disorder))
    return "".join(line for _, line in timed)


def any_line(random: Random, at: float, name: str, dyno_id: str) -> str:
    kind = random.randint(0, 9)
    if kind < 4:
        return request(
            at,
            random.choice((name, name, "")),
            code=random.choice(("", "", "", "", "H12", "H13", "H18", "H27", "H99")),
            path=random.choice(("/", "/a?b=1", "/orders/7", "?x", "/é", "/a b", "/%22", "/a=b", '/q"x')),
            status=random.choice((200, 200, 404, 500)),
            service=random.choice((0, 40, 400, 5_000, 30_000, 59_999, 60_000, 300_000)),
            client=random.choice(("192.0.2.7", "192.0.2.7, 10.0.0.1", " 192.0.2.9", "")),
        )
    if kind == 4:
        return sample(at, name, dyno_id, random.choice((400.25, 600.0)), swap=1.5)
    if kind == 5:
        return f"{stamp(at)} heroku[{name}]: {random.choice(MANAGED)}\n"
    speaker = random.choice((name, name, name, "api"))
    return "".join(f"{stamp(at)} app[{speaker}]: {text}\n" for text in random.choices(TEXTS, k=random.randint(1, 4)))


@pytest.mark.parametrize("examples", [50, pytest.param(1_000, marks=pytest.mark.slow)])
def test_any_log_in_any_chunks(examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(st.integers(0, 2**32), st.sampled_from([300, 3_000, 30_000]))
    def is_same(seed: int, size: int) -> None:
        assert_same(any_log(Random(seed)).encode("utf-8", "surrogateescape"), size)

    is_same()
