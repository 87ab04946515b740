"""Memory samples of a curve with noise, for tests."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from herodyno.diagnosis.counting.memory_facts import MemoryFacts

GAP = 20.0


def observed(
    minutes: float, curve: Callable[[float], float], *, keep: float = 0.0, sigma: float = 2.0, seed: int = 1
) -> MemoryFacts:
    """Samples every 20 s of a curve of MB over minutes, with AR(1) noise."""
    random, noise, memory = Random(seed), 0.0, MemoryFacts()
    for i in range(int(minutes * 60 / GAP)):
        noise = keep * noise + random.gauss(0, sigma * (1 - keep * keep) ** 0.5)
        memory.add_sample(i * GAP, curve(i * GAP / 60) + noise, 0.0, 512.0, None)
    return memory
