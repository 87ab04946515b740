"""Composed leaks whose true time of passing the quota is known: straight ones, and ones that begin with a warm-up.

The noise is white or follows itself, with or without the saw-tooth of a garbage collector. Samples come as Heroku's do:
every 18 to 35 seconds. The shapes of a warm-up are those of caches, of workers that are forked one by one, of code
that is loaded lazily.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from random import Random
from typing import NamedTuple

from herodyno.diagnosis.counting.memory_facts import MemoryFacts

QUOTA_MB = 512.0
# A time that is the start of a 5-minute block.
START = 1_750_000_200.0

# The part of a warm-up that is done, by the time in units of its own.
WARM_UPS: dict[str, Callable[[float], float]] = {
    "fading": lambda x: 1 - exp(-x),
    "ramp": lambda x: min(1.0, x / 2.5),
    "late": lambda x: 1 / (1 + exp(4 - 2 * x)) - 1 / (1 + exp(4)),
    "forks": lambda x: min(1.0, int(x) / 3),
    "two speeds": lambda x: 0.6 * (1 - exp(-3 * x)) + 0.4 * (1 - exp(-x)),
}


class Leak(NamedTuple):
    """Samples up to the end of the log. `passes_at` is when the level passes the quota, noise and saw-tooth left out.

    `rate` is in MB/h, `tooth_mb` the height of the saw-tooth, 0 without one.
    """

    memory: MemoryFacts
    passes_at: float
    rate: float
    tooth_mb: float


def leak(seed: int, hours: float, warm_up: str = "") -> Leak:
    """A leak seen for some hours that passes its quota afterwards."""
    random = Random(seed)
    while True:
        rate = random.choice([8, 12, 18, 25, 35, 50, 70]) * random.uniform(0.8, 1.2)
        ahead = random.uniform(0.5, 1.5 * hours + 1)
        height = random.uniform(40, 200) if warm_up else 0.0
        base = QUOTA_MB - rate * (hours + ahead) - height
        if base >= 20:
            break
    time = random.uniform(5, 35) / 60
    done = WARM_UPS[warm_up] if warm_up else WARM_UPS["fading"]

    def level(hour: float) -> float:
        return base + height * done(hour / time) + rate * hour

    noise = _noise(random)
    tooth, period, phase = random.uniform(8, 50) * random.choice([0, 1]), random.uniform(240, 2400), random.random()
    memory, at = MemoryFacts(), random.uniform(15, 30)
    while at < hours * 3600:
        saw = tooth * ((at / period + phase) % 1 - 0.5)
        memory.add_sample(START + at, level(at / 3600) + noise() + saw, 0.0, QUOTA_MB, None)
        at += random.triangular(18, 35, 21)
    return Leak(memory, START + _crossing(level, hours, hours + ahead + 60) * 3600, rate, tooth)


def _noise(random: Random) -> Callable[[], float]:
    """White noise or noise that follows itself, of 1 to 6 MB."""
    sigma, keep, value = random.uniform(1, 6), random.choice([0.0, 0.0, 0.8, 0.9, 0.95, 0.98]), 0.0

    def following() -> float:
        nonlocal value
        value = keep * value + random.gauss(0, sigma * (1 - keep * keep) ** 0.5)
        return value

    return following


def _crossing(level: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if level(middle) < QUOTA_MB else (low, middle)
    return high
