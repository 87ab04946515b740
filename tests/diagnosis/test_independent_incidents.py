"""The promises, measured on a second world that shares no code with the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from math import exp
from multiprocessing import get_context
from random import Random

import pytest

from tests.diagnosis.independent import Outside
from tests.diagnosis.independent_judging import FAMILIES, Outcome, judge, run, told


def promised(results: list[Outcome], *, wrongly: float, found: float) -> None:
    """What is promised, over these incidents."""
    enough = [outcome for outcome in results if outcome.sufficient]
    assert sum(bool(outcome.wrongly) for outcome in results) <= wrongly * len(results), told(results)
    assert sum(outcome.found for outcome in enough) >= found * len(enough), told(results)
    assert sum(o.attributed[0] for o in results) >= 0.99 * sum(o.attributed[1] for o in results), told(results)
    assert sum(outcome.right for outcome in results) >= 0.95 * len(results), told(results)
    assert not [outcome.bad_advice for outcome in results if outcome.bad_advice and not outcome.wrongly]
    assert sum(len(o.reasons) for o in results) <= 0.05 * max(20, sum(o.ends for o in results)), told(results)
    by_log, in_truth = (sum(o.ambiguous[i] for o in results) for i in (0, 1))
    assert 0.9 * in_truth - 5 <= by_log <= 1.3 * in_truth + 0.01 * sum(o.attributed[1] for o in results)


def test_incidents_of_another_world_are_judged_rightly() -> None:
    results = [run(family, 1) for family in FAMILIES if not family.startswith("many")]

    promised(results, wrongly=0, found=1)


@pytest.mark.slow
def test_hundreds_of_incidents_keep_the_promises() -> None:
    promised([run(family, seed) for family in FAMILIES for seed in range(3000, 3020)], wrongly=0.01, found=0.95)


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_within_every_family_one_in_a_hundred_at_most_is_accused_wrongly(
    family: str, workers: ProcessPoolExecutor
) -> None:
    """A hundred of each, so that one wrong accusation is the most; `pytest -m slow -rP` prints the table."""
    results = list(workers.map(run, [family] * 100, range(4000, 4100), chunksize=10))
    enough = [outcome for outcome in results if outcome.sufficient]

    print(told(results))
    assert sum(bool(outcome.wrongly) for outcome in results) <= 1, told(results)
    assert sum(outcome.found for outcome in enough) >= 0.95 * len(enough), told(results)


# Memory


def _autoregressive(random: Random, rho: float, spread: float) -> list[float]:
    levels = [random.gauss(0, spread)]
    while len(levels) < 20000:
        levels.append(rho * levels[-1] + random.gauss(0, spread * (1 - rho * rho) ** 0.5))
    return levels


def memory_class(shape: str, hours: float, seed: int) -> str:
    """The class given to a life whose memory moved in a known way."""
    it = Outside(f"{shape}{hours}{seed}", seconds=hours * 3600, late=0.01, twice=seed % 2 * 0.02)
    random, incarnation = it.random, it.run("worker.1", born=0.0)
    quota = random.choice((512.0, 1024.0, 2560.0, 14336.0))
    noise = iter(_autoregressive(random, 0.9, quota * 0.008))
    slow = iter(_autoregressive(random, 0.99, quota * 0.015))
    base, rise, end = quota * random.uniform(0.3, 0.5), quota * random.uniform(0.1, 0.35), hours * 3600
    tau, tooth, spikes = end * random.uniform(0.2, 0.3), end / random.uniform(4, 20), [random.uniform(0, end)] * 3
    quick = random.uniform(1200, 2400)  # 24 min in 4.6; quicker ones hardly move the interval of long windows
    level = {
        "flat": lambda at: base,
        "AR(1) .99": lambda at: base + next(slow),
        "saw-tooth": lambda at: base + rise / 2 * (at % tooth) / tooth,
        "spikes": lambda at: base + rise * any(0 <= at - spike < 120 for spike in spikes),
        "step": lambda at: base + rise * (at > end / 2),
        "growing": lambda at: base + rise * at / end,
        "growing saw-tooth": lambda at: base + rise * at / end + rise / 8 * (at % tooth) / tooth,
        "warming_up": lambda at: base + rise * (1 - exp(-at / tau)),
        "warmed_up": lambda at: base + rise * (1 - exp(-at / quick)),
    }[shape]
    it.measure(incarnation, lambda at: level(at) + next(noise), quota)
    return judge(it, [line for line, _ in it.written()]).incarnations[0].memory.trend.kind


@pytest.mark.parametrize(
    ("shape", "right"),
    [
        ("flat", {"flat"}), ("AR(1) .99", {"flat"}), ("saw-tooth", {"flat"}), ("spikes", {"flat"}),
        ("step", {"flat", "warming_up"}), ("growing", {"growing"}), ("growing saw-tooth", {"growing"}),
        ("warming_up", {"warming_up"}), ("warmed_up", {"warming_up"}),
    ],
)  # fmt: skip
def test_memory_that_moves_in_a_known_way_is_named_so(shape: str, right: set[str]) -> None:
    assert {memory_class(shape, 3, seed) for seed in (1, 2)} <= right


@pytest.mark.slow
def test_memory_classes_are_right_nineteen_times_in_twenty() -> None:
    wanted = {"growing saw-tooth": "growing", "growing": "growing", "warming_up": "warming_up",
              "warmed_up": "warming_up"}  # fmt: skip
    shapes = ("flat", "AR(1) .99", "saw-tooth", "spikes", *wanted)
    given_ = [(memory_class(shape, hours, seed), wanted.get(shape, "flat"))
              for shape in shapes for hours in (1.7, 3, 6) for seed in range(100, 115)]  # fmt: skip

    assert sum(mine == true for mine, true in given_) >= 0.95 * len(given_)
    assert not [mine for mine, true in given_ if mine == "growing" and true == "flat"][3:]
