"""Simulated incidents with known truth, judged: how often the verdict is right, and how often it accuses wrongly.

`python tests/diagnosis/simulation.py [INCIDENTS PER FAMILY]` prints the table that the README shows.
The reader of the log is told nothing of the truth: the simulated world keeps it beside each line.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from herodyno.diagnosis.counting.events import server_code
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.timeline.attribution import place_event
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.dynos import App, Dyno, Formation, Release
from herodyno.logs.events import Event, RouterRequest
from herodyno.logs.parsing.read import read_events
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world import log_formats
from herodyno.sandbox.world.log_buffer import LogEntry
from herodyno.sandbox.world.workload import MemoryCurve
from herodyno.sandbox.world.world import START, World
from tests.diagnosis.oracle import seen_in
from tests.diagnosis.reading import file_of_text

ACCUSING = ("one_dyno", "some_dynos")
# Independent events on the guilty dyno from which the exact bound of the rate ratio can reach 3, with a margin
# for the peers' odd error: 13 of 2 equal dynos, 8 of 3, 6 of 4 and fewer of more (Clopper-Pearson).
SUFFICIENT = {2: 18, 3: 13, 4: 11}


class Family(NamedTuple):
    """A kind of incident: its scenario, how its numbers are drawn, and whether the whole log is read, or only what
    is left after its first `unseen` seconds."""

    name: str
    scenario: str
    draw: Callable[[Random], dict[str, Any]]
    whole_log: bool = False
    right: frozenset[str] = frozenset()  # verdict classes that are right beside the scenario's own
    unseen: Callable[[Random], float] = lambda random: 0.0


class Outcome(NamedTuple):
    """One incident judged."""

    family: str
    seed: int
    verdict: str
    right: bool
    falsely_accused: bool
    sufficient: bool  # a guilty dyno with enough events to be found
    found: bool
    attributed: tuple[int, int]  # (error lines given to the dyno that wrote them, error lines that name a dyno)
    memory: tuple[int, int]  # (trend classes right, lives whose curve in the window has a clear class)


def _quiet(random: Random) -> dict[str, Any]:
    return {"dynos": random.randint(2, 10), "per_second": random.uniform(1.5, 6.0), "others_rate": 0.0}


def _odd_errors(random: Random) -> dict[str, Any]:
    return _quiet(random) | {"others_rate": random.choice((0.001, 0.003, 0.008))}


def _bursts(random: Random) -> dict[str, Any]:
    return _quiet(random) | {
        "others_rate": random.uniform(0.005, 0.03),
        "others_burst": random.choice((3.0, 8.0, 15.0)),
    }


def _whole(random: Random) -> dict[str, Any]:
    return {
        "dynos": random.randint(2, 8), "per_second": random.uniform(2.0, 5.0), "code": random.choice(("500", "H12")),
        "error_rate": random.uniform(0.05, 0.3), "burst": random.choice((1.0, 3.0, 8.0)), "at": 0.4,
    }  # fmt: skip


def _bad(random: Random) -> dict[str, Any]:
    return {
        "dynos": random.randint(2, 10), "per_second": random.uniform(2.0, 6.0),
        "error_rate": random.uniform(0.08, 0.95), "burst": random.choice((1.0, 2.4, 6.0)),
        "others_rate": random.choice((0.0, 0.001, 0.003)), "code": random.choice(("", "H12", "500", "H13", "H18")),
    }  # fmt: skip


def _some_bad(random: Random) -> dict[str, Any]:
    dynos = random.randint(4, 10)
    return _bad(random) | {"dynos": dynos, "bad": random.randint(2, dynos // 2), "error_rate": random.uniform(0.2, 0.8)}


def _metrics_off(random: Random) -> dict[str, Any]:
    return _bad(random) | {"runtime_metrics": False}


def _restarted(random: Random) -> dict[str, Any]:
    return _bad(random) | {"at": random.uniform(0.4, 0.7)}


def _growing(random: Random) -> dict[str, Any]:
    return {"per_hour": random.uniform(20, 60)}


def _warm_up(random: Random) -> dict[str, Any]:
    return {"seconds": random.choice((2, 3, 6)) * 3600.0}


def _nothing(random: Random) -> dict[str, Any]:
    return {}


FAMILIES = (
    Family("nothing wrong", "healthy", _quiet),
    Family("odd errors anywhere", "healthy", _odd_errors),
    Family("bursts anywhere", "healthy", _bursts, right=frozenset({"whole_app", "not_enough_data"})),
    Family("whole app after a release", "release-broke-app", _whole, whole_log=True),
    Family("one bad dyno", "one-bad-dyno", _bad),
    Family("one bad dyno, no runtime metrics", "one-bad-dyno", _metrics_off),
    Family("some bad dynos", "some-bad-dynos", _some_bad),
    Family("restarted, name reused", "restart-that-fixed-it", _restarted, whole_log=True),
    Family("one client, one dyno", "one-client-or-path", lambda r: {"dynos": r.randint(3, 6)}),
    Family("single dyno", "single-dyno", lambda r: {"error_rate": r.uniform(0.05, 0.5)}),
    Family("crash loop", "crash-loop", lambda r: {"dynos": r.randint(1, 4)}, whole_log=True),
    Family("scaled to zero", "scaled-to-zero", _nothing),
    Family("clients leaving", "clients-leaving", lambda r: {"error_rate": r.uniform(0.05, 0.2)}),
    Family("slower dyno", "slow-dyno", lambda r: {"slowness": r.uniform(3.5, 6.0)}),
    Family("errors naming no dyno", "platform-trouble", _nothing),
    Family("too little data", "too-little-data", _nothing, right=frozenset({"nothing_found"})),
    Family("memory grows on one worker", "memory-growing-worker", _growing, whole_log=True),
    Family("warm-up, seen 2, 3 or 6 hours", "warm-up", _warm_up, whole_log=True),
    Family("warm-up, its beginning not seen", "warm-up", lambda r: {"seconds": 3 * 3600.0}, whole_log=True,
           unseen=lambda r: r.uniform(300, 4800)),
)  # fmt: skip


def dynos_of(world: World, app: str) -> list[Dyno]:
    """The API's list, as nouns."""
    return [
        Dyno(
            name=each.name, id=each.id, type=each.type, state=each.state, size=each.size,
            release=each.release, created_at=each.created_at, updated_at=each.updated_at,
        )
        for each in world.dynos(app)
    ]  # fmt: skip


