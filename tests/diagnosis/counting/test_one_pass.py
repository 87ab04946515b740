"""One pass over a log of any framing gives what the oracle counts event by event, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.diagnosis.counting import printed
from herodyno.diagnosis.counting.errors import failed_rows
from herodyno.diagnosis.counting.one_pass import Log, OnePass, log_of
from herodyno.diagnosis.scope import EVERYTHING, Scope
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.dynos import Dyno
from herodyno.logfiles import parts as log_parts
from herodyno.logfiles import processes as log_processes
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import FilePart, log_in
from herodyno.logfiles.processes import side_by_side
from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import Event
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan.blocks import Blocks, line_blocks
from herodyno.sandbox.incidents.scenarios import SCENARIOS, scenario
from herodyno.sandbox.world import log_formats
from tests.bench.log_file import write_log
from tests.diagnosis.oracle import chosen, facts_by_events, main_counters, main_counters_of, seen_in
from tests.diagnosis.plain_values import plain
from tests.diagnosis.reading import LOGS, request, sample, stamp
from tests.logfiles.events import events_in
from tests.real_parts import REAL_LOGS, need_shared_data, real_logs

OWN = sorted(path.name for path in LOGS.glob("*.log"))
FILES = real_logs(".log", ".txt", ".frames", ".drainlines")
YEAR = 2026
FAILING_CODES = ("H12", "H13", "H18", "H27", "H99", "")
needs_real = pytest.mark.usefixtures("shared_data")
ONE_ID, OTHER_ID = "8c1d7a55-0000-4000-8000-000000000001", "8c1d7a55-0000-4000-8000-000000000002"


@pytest.fixture
def shared_data() -> None:
    need_shared_data()


def chunks(data: bytes, size: int) -> Iterable[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def middle(data: bytes) -> int:
    """A place after a line, where no pieces of one message are cut apart."""
    place = data.rfind(b"\n", 0, len(data) // 2) + 1
    while data.rfind(b"\n", 0, max(0, place - 1)) < place - PIECE_BYTES:
        place = data.rfind(b"\n", 0, place - 1) + 1
    return place


class Oracle:
    """What the oracle says of some events: of all, and of what some scopes select. Asked once for several passes.

    Without the API, and with dynos of the API that were made while the log was written.
    """

    def __init__(self, events: Sequence[Event], *, scopes: bool = True) -> None:
        self.events = events
        self.seen = seen_in(events)
        without = timeline(self.seen, None, ())
        with_api = timeline(self.seen, made_in_the_middle(events), ())
        selections = [(scope, without) for scope in (scopes_of(events) if scopes else [EVERYTHING])]
        self.expected = [self._said(*selection) for selection in [*selections, (EVERYTHING, with_api)]]

    def _said(self, scope: Scope, times: Timeline) -> tuple[Scope, Timeline, Any, Any]:
        selected = list(chosen(self.events, scope))
        return scope, times, main_counters(selected, times), plain(facts_by_events(selected, times))


def assert_counts(log: Log, oracle: Oracle) -> None:
    """The pass over a log against the oracle over its events."""
    for scope, times, counters, facts_expected in oracle.expected:
        for counted in (OnePass(log, scope), *([] if scope.is_all else [OnePass(log)])):
            assert_seen(counted, oracle)
            facts = counted.facts(times, scope)
            assert main_counters_of(facts) == counters
            assert plain(facts) == facts_expected


def made_in_the_middle(events: Sequence[Event]) -> list[Dyno]:
    """A dyno of each name, made at a time in the middle of the log. Its id is in the metric lines of some."""
    at = sorted({event.line.at for event in events if event.line.at})
    names = sorted({event.dyno for event in events if getattr(event, "dyno", "") and event.dyno.isascii()})
    return [
        Dyno(
            name=name, id=ONE_ID if n % 2 else f"{n:08}-0000-4000-8000-000000000000", created_at=at[len(at) // (2 + n)]
        )
        for n, name in enumerate(names if at else [])
    ]


def assert_seen(counted: OnePass, oracle: Oracle) -> None:
    expected, seen = oracle.seen, counted.boundaries
    # Of boundary lines the text is kept only once, in the raw line.
    assert [(type(event), event.line.number, event.line.raw, event[1:]) for event in by_number(seen.events)] == [
        (type(event), event.line.number, event.line.raw, event[1:]) for event in by_number(expected.events)
    ]
    assert by_number(seen.actions) == by_number(expected.actions)
    assert plain(seen.names) == plain(expected.names)
    assert plain(seen.ids) == plain(expected.ids)
    assert plain(seen.window) == plain(expected.window)


def by_number(events: Iterable[Any]) -> list[Any]:
    return sorted(events, key=lambda event: event.line.number)


def scopes_of(events: Sequence[Event]) -> Iterator[Scope]:
    """No bound, and bounds of each kind that cut through these events."""
    yield EVERYTHING
    at = sorted({event.line.at for event in events if event.line.at})
    types = sorted({event.dyno.partition(".")[0] for event in events if getattr(event, "dyno", "")})
    if at:
        yield Scope(start=at[len(at) // 2])
        yield Scope(end=at[len(at) * 2 // 3], types=frozenset(types[-1:]))
        yield Scope(start=at[len(at) // 3], end=at[len(at) // 3 * 2])
    if types:
        yield Scope(types=frozenset(types[:1]))


def assert_same(data: bytes, *sizes: int, scopes: bool = True) -> None:
    """Bytes of text: as events only, and in chunks of each size as rows and events, whole and in two parts."""
    events = list(read_events([data], year=YEAR, framing="text"))
    oracle = Oracle(events, scopes=scopes)
    assert_counts(log_of(list(read_lines([data], year=YEAR, framing="text")), year=YEAR), oracle)
    place = middle(data)
    for size in sizes:
        whole: Blocks = partial(line_blocks, chunks(data, size))
        assert_counts(Log(logs=[whole], year=YEAR), oracle)
        parts = [partial(line_blocks, chunks(part, size)) for part in (data[:place], data[place:])]
        assert_counts(Log(logs=[whole], year=YEAR, parts=parts, spread=map), oracle)


def assert_processes(path: Path) -> None:
    """A file of text read by two processes."""
    data = path.read_bytes()
    place = middle(data)
    parts = [FilePart(str(path), 0, place), FilePart(str(path), place, len(data))]
    events = list(read_events([data], year=YEAR, framing="text"))
    whole = FilePart(str(path), 0, len(data))
    log = Log(logs=[whole], year=YEAR, parts=parts, spread=side_by_side(lambda done: None))
    assert_counts(log, Oracle(events, scopes=False))


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_processes, "processes", lambda: 2)


@pytest.mark.parametrize("name", OWN)
def test_logs_of_this_folder(name: str) -> None:
    assert_same((LOGS / name).read_bytes(), 700, 5_000, 1 << 17)


def failing_log(seed: int) -> bytes:
    """Three dynos, one of which restarts; codes of the server and of clients, and statuses of the app."""
    random = Random(seed)
    lines = []
    for i in range(150):
        at, code = i * 1.7, random.choice(FAILING_CODES)
        status = random.choice((200, 404, 500, 503)) if not code else 503
        path = f"/p{random.randrange(12)}?q={i}"
        lines.append(request(at, f"web.{1 + i % 3}", code=code, status=status, path=path, client=f"192.0.2.{i % 7}"))
        if i == 70:
            lines.append(f"{stamp(at)} heroku[web.1]: Process exited with status 1\n")
            lines.append(f"{stamp(at + 0.2)} heroku[web.1]: State changed from up to crashed\n")
        if i % 40 == 5:
            lines.append(f"{stamp(at + 0.1)} app[web.2]: KeyError: 'no'\n")
    return "".join(lines).encode()


@pytest.mark.parametrize("size", [700, 1 << 17])
def test_failed_requests_count_as_their_events_do(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_rows, "ENOUGH", 16)
    assert_same(failing_log(size), size)


@pytest.mark.parametrize("most", [3, 20])
@pytest.mark.parametrize("name", ["timeouts-and-websockets.log"])
def test_logs_with_more_lines_of_apps_than_are_looked_at(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "MOST_LOOKED_AT", most)
    assert_same((LOGS / name).read_bytes(), 700, scopes=False)


@needs_real
@pytest.mark.parametrize("name", FILES)
def test_real_logs_as_lines_of_text(name: str) -> None:
    assert_same((REAL_LOGS / name).read_bytes(), 3_000, 1 << 17)


@needs_real
def test_the_real_logs_are_there() -> None:
    assert len(FILES) > 80


@needs_real
@pytest.mark.parametrize("name", FILES)
def test_real_logs_in_their_own_framing_and_in_others(name: str, tmp_path: Path) -> None:
    data = (REAL_LOGS / name).read_bytes()
    assert_framing(data, tmp_path)
    lines = [line.raw.encode("utf-8", "replace") for line in read_lines([data], year=YEAR)]
    assert_framing(b"".join(b"id: 1\ndata: %b\n\n" % line.replace(b"\n", b" ") for line in lines), tmp_path)
    drained = [
        b"<190>1 %b host %b %b - %b"
        % (line.at.isoformat().encode(), line.source.encode(), line.proc.encode(), line.text.encode("utf-8", "replace"))
        for line in read_lines([data], year=YEAR)
        if line.at and line.source and line.proc
    ]
    assert_framing(b"".join(b"%d %b" % (len(frame), frame) for frame in drained), tmp_path)


def assert_framing(data: bytes, folder: Path) -> None:
    """A file as the command line opens it, whatever its framing."""
    path = folder / "app.log"
    path.write_bytes(data)
    with Logs([str(path)], year=YEAR) as logs:
        assert_counts(log_in(logs), Oracle(events_in(logs)))


@needs_real
@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".log", ".txt"))])
def test_real_logs_in_two_processes(name: str) -> None:
    assert_processes(REAL_LOGS / name)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", OWN)
def test_logs_of_this_folder_in_two_processes(name: str) -> None:
    assert_processes(LOGS / name)


# Every scenario in the slow run, and in every run those that restart, crash, scale and overlap.
LIVELY = {"crash-loop", "preboot", "one-bad-dyno", "restart-that-fixed-it"}
SOME = [name if name in LIVELY else pytest.param(name, marks=pytest.mark.slow) for name in sorted(SCENARIOS)]


@pytest.mark.parametrize("name", SOME)
def test_scenarios_of_the_sandbox(name: str) -> None:
    world = scenario(name, seed=3)
    assert_same(world.full_log(world.truth.app).encode(), 20_000, 1 << 17)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", SOME)
def test_scenarios_of_the_sandbox_in_every_framing_and_in_two_processes(name: str, tmp_path: Path) -> None:
    world = scenario(name, seed=4)
    entries = world.app(world.truth.app).log.everything
    assert_framing(log_formats.frames(entries), tmp_path)
    assert_framing(log_formats.papertrail(entries, app=world.truth.app).encode(), tmp_path)
    (tmp_path / "text.log").write_text(log_formats.text(entries), encoding="utf-8")
    assert_processes(tmp_path / "text.log")


@pytest.mark.slow
def test_a_large_file_is_counted_by_two_processes_as_by_the_oracle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.log"
    write_log(path, 6_000_000)
    monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(log_processes, "processes", lambda: 2)
    with Logs([str(path)], year=YEAR) as logs:
        log = log_in(logs)
        assert len(log.parts) == 2
        assert_counts(log, Oracle(events_in(logs), scopes=False))


def test_several_logs_of_different_framings_are_one(tmp_path: Path) -> None:
    world = scenario("one-bad-dyno", seed=5)
    entries = world.app(world.truth.app).log.everything
    third = len(entries) // 3
    paths = [tmp_path / name for name in ("a.log", "b.frames", "c.log")]
    paths[2].write_text(log_formats.text(entries[:third]), encoding="utf-8")
    paths[1].write_bytes(log_formats.frames(entries[third : third * 2]))
    paths[0].write_text(log_formats.text(entries[third * 2 :]), encoding="utf-8")
    for some in (paths, [paths[0], paths[2]]):
        with Logs([str(path) for path in some], year=YEAR) as logs:
            assert_counts(log_in(logs), Oracle(events_in(logs)))


def test_a_traceback_that_is_open_at_the_end_counts_within_its_time() -> None:
    lines = [f"{stamp(i)} heroku[web.1]: Cycling\n" for i in range(20)]
    lines += [f"{stamp(20)} app[web.1]: Error: boom\n", f"{stamp(20)} app[web.1]:     at Foo.bar (/app/x.js:1:2)\n"]
    lines += [f"{stamp(i / 100)} heroku[worker.1]: Cycling\n" for i in range(20)]  # late, and do not end it
    data = "".join(lines).encode()
    log = Log(logs=[lambda: line_blocks(chunks(data, 300))], year=YEAR)
    events = list(read_events([data], year=YEAR))
    scope = Scope(start=datetime.fromtimestamp(datetime.fromisoformat(stamp(20)).timestamp(), UTC))
    times = timeline(seen_in(events), None, ())
    facts = OnePass(log).facts(times, scope)
    assert facts.lines == 2
    assert plain(facts) == plain(facts_by_events(list(chosen(events, scope)), times))


def test_undated_lines_over_the_turn_of_a_year_are_read_whole_where_parts_would_lose_the_year() -> None:
    lines = [
        f"{day} 23:5{minute}:00 example-app {source}: {text}\n"
        for day in ("Dec 31", "Jan  1")
        for minute in range(10)
        for source, text in (
            ("app/web.1", "hello"),
            ("heroku/web.1", "Starting process with command `x`" if minute == 4 else "Cycling"),
        )
    ]
    data = "".join(lines).encode()
    events = list(read_events([data], year=YEAR))
    assert {event.line.at.year for event in events if event.line.at} == {YEAR, YEAR + 1}
    place = data.index(b"Jan") + len(lines[0])
    parts = [partial(line_blocks, [part]) for part in (data[:place], data[place:])]
    for size in (200, 1 << 17):
        log = Log(logs=[lambda size=size: line_blocks(chunks(data, size))], year=YEAR, parts=parts, spread=map)
        assert_counts(log, Oracle(events))


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
STOP = [
    (0, "Cycling"), (0.1, "State changed from up to down"), (0.5, "Stopping all proc"),
    (9, "Process exited with status 1"),
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
        for after, told in random.choice((RESTART, CRASH, STOP)):
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
            code=random.choice(("", "", "", "", "H12", "H13", "H18", "H21", "H27", "H99")),
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


@pytest.mark.parametrize(
    ("examples", "most"),
    [(25, 30_000), pytest.param(1_000, 30_000, marks=pytest.mark.slow), pytest.param(1_000, 9, marks=pytest.mark.slow)],
)
def test_any_log_in_any_chunks(examples: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "MOST_LOOKED_AT", most)

    @settings(max_examples=examples, deadline=None)
    @given(st.integers(0, 2**32), st.sampled_from([300, 3_000, 30_000]))
    def is_same(seed: int, size: int) -> None:
        assert_same(any_log(Random(seed)).encode("utf-8", "surrogateescape"), size)

    is_same()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(6, 20))])
def test_any_log_in_two_processes_and_as_frames(seed: int, tmp_path: Path) -> None:
    data = any_log(Random(seed)).encode("utf-8", "surrogateescape")
    (tmp_path / "any.log").write_bytes(data)
    assert_processes(tmp_path / "any.log")
    lines = [line for line in data.split(b"\n") if line.strip()]
    at = datetime(2026, 3, 2, 12, tzinfo=UTC).isoformat().encode()
    heads = (b"<190>1 %b host app web.1 - %b" % (at, line) for line in lines)
    assert_framing(b"".join(b"%d %b" % (len(frame), frame) for frame in heads), tmp_path)
