"""C17: a tail waits under a doubling roof, anywhere below it, and never longer than half a minute."""

import pytest

from herodyno.heroku.log.back_off import LONGEST, back_off


@pytest.mark.parametrize(("tries", "roof"), [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (6, 30), (10_000, 30)])
def test_c17_full_jitter_under_a_doubling_roof(tries: int, roof: float) -> None:
    assert back_off(tries, 0.0) == 0
    assert back_off(tries, 0.5) == roof / 2
    assert back_off(tries, 1.0) == roof <= LONGEST
