"""The levels of memory by block of five minutes."""

from __future__ import annotations

from herodyno.diagnosis.counting.memory_facts import BLOCK_SECONDS, MemoryFacts


def test_a_block_has_the_levels_of_its_samples_by_time() -> None:
    memory = MemoryFacts()
    for at, total in ((BLOCK_SECONDS * 7 + 1.0, 3.0), (20.0, 2.0), (0.0, 1.0), (BLOCK_SECONDS * 7.0, 4.0)):
        memory.add_sample(at, total, 0.0, None, None)
    assert memory.levels == {0: [1.0, 2.0], 7: [4.0, 3.0]}


def test_no_sample_makes_no_block() -> None:
    assert MemoryFacts().levels == {}
