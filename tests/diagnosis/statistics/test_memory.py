"""Levels of memory: swap that is read back, the limit of R15, the quota behind a line that names it in percent."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.memory import quota_from_mark, r15_limit_mb, swap_in_rate


def test_a_level_of_swap_is_no_rate() -> None:
    memory = MemoryFacts()
    memory.add_sample(0, 600, 88, 512, 1000)
    assert swap_in_rate(memory) is None
    memory.add_sample(20, 600, 88, 512, 1820)
    assert swap_in_rate(memory) == 41.0


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
