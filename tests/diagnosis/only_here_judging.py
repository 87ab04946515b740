"""What ONLY HERE names in incidents with known truth: the line that says why, one that misleads, or any other.

`python -m tests.diagnosis.only_here_judging 20 [WORD…]` prints a row for each family whose name has a word, of 20
incidents each; SEED=700000 in the environment begins elsewhere than at 2000.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random
from typing import Any, NamedTuple

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.sandbox.app_lines.words import expression
from herodyno.sandbox.world import log_formats
from tests.diagnosis import simulation
from tests.diagnosis.independent_families import FAMILIES
from tests.diagnosis.independent_judging import judge
from tests.diagnosis.independent_printing import PRINTING
from tests.diagnosis.simulation import Family

# Families with nothing to compare with, and why: nothing is named in them.
ALONE = {
    "sandbox: single dyno": "it has no peer and fails from the beginning of the log",
    "sandbox: overload of all dynos": "all dynos fail from the beginning of the log",
    "sandbox: a Scheduler job fails": "no run of it ends well; the exception stands in the verdict",
}
SHOWN = 3  # lines that --nagios tells, and the first screen where the table leaves the room
ENOUGH = 5  # times that a line comes; of a rarer one nothing is said
# The verdicts of incidents in which somebody fails who could say why.
ILL = ({"one_dyno"}, {"some_dynos"}, {"whole_app"}, {"crash"})


def _outage(random: Random) -> dict[str, Any]:
    return {"dynos": random.randint(3, 8), "error_rate": random.uniform(0.2, 0.6)}


_WITH_LINES = (
    "nothing wrong", "odd errors anywhere", "bursts anywhere", "whole app after a release", "one bad dyno",
    "some bad dynos", "restarted, name reused", "one client, one dyno", "single dyno", "crash loop",
)  # fmt: skip
SANDBOX = {
    f"sandbox: {family.name}": family
    for family in (
        *(each for each in simulation.FAMILIES if each.name in _WITH_LINES),
        Family("overload of all dynos", "overloaded", lambda r: {"dynos": r.randint(2, 4)}),
        Family("an outage with crashes, over", "outage-with-crashes", _outage, whole_log=True),
        Family("a Scheduler job fails", "failing-job", lambda r: {}),
    )
}
_OUTSIDE = (
    "quiet", "odd errors", "hiccups, each on any dyno, pages with ids", "one path fails everywhere",
    "the whole app for a part of the window", "a release breaks the app", "a release changes nothing",
    "one guilty dyno", "guilty on one path", "guilty from the middle", "guilty and replaced, name reused",
    "the second life is guilty", "some guilty dynos", "crash loop", "one dyno crashes once", "a sticky client",
)  # fmt: skip
OTHER = {f"second: {name}": draw for name, draw in {**{each: FAMILIES[each] for each in _OUTSIDE}, **PRINTING}.items()}


class Heard(NamedTuple):
    """What was named in one incident.

    `why` is how often the app says why, once in five seconds on each dyno; `rank` is the place of that line, 0 when it
    is not named. `misled`: a line is named that
    all dynos print alike. `said` counts the named lines, `of_dyno`: they are said of dynos. `guilty`: a dyno is.
    """

    family: str
    seed: int
    verdict: str
    why: int
    rank: int
    misled: bool
    said: int
    of_dyno: bool
    guilty: bool
    others: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether the line that says why is among those shown first."""
        return 0 < self.rank <= SHOWN


def heard(family: str, seed: int) -> Heard:
    """Draw, judge, compare."""
    if family in SANDBOX:
        world, _, entries = simulation.drawn(SANDBOX[family], seed)
        truth, found = world.truth, simulation.judge(world, log_formats.text(entries))
        said = [(each.at.timestamp(), each.proc, each.text) for each in entries if each.source == "app"]
        return _held(family, seed, found, said, _pattern(truth.line), _pattern(truth.misleading), bool(truth.guilty))
    incident = OTHER[family](f"{family}/{seed}")
    voice = incident.world.voice
    why, misleading = (re.compile(re.escape(each.mark)) if each else None for each in (voice.why, voice.misleading))
    if incident.right not in ILL:
        why = None  # nobody is ill who could say why
    found = judge(incident.world, [line for line, _ in incident.world.written()])
    said = [(at, *line.split(": ", 1)) for at, _, line in incident.world.printed]
    return _held(family, seed, found, said, why, misleading, bool(incident.guilty))


def _pattern(line: str | None) -> re.Pattern[str] | None:
    return expression(line.rpartition(": ")[2]) if line else None


def _held(
    family: str,
    seed: int,
    found: Diagnosis,
    said: Iterable[tuple[float, str, str]],
    why: re.Pattern[str] | None,
    misleading: re.Pattern[str] | None,
    guilty: bool,
) -> Heard:
    named = found.only_here
    texts = [line.example for line in named.lines] if named else []
    ranks = [place for place, text in enumerate(texts, 1) if why and why.search(text)]
    return Heard(
        family=family, seed=seed, verdict=found.verdict.kind, why=_times(said, why) if why else 0,
        rank=min(ranks, default=0),
        misled=any(misleading.search(text) for text in texts) if misleading else False, said=len(texts),
        of_dyno=named is not None and named.against == "peers", guilty=guilty,
        others=tuple(line.template for line in named.lines if not (why and why.search(line.example))) if named else (),
    )  # fmt: skip


def _times(said: Iterable[tuple[float, str, str]], why: re.Pattern[str]) -> int:
    return len({(speaker, at // 5) for at, speaker, text in said if why.search(text)})


def table(results: Iterable[Heard]) -> str:
    """The table of the README."""
    judged = list(results)
    rows = [
        "| incidents | n | the app says why | 5 times or more | that line is named first to third | another is named "
        "| one that misleads is named | one is said of an innocent dyno |",
        "|---|---|---|---|---|---|---|---|",
    ]
    names = list(dict.fromkeys(each.family for each in judged))
    parts = {name: {name} for name in names} | {
        "all": set(names), "all that have something to compare with": set(names) - set(ALONE),
    }  # fmt: skip
    for name, families in parts.items():
        own = [each for each in judged if each.family in families]
        enough = [each for each in own if each.why >= ENOUGH]
        rows.append(
            f"| {name} | {len(own)} | {sum(each.why > 0 for each in own)} | {len(enough)} | "
            f"{sum(each.is_named for each in enough)} | "
            f"{sum(bool(each.others) for each in own)} | {sum(each.misled for each in own)} | "
            f"{sum(each.of_dyno and not each.guilty for each in own)} |"
        )
    told = "; ".join(f"*{name}*: {why}" for name, why in ALONE.items() if name in names)
    return "\n".join([*rows, *([f"\nNothing to compare with: {told}."] if told else [])])


def judged(seeds: Iterable[int], wanted: Callable[[str], bool] = lambda name: True) -> Iterator[Heard]:
    """These seeds of the wanted families, judged in two processes."""
    pairs = [(name, seed) for name in (*SANDBOX, *OTHER) if wanted(name) for seed in seeds]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from pool.map(heard, *zip(*pairs, strict=True), chunksize=10)


if __name__ == "__main__":
    first, words = int(os.environ.get("SEED", "2000")), sys.argv[2:]
    told = list(judged(range(first, first + int(sys.argv[1])), lambda name: not words or any(w in name for w in words)))
    print(table(told))
    for each in told:
        if (each.why >= ENOUGH and not each.is_named) or each.misled or (each.of_dyno and not each.guilty):
            print(each)