def judge(world: World, text: str) -> Diagnosis:
    """The verdict on a simulated app, from its log and its API's lists."""
    app = world.truth.app
    return diagnose(
        file_of_text(text, year=world.now.year),
        app=App(name=app, generation=world.app(app).generation),
        at=world.now,
        source=Source(kind="file"),
        dynos=dynos_of(world, app),
        formation=[Formation(type=row.type, quantity=row.quantity, size=row.size) for row in world.formation(app)],
        releases=[Release(version=r.version, created_at=r.created_at) for r in world.app(app).releases],
    )


def drawn(family: Family, seed: int) -> tuple[World, datetime, list[LogEntry]]:
    """An incident, the beginning of what is seen of its log, and that part of the log."""
    random = Random(f"{family.name}{seed}")
    world = scenario(family.scenario, seed=seed, **family.draw(random))
    log = world.app(world.truth.app).log
    begin = START + timedelta(seconds=family.unseen(random))
    entries = log.everything if family.whole_log else log.entries
    return world, begin, [entry for entry in entries if begin == START or entry.at >= begin]


def run(family: Family, seed: int) -> Outcome:
    """Draw an incident, judge it, and hold the verdict against the truth."""
    world, begin, entries = drawn(family, seed)
    truth, text = world.truth, log_formats.text(entries)
    answer = judge(world, text)
    guilty = {dyno_id for _, dyno_id in truth.guilty}
    accused = {row.id for row in answer.incarnations if row.outlier.verdict == "outlier"}
    names = {row.dyno for row in answer.incarnations if row.outlier.verdict == "outlier" and row.id is None}
    accused.discard(None)
    innocent = bool(accused - guilty) or bool(names - {name for name, _ in truth.guilty})
    verdict = answer.verdict.kind
    events = list(read_events([text.encode()], year=world.now.year))
    return Outcome(
        family=family.name,
        seed=seed,
        verdict=verdict,
        right=verdict == truth.verdict or verdict in truth.also or verdict in family.right,
        falsely_accused=verdict in ACCUSING and innocent,
        sufficient=truth.verdict in ACCUSING and _is_sufficient(answer, guilty, truth.guilty),
        found=verdict in ACCUSING and (accused >= guilty or {name for name, _ in truth.guilty} <= names),
        attributed=_attributed(events, [entry.dyno_id for entry in entries], world),
        memory=_memory(answer, {} if not truth.memory else memory_truth(world, begin)),
    )


def _is_sufficient(answer: Diagnosis, guilty: set[str], named: tuple[tuple[str, str], ...]) -> bool:
    """Whether each guilty dyno has the volume and the events that the rules ask for."""
    rows = [row for row in answer.incarnations if row.id in guilty or (row.id is None and row.dyno in dict(named))]
    dynos = len({row.dyno for row in answer.incarnations if row.type == "web"})
    innocent = sum(row.requests.n for row in answer.incarnations if row.type == "web" and row not in rows)
    return len(rows) >= len(guilty) and all(
        row.requests.n >= 50
        and innocent >= 100
        and row.errors.bursts >= SUFFICIENT.get(dynos, 8) + 4 * (len(guilty) - 1)
        and (row.errors.bursts >= 0.05 * row.requests.n or row.errors.n >= 0.05 * row.requests.n)
        for row in rows
    )


