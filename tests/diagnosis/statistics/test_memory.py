"""Levels of memory: swap that is read back, the limit of R15, the quota behind a line that names it in percent."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.facts import IncarnationFacts, Mark
from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.memory import (
    newest_level,
    quota_from_mark,
    r15_limit_mb,
    swap_in_rate,
    thrashes,
)


def test_a_level_of_swap_is_no_rate() -> None:
    memory = MemoryFacts()
    memory.add_sample(0, 600, 88, 512, 1000)
    assert swap_in_rate(memory) is None
    memory.add_sample(20, 600, 88, 512, 1820)
    assert swap_in_rate(memory) == 41.0


def test_the_rate_of_pages_is_that_of_the_last_minutes() -> None:
    memory = MemoryFacts()
    for i in range(60):
        memory.add_sample(i * 20.0, 600, 88, 512, 100_000 if i >= 30 else i * 3000)
    assert swap_in_rate(memory) == 0


@pytest.mark.parametrize(
    ("swap", "pages", "told"), [(88, 5000, True), (88, 800, False), (0, 90_000, False)], ids=["thrash", "level", "boot"]
)
def test_pages_read_in_from_swap_are_thrashing_and_pages_of_files_are_none(swap: float, pages: int, told: bool) -> None:
    memory = MemoryFacts()
    for i in range(5):
        memory.add_sample(i * 20.0, 600, swap, 512, i * pages)
    assert thrashes(memory) is told


def test_the_newest_level_is_a_sample_or_else_a_line_beside_an_r14() -> None:
    facts = IncarnationFacts()
    assert newest_level(facts, 512) is None
    facts.add_mark(Mark(40.0, 2, 766, 149.6))
    facts.add_mark(Mark(20.0, 1, 609, 118.9))
    level = newest_level(facts, 512)
    assert level is not None
    assert (level.seconds, level.mb, level.is_sample) == (40.0, 766, False)
    assert level.of_quota == pytest.approx(1.496)
    facts.memory.add_sample(10.0, 300.0, 0.0, 512.0, None)
    sampled = newest_level(facts, None)
    assert sampled is not None
    assert (sampled.mb, sampled.of_quota, sampled.is_sample) == (300.0, None, True)


@pytest.mark.parametrize(
    ("size", "quota", "limit"),
    [
        ("Standard-1X", 512, 1024), ("performance-l", 14336, 28672), ("Performance-XL", 63488, 76185.6),
        ("Private-M", 2560, 2560), ("dyno-1c-0.5gb", 512, 512),
    ],
)  # fmt: skip
def test_the_forced_restart_comes_by_size(size: str, quota: float, limit: float) -> None:
    assert r15_limit_mb(size, quota) == pytest.approx(limit)


def test_an_unknown_size_has_no_known_limit() -> None:
    assert r15_limit_mb("", 512) is None
    assert r15_limit_mb("Standard-1X", None) is None


@pytest.mark.parametrize(("mem", "mark", "quota"), [(681, 133.1, 512), (871, 170.3, 512), (1044, 101.9, 1024)])
def test_the_quota_is_read_back_from_a_cut_off_mark(mem: int, mark: float, quota: float) -> None:
    assert quota_from_mark(mem, mark) == quota


def test_a_mark_that_fits_no_quota_tells_none() -> None:
    assert quota_from_mark(700, 100.0) is None


def test_a_counter_of_pages_that_began_anew_tells_no_rate() -> None:
    memory = MemoryFacts()
    memory.add_sample(0, 600, 88, 512, 1000)
    memory.add_sample(20, 600, 88, 512, 10)
    assert swap_in_rate(memory) is None
