"""Incidents of the independent world judged, and held against the truth.

`python -m tests.diagnosis.independent_judging 20 [WORD…]` prints a line for each family whose name has a word, of 20
incidents each; SEED=700000 in the environment begins elsewhere than at 2000.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.timeline.attribution import place_event
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.dynos import App
from herodyno.logs.events import RouterRequest
from herodyno.logs.parsing.read import read_events
from tests.diagnosis import independent_oddities as independent_oddities  # enters its families
from tests.diagnosis.independent import Outside, Run
from tests.diagnosis.independent_families import CALM, FAMILIES, Incident
from tests.diagnosis.oracle import seen_in
from tests.diagnosis.reading import file_of_text

ACCUSING = ("one_dyno", "some_dynos")
# Enough independent events for the exact bound with a margin for the peers' odd error, by the number of dynos.
NEEDED = {2: 18, 3: 13, 4: 11}


class Outcome(NamedTuple):
    """One incident judged. Pairs are (right, of)."""

    family: str
    seed: int
    verdict: str
    code: int
    right: bool
    wrongly: tuple[str, ...]
    sufficient: bool
    found: bool
    attributed: tuple[int, int]
    ambiguous: tuple[int, int]  # (by the log, by the truth)
    reasons: tuple[tuple[str, str], ...]  # (told, true) of ends told otherwise than they were
    ends: int
    bad_advice: tuple[str, ...]


def judge(world: Outside, lines: list[str], *, dynos: bool = True) -> Diagnosis:
    """The answer for the world's log and the API's lists."""
    return diagnose(
        file_of_text("\n".join([*lines, ""])),
        app=App(name="shop"),
        at=world.time(world.seconds + 2),
        source=Source(kind="file"),
        dynos=world.dynos() if dynos else None,
        formation=world.quantities(),
        releases=world.releases,
    )


def run(family: str, seed: int) -> Outcome:
    """Draw, judge, compare."""
    incident = FAMILIES[family](f"{family}/{seed}")
    world = incident.world
    written = world.written()
    lines = [line for line, _ in written]
    found = judge(world, lines)
    accused = [row for row in found.incarnations if row.outlier.verdict == "outlier"]
    true = [_true(row.dyno, row.id, row.start, row.end, world) for row in accused]
    wrongly = tuple(
        f"{row.dyno} {row.id}" for row, who in zip(accused, true, strict=True)
        if found.verdict.kind in ACCUSING and who not in incident.guilty
    )  # fmt: skip
    attributed, ambiguous = _attribution(written, world)
    reasons = []
    ends = 0
    for row in found.incarnations:
        who = _true(row.dyno, row.id, row.start, row.end, world)
        if who is not None and who.reason is not None and who.gone < world.seconds and row.end_reason:
            ends += 1
            if who.reason != row.end_reason:
                reasons.append((row.end_reason, who.reason))
    return Outcome(
        family=family, seed=seed, verdict=found.verdict.kind, code=exit_code(found),
        right=found.verdict.kind in incident.right or (not incident.right and found.verdict.kind not in ACCUSING),
        wrongly=wrongly,
        sufficient=bool(incident.guilty) and all(_enough(life, incident) for life in incident.guilty),
        found=found.verdict.kind in ACCUSING and all(life in true for life in incident.guilty),
        attributed=attributed, ambiguous=ambiguous, reasons=tuple(reasons), ends=ends,
        bad_advice=tuple(_bad_advice(found, incident)),
    )  # fmt: skip


def _true(dyno: str, dyno_id: str | None, start: datetime | None, end: datetime | None, world: Outside) -> Run | None:
    """Which life a row means: by id, else the one of that name it shares most time with."""
    if dyno_id is not None:
        return next((run for run in world.runs if run.id == dyno_id), None)
    low = start.timestamp() - world.base if start else -1e9
    high = end.timestamp() - world.base if end else world.seconds + 1e6
    named = [run for run in world.runs if run.name == dyno]
    return max(named, key=lambda run: min(high, run.gone, 1e7) - max(low, run.born, -1e8), default=None)


def _enough(life: Run, incident: Incident) -> bool:
    world = incident.world
    names = {run.name for run in world.runs if run.type == life.type}
    peers = sum(
        run.requests * max(0.0, min(run.gone, life.gone, world.seconds) - max(run.born, life.born, 0))
        / max(1.0, min(run.gone, world.seconds) - max(run.born, 0))
        for run in world.runs if run.type == life.type and run not in incident.guilty and run.release == life.release
    )  # fmt: skip
    last: dict[tuple[str, str], float] = {}
    events = 0
    for at, code, path in sorted(life.errors):
        if at - last.get((code, path), -1e9) >= 5:  # a failure that never pauses is one more each time
            events, last[code, path] = events + 1, at
    needed = NEEDED.get(len(names), 8) + 4 * (len(incident.guilty) - 1)
    lived = min(life.shut, world.seconds) - life.born
    return (
        life.requests >= 55
        and peers >= 130
        and events >= needed
        and len(life.errors) >= 0.05 * life.requests
        and lived > 130
    )


def _attribution(written: list[tuple[str, Run | None]], world: Outside) -> tuple[tuple[int, int], tuple[int, int]]:
    events = list(read_events(["\n".join([*(line for line, _ in written), ""]).encode()], year=2026))
    times = timeline(seen_in(events), world.dynos(), world.releases)
    right = of = told_ambiguous = truly = 0
    for event in events:
        who = written[event.line.number - 1][1]
        if who is None or not isinstance(event, RouterRequest):
            continue
        life = place_event(event, times).incarnation
        sent = event.line.at.timestamp() - world.base - (event.service_ms or 0) / 1000 if event.line.at else 0.0
        could = [run for run in world.runs if run.name == who.name and run.born <= sent < run.gone]
        truly += len(could) > 1
        if life is None:
            told_ambiguous += 1
            continue
        of += 1
        right += _life(life, world) is who
    return (right, of), (told_ambiguous, truly)


def _life(life: Incarnation, world: Outside) -> Run | None:
    if life.id is not None:
        return next((run for run in world.runs if run.id == life.id), None)
    named = [run for run in world.runs if run.name == life.dyno]
    low = life.start - world.base if life.start is not None else -1e9
    high = life.end - world.base if life.end is not None else world.seconds + 1e6
    return max(named, key=lambda run: min(high, run.gone, 1e7) - max(low, run.born, -1e8))


def _bad_advice(found: Diagnosis, incident: Incident) -> Iterable[str]:
    alive = {run.id for run in incident.world.runs if run.shut >= incident.world.seconds}
    for action in found.actions:
        is_restart = action.mutates and action.argv[:2] == ("herodyno", "restart")
        if not is_restart or action.text == "if only this app has it":  # of H99, by the table of codes
            continue
        if found.verdict.kind in ("whole_app", "clients", "one_client_or_path", "no_dyno_named", *CALM):
            yield f"restart under {found.verdict.kind}"
        if action.dyno_id is not None and action.dyno_id not in alive:
            yield f"restart of {action.argv[2]}, whose id has ended"
        if found.verdict.kind in ACCUSING and action.dyno_id not in {run.id for run in incident.guilty}:
            yield f"restart of an innocent {action.argv[2]}"


def told(results: list[Outcome]) -> str:
    """A line for each family."""
    rows = []
    for name in dict.fromkeys(o.family for o in results):
        own = [o for o in results if o.family == name]
        enough = [o for o in own if o.sufficient]
        a, b = sum(o.attributed[0] for o in own), sum(o.attributed[1] for o in own)
        wrong = Counter(o.verdict for o in own if not o.right)
        reasons: Counter[tuple[str, str]] = Counter(pair for o in own for pair in o.reasons)
        amb = (sum(o.ambiguous[0] for o in own), sum(o.ambiguous[1] for o in own))
        rows.append(
            f"{name:45s} right {sum(o.right for o in own)}/{len(own)} wrongly {sum(bool(o.wrongly) for o in own)} "
            f"found {sum(o.found for o in enough)}/{len(enough)} lines {a / max(1, b):.4f} amb {amb} {dict(wrong)} "
            f"ends {sum(o.ends for o in own)} {dict(reasons)} {Counter(x for o in own for x in o.bad_advice) or ''}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    for name in FAMILIES:
        if not sys.argv[2:] or any(word in name for word in sys.argv[2:]):
            first = int(os.environ.get("SEED", "2000"))
            judged = [run(name, seed) for seed in range(first, first + int(sys.argv[1]))]
            print(told(judged), flush=True)
            for outcome in judged:
                if outcome.wrongly or not outcome.right or (outcome.sufficient and not outcome.found):
                    print("   ", outcome)