def _attributed(events: list[Event], truth: list[str], world: World) -> tuple[int, int]:
    times = timeline(seen_in(events), dynos_of(world, world.truth.app), ())
    given: list[tuple[Any, str]] = []
    votes: dict[Any, Counter[str]] = defaultdict(Counter)
    for event in events:
        if isinstance(event, RouterRequest) and event.dyno:
            true_id = truth[event.line.number - 1]
            incarnation = place_event(event, times).incarnation
            if incarnation is not None:
                votes[incarnation.key][true_id] += 1
            if server_code(event)[0]:
                given.append((incarnation, true_id))
    right = 0
    for incarnation, true_id in given:
        if incarnation is None:
            continue
        told = incarnation.id or votes[incarnation.key].most_common(1)[0][0]  # a life without metrics has no id to tell
        right += told == true_id
    return (right, len(given))


def memory_truth(world: World, begin: datetime) -> dict[str, str]:
    """The class of each dyno's curve without its noise, as far as the window shows it; unclear ones left out."""
    classes = {}
    for dyno in world.app(world.truth.app).dynos.values():
        born = dyno.started_at or dyno.created_at
        ages = [max(0.0, (moment - born).total_seconds()) for moment in (begin, world.now)]
        kind = class_of(dyno.profile.memory, *ages, quota_mb=world.size(dyno.size).memory_mb)
        if kind:
            classes[dyno.id] = kind
    return classes


def class_of(curve: MemoryCurve, start: float, end: float, *, quota_mb: float) -> str:
    """The true class of a curve between two ages in seconds; "" within a third of the least rise that counts."""
    first, middle, last = (curve.mean(age) for age in (start, (start + end) / 2, end))
    rise, least = last - first, max(0.05 * quota_mb, 4 * curve.sigma)
    if abs(rise - least) < least / 3:
        return ""
    if rise < least:
        return "flat"
    return "warming_up" if last - middle < (middle - first) / 2 else "growing"


def _memory(answer: Diagnosis, truth: dict[str, str]) -> tuple[int, int]:
    told = {row.id: row.memory.trend.kind for row in answer.incarnations if row.id}
    judged = [
        (told[dyno_id], kind) for dyno_id, kind in truth.items() if told.get(dyno_id, "not_assessed") != "not_assessed"
    ]
    return (sum(mine == kind for mine, kind in judged), len(judged))


def outcomes(per_family: int) -> Iterator[Outcome]:
    """Judge so many incidents of every family."""
    for family in FAMILIES:
        for seed in range(per_family):
            yield run(family, seed)


class Score(NamedTuple):
    """The four numbers that are promised, each (hits, of)."""

    false_accusations: tuple[int, int]
    found: tuple[int, int]
    attribution: tuple[int, int]
    memory: tuple[int, int]


def score(results: list[Outcome]) -> Score:
    """Add up."""
    sufficient = [o for o in results if o.sufficient]
    return Score(
        false_accusations=(sum(o.falsely_accused for o in results), len(results)),
        found=(sum(o.found for o in sufficient), len(sufficient)),
        attribution=(sum(o.attributed[0] for o in results), sum(o.attributed[1] for o in results)),
        memory=(sum(o.memory[0] for o in results), sum(o.memory[1] for o in results)),
    )


def table(results: list[Outcome]) -> str:
    """The table of the README."""
    rows = ["| incidents | n | right class | wrongly accused | sufficient cases found | error lines attributed |"]
    rows.append("|---|---|---|---|---|---|")
    for name in [*dict.fromkeys(o.family for o in results), "all"]:
        own = [o for o in results if name in (o.family, "all")]
        s = score(own)
        found = f"{s.found[0]} of {s.found[1]}" if s.found[1] else "-"
        lines = f"{s.attribution[0] / s.attribution[1]:.2%} of {s.attribution[1]:,}" if s.attribution[1] else "-"
        rows.append(
            f"| {name} | {len(own)} | {sum(o.right for o in own)} | {s.false_accusations[0]} | {found} | {lines} |"
        )
    whole = score(results)
    rows.append("")
    rows.append(f"Memory classes right: {whole.memory[0]} of {whole.memory[1]} dynos with enough hours.")
    return "\n".join(rows)


if __name__ == "__main__":
    judged = list(outcomes(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
    print(table(judged))
    for outcome in judged:
        if outcome.falsely_accused or not outcome.right or (outcome.sufficient and not outcome.found):
            print(outcome, file=sys.stderr)
